//! From a token of the right shape to its value.

use std::net::IpAddr;

use ipnet::IpNet;
use jiff::civil::Date;

use super::args::{Finite, Value};
use super::kind::{IntRange, Kind};
use super::shape::bool_of;
use crate::ids::{ChannelId, UserId};
use crate::secret::Secret;

/// The longest duration: a hundred years of 365 days, in seconds.
const MAX_SECONDS: u64 = 100 * 365 * 86_400;
/// The shortest secret, in characters.
const SHORTEST_SECRET: usize = 8;
/// The longest slug, in characters: what a label of a host name may have.
const MAX_SLUG_CHARS: usize = 63;
/// The longest email address (RFC 5321).
const MAX_EMAIL_CHARS: usize = 254;

impl Kind {
    /// The value that `token` stands for. A token in quotes comes with them.
    ///
    /// # Errors
    /// What the value must be instead, as the end of the sentence "`name` must …".
    pub fn value(&self, token: &str) -> Result<Value, String> {
        match self {
            Self::Rest => Ok(Value::Text(token.to_owned())),
            Self::Word | Self::Text | Self::Quoted => text(token),
            Self::Secret => secret(token),
            _ => self.plain_value(token),
        }
    }

    fn plain_value(&self, token: &str) -> Result<Value, String> {
        match self {
            Self::Int(range) => int(token, *range).map(Value::Int),
            Self::Number => number(token).map(Value::Number),
            Self::Bool => bool_of(token).map(Value::Bool),
            Self::Duration => return duration(token).map(Value::Duration),
            Self::Date => return date(token).map(Value::Date),
            Self::Ip => token.parse().ok().map(Value::Ip),
            Self::Cidr => return cidr(token).map(Value::Cidr),
            Self::Url => return url(token).map(Value::Url),
            Self::Uuid => token.parse().ok().map(Value::Uuid),
            Self::Slug => return slug(token).map(Value::Slug),
            Self::Email => email(token).map(Value::Email),
            Self::User => {
                mention(token, "<@").filter(|id| id.starts_with(['U', 'W'])).map(UserId::new).map(Value::User)
            }
            Self::Channel => mention(token, "<#").map(ChannelId::new).map(Value::Channel),
            Self::OneOf(choices) => choices.find(token).map(|choice| Value::OneOf(choice.to_owned())),
            Self::Environment(choices) => choices.find(token).map(|name| Value::Environment(name.to_owned())),
            Self::Word | Self::Text | Self::Quoted | Self::Rest | Self::Secret => None,
        }
        .ok_or_else(|| self.demand())
    }
}

fn text(token: &str) -> Result<Value, String> {
    let inner = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(token);
    match inner.trim().is_empty() {
        true => Err("not be empty".to_owned()),
        false => Ok(Value::Text(inner.to_owned())),
    }
}

/// A shorter one would be found by chance in whatever else is written.
fn secret(token: &str) -> Result<Value, String> {
    match text(token)? {
        Value::Text(value) if value.chars().count() >= SHORTEST_SECRET => {
            Ok(Value::Secret(Secret::new(value)))
        }
        _ => Err(Kind::Secret.demand()),
    }
}

fn int(token: &str, range: IntRange) -> Option<i64> {
    token.parse().ok().filter(|number| range.contains(*number))
}

fn number(token: &str) -> Option<Finite> {
    token.parse().ok().and_then(Finite::new)
}

fn slug(token: &str) -> Result<String, String> {
    if token.len() > MAX_SLUG_CHARS {
        return Err(format!("have at most {MAX_SLUG_CHARS} characters"));
    }
    Ok(token.to_owned())
}

/// Units stand from large to small, each at most once, so that `1m1h` and `1h1h` are caught as slips.
fn duration(token: &str) -> Result<u64, String> {
    let too_long = || "be at most 100 years (36500d)".to_owned();
    let (mut total, mut last_unit) = (0_u64, u64::MAX);
    let mut rest = token;
    while let Some(length) = rest.bytes().position(|b| !b.is_ascii_digit()) {
        let (digits, tail) = rest.split_at(length);
        let unit = tail.chars().next().map_or(0, seconds_of);
        if unit == 0 || unit >= last_unit {
            return Err("name each unit once, from large to small, like 1h30m".to_owned());
        }
        let part = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(unit));
        total = part.and_then(|part| total.checked_add(part)).ok_or_else(too_long)?;
        last_unit = unit;
        rest = tail.get(1..).unwrap_or_default();
    }
    match total {
        0 => Err("be longer than 0 seconds".to_owned()),
        1..=MAX_SECONDS => Ok(total),
        _ => Err(too_long()),
    }
}

fn seconds_of(unit: char) -> u64 {
    match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => 0,
    }
}

fn date(token: &str) -> Result<Date, String> {
    token.parse().map_err(|_| "be a day that the calendar has, like 2026-01-31".to_owned())
}

fn cidr(token: &str) -> Result<IpNet, String> {
    let demand = || Kind::Cidr.demand();
    let Some((address, length)) = token.split_once('/') else {
        return token.parse::<IpAddr>().map(IpNet::from).map_err(|_| demand());
    };
    let address: IpAddr = address.parse().map_err(|_| demand())?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let length = length.parse().ok().filter(|length| *length <= longest);
    let length = length.ok_or_else(|| format!("have a length from /0 to /{longest}"))?;
    let network = IpNet::new(address, length).map_err(|_| demand())?;
    match network.trunc() {
        whole if whole == network => Ok(network),
        whole => Err(format!("begin where its network begins; the network of {token} is {whole}")),
    }
}

fn email(token: &str) -> Option<String> {
    let (local, domain) = token.split_once('@')?;
    let dots = |text: &str| text.split('.').all(|part| !part.is_empty());
    let labels = domain.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-'));
    let fits = token.len() <= MAX_EMAIL_CHARS && local.len() <= 64;
    (fits && dots(local) && dots(domain) && labels && domain.contains('.')).then(|| token.to_owned())
}

/// A password in an address would be kept in the ledger for ever, so it is refused.
fn url(token: &str) -> Result<String, String> {
    let authority = token.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("carry no user name or password".to_owned());
    }
    if authority.is_empty() || authority.starts_with(':') {
        return Err("name a host, like https://example.com".to_owned());
    }
    Ok(token.to_owned())
}

fn mention<'a>(token: &'a str, opening: &str) -> Option<&'a str> {
    token.strip_prefix(opening)?.strip_suffix('>')
}

#[cfg(test)]
#[path = "value_tests.rs"]
mod tests;
