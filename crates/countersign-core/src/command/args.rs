//! The typed values of a sentence's arguments.
//!
//! Optional parts that the sentence leaves out are absent; nothing is filled
//! in. There are two forms as JSON: the plain object of [`Args::to_plain_json`]
//! for runbooks, and, through serde, one that names each value's type so that
//! the ledger reads back exactly what it stored.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use jiff::civil::Date;
use serde::de::{self, DeserializeOwned, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::ids::{ChannelId, UserId};
use crate::secret::Secret;

/// The arguments of one sentence by name, in the order in which the sentence has them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Args(Vec<(Arc<str>, Value)>);

/// The value of an argument.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// Words as the person typed them, without the quotes around them.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A finite number.
    Number(Finite),
    /// Yes or no.
    Bool(bool),
    /// Letters and digits, joined by `-` or `_`.
    Slug(String),
    /// Seconds, at least one.
    Duration(u64),
    /// A day of the calendar, without a time zone.
    Date(Date),
    /// An IP address.
    Ip(IpAddr),
    /// A network without host bits; one address is a /32 or a /128.
    Cidr(IpNet),
    /// An email address as typed.
    Email(String),
    /// An http or https address as typed, without user name and password.
    Url(String),
    /// A UUID.
    Uuid(Uuid),
    /// A person.
    User(UserId),
    /// A channel.
    Channel(ChannelId),
    /// A text that is never written or shown.
    Secret(Secret),
    /// A choice, as the pattern spells it.
    OneOf(String),
    /// An environment, as the configuration spells it.
    Environment(String),
}

/// A number that is neither infinite nor undefined.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Finite(f64);

/// The number is infinite or undefined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a number must be finite")]
pub struct NotFinite;

/// The arguments do not fit the type that was asked for.
#[derive(Debug, thiserror::Error)]
#[error("the arguments of the command do not fit the runbook's own type")]
pub struct ArgsMismatch(#[from] serde_json::Error);

impl Args {
    /// The value of an argument, if the sentence has it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| **known == *name).map(|(_, value)| value)
    }

    /// Sets an argument; an earlier value of the same name is replaced and returned.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: Value) -> Option<Value> {
        let name = name.into();
        if let Some((_, known)) = self.0.iter_mut().find(|(known, _)| *known == name) {
            return Some(std::mem::replace(known, value));
        }
        self.0.push((name, value));
        None
    }

    /// Name and value of each argument, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// How many arguments there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Is there no argument?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A JSON object by name: numbers and truth values as themselves, a
    /// duration as its seconds, everything else as text; secrets with their values.
    pub fn to_plain_json(&self) -> serde_json::Value {
        let members = self.iter().map(|(name, value)| (name.to_owned(), value.to_plain_json()));
        serde_json::Value::Object(members.collect())
    }

    /// The arguments as a runbook's own struct, read from [`Args::to_plain_json`].
    ///
    /// # Errors
    /// A field is missing or has another type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ArgsMismatch> {
        Ok(serde_json::from_value(self.to_plain_json())?)
    }

    /// Space for `count` arguments.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// Adds an argument whose name is known to be new.
    pub(crate) fn push(&mut self, name: Arc<str>, value: Value) {
        self.0.push((name, value));
    }
}

impl<N: Into<Arc<str>>> FromIterator<(N, Value)> for Args {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(pairs: I) -> Self {
        let mut args = Self::default();
        for (name, value) in pairs {
            args.insert(name, value);
        }
        args
    }
}

/// `subdomain: acme, days: 14`
impl fmt::Display for Args {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, value)) in self.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{name}: {value}")?;
        }
        Ok(())
    }
}

impl Serialize for Args {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Args {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ArgsVisitor)
    }
}

struct ArgsVisitor;

impl<'de> Visitor<'de> for ArgsVisitor {
    type Value = Args;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of arguments by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Args, A::Error> {
        let mut args = Args::default();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if args.insert(name.as_str(), value).is_some() {
                return Err(de::Error::custom(format_args!("the argument `{name}` is there twice")));
            }
        }
        Ok(args)
    }
}

impl Value {
    /// Numbers and truth values as themselves, a duration as its seconds, everything else as text.
    pub fn to_plain_json(&self) -> serde_json::Value {
        match self {
            Self::Int(number) => (*number).into(),
            Self::Number(number) => number.get().into(),
            Self::Bool(truth) => (*truth).into(),
            Self::Duration(seconds) => (*seconds).into(),
            Self::Secret(secret) => secret.reveal().into(),
            other => other.to_string().into(),
        }
    }
}

/// For people: a duration as `1h30m`, a truth value as `yes` or `no`, the rest as typed.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Slug(text) | Self::Email(text) | Self::Url(text) => f.write_str(text),
            Self::OneOf(text) | Self::Environment(text) => f.write_str(text),
            Self::Int(number) => number.fmt(f),
            Self::Number(number) => number.0.fmt(f),
            Self::Bool(truth) => f.write_str(if *truth { "yes" } else { "no" }),
            Self::Duration(seconds) => duration(*seconds, f),
            Self::Date(date) => date.fmt(f),
            Self::Ip(ip) => ip.fmt(f),
            Self::Cidr(network) => network.fmt(f),
            Self::Uuid(uuid) => uuid.fmt(f),
            Self::User(user) => user.fmt(f),
            Self::Channel(channel) => channel.fmt(f),
            Self::Secret(secret) => secret.fmt(f),
        }
    }
}

fn duration(seconds: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if seconds == 0 {
        return f.write_str("0s");
    }
    let mut rest = seconds;
    for (unit, length) in [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)] {
        let count = rest / length;
        rest %= length;
        if count > 0 {
            write!(f, "{count}{unit}")?;
        }
    }
    Ok(())
}

impl Finite {
    /// The number, if it is finite.
    pub fn new(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Finite {
    type Error = NotFinite;

    fn try_from(number: f64) -> Result<Self, NotFinite> {
        Self::new(number).ok_or(NotFinite)
    }
}

impl From<Finite> for f64 {
    fn from(number: Finite) -> Self {
        number.0
    }
}

#[cfg(test)]
#[path = "args_tests.rs"]
mod tests;
