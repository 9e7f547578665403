//! The types that an argument can have.
//!
//! A type has two sides. Its *shape* is what a token must look like, and alone
//! decides which command a sentence means. Its *value* is checked after that:
//! the range of a number, a day that the calendar has. A token of the right
//! shape and a wrong value is told to the person; it never leads elsewhere.

use std::fmt;
use std::sync::Arc;

use super::pattern::{PatternFault, is_plain_word};
use crate::router::words::fold;

/// Words that types take from the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// What an argument of the type `environment` may name.
    pub environments: Vec<String>,
}

/// The type of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One word, or several in double quotes.
    Word,
    /// A text: in double quotes, or, when it stands last, the rest of the line.
    Text,
    /// A text that must stand in double quotes.
    Quoted,
    /// The rest of the line as it is, quotes included.
    Rest,
    /// A whole number.
    Int(IntRange),
    /// A finite number.
    Number,
    /// Yes or no.
    Bool,
    /// Letters and digits, joined by `-` or `_`.
    Slug,
    /// A span of whole seconds: `3h`, `7d`, `1h30m`.
    Duration,
    /// A day of the calendar: `2026-01-31`.
    Date,
    /// An IPv4 or IPv6 address.
    Ip,
    /// A network; a bare address is the network of that address alone.
    Cidr,
    /// An email address.
    Email,
    /// An http or https address.
    Url,
    /// A UUID with its hyphens.
    Uuid,
    /// A mention of a person.
    User,
    /// A mention of a channel.
    Channel,
    /// One word, or several in quotes, that is never written or shown.
    Secret,
    /// One of some words.
    OneOf(Choices),
    /// One of the configuration's environments.
    Environment(Choices),
}

/// Bounds of a whole number, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntRange {
    /// The smallest number that is allowed.
    pub min: i64,
    /// The greatest number that is allowed.
    pub max: i64,
}

/// Words to choose from, as they are declared. They match in upper and lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Choices(Arc<[Box<str>]>);

impl Kind {
    /// Reads a type as it stands in a pattern, without blanks around it.
    ///
    /// # Errors
    /// What is wrong with it and what to write.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self, PatternFault> {
        if let Some(choices) = text.strip_prefix("one of") {
            return Choices::parse(choices.trim()).map(Self::OneOf);
        }
        if let Some(range) = text.strip_prefix("int(").and_then(|rest| rest.strip_suffix(')')) {
            return IntRange::parse(range).map(Self::Int);
        }
        Ok(match text {
            "word" => Self::Word,
            "text" => Self::Text,
            "int" => Self::Int(IntRange::ALL),
            "number" => Self::Number,
            "bool" => Self::Bool,
            "slug" => Self::Slug,
            "duration" => Self::Duration,
            "date" => Self::Date,
            "ip" => Self::Ip,
            "cidr" => Self::Cidr,
            "email" => Self::Email,
            "url" => Self::Url,
            "uuid" => Self::Uuid,
            "user" => Self::User,
            "channel" => Self::Channel,
            "secret" => Self::Secret,
            "environment" => Self::Environment(Choices::environments(vocabulary)?),
            _ => return Err(PatternFault::UnknownType(text.to_owned())),
        })
    }

    /// What a value must be, as the end of the sentence "`days` must …".
    pub fn demand(&self) -> String {
        let demand = match self {
            Self::Word => "be one word, or several in double quotes",
            Self::Text | Self::Quoted => "be a text in double quotes, like \"as agreed\"",
            Self::Rest => "not be empty",
            Self::Int(range) => return format!("be a whole number{range}"),
            Self::Number => "be a number, like 12 or 2.5",
            Self::Bool => "be yes or no (or true, false, on, off)",
            Self::Slug => "consist of letters and digits, joined by single - or _",
            Self::Duration => "be a duration, like 3h, 7d or 1h30m (units s, m, h, d, w)",
            Self::Date => "be a date, like 2026-01-31",
            Self::Ip => "be an IP address, like 203.0.113.7",
            Self::Cidr => "be an IP address or a network, like 203.0.113.7 or 203.0.113.0/24",
            Self::Email => "be an email address, like ana@example.com",
            Self::Url => "be an address that begins with https:// or http://",
            Self::Uuid => "be a UUID, like 6f2b1c3e-8a4d-4f5e-9b7a-0c1d2e3f4a5b",
            Self::User => "be a mention of a person, like @ana",
            Self::Channel => "be a mention of a channel, like #general",
            Self::Secret => "be one word of at least 8 characters, or several words in double quotes",
            Self::OneOf(choices) => return format!("be {choices}"),
            Self::Environment(choices) => return format!("be an environment: {choices}"),
        };
        demand.to_owned()
    }
}

impl IntRange {
    /// Every number that fits.
    pub const ALL: Self = Self { min: i64::MIN, max: i64::MAX };

    /// Is `number` inside the bounds?
    pub fn contains(self, number: i64) -> bool {
        (self.min..=self.max).contains(&number)
    }

    fn parse(text: &str) -> Result<Self, PatternFault> {
        let bad = || PatternFault::BadRange(text.to_owned());
        let empty = || PatternFault::EmptyRange(text.to_owned());
        let (min, max) = text.split_once("..").ok_or_else(bad)?;
        let min = if min.trim().is_empty() { i64::MIN } else { min.trim().parse().map_err(|_| bad())? };
        let max = match max.trim().strip_prefix('=') {
            Some(last) => last.trim().parse().map_err(|_| bad())?,
            None if max.trim().is_empty() => i64::MAX,
            None => max.trim().parse::<i64>().map_err(|_| bad())?.checked_sub(1).ok_or_else(empty)?,
        };
        if min > max { Err(empty()) } else { Ok(Self { min, max }) }
    }
}

impl fmt::Display for IntRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (i64::MIN, i64::MAX) => Ok(()),
            (min, i64::MAX) => write!(f, " of at least {min}"),
            (i64::MIN, max) => write!(f, " of at most {max}"),
            (min, max) => write!(f, " from {min} to {max}"),
        }
    }
}

impl Choices {
    /// The declared spelling of the choice that `word` means.
    pub fn find(&self, word: &str) -> Option<&str> {
        self.iter().find(|choice| choice.eq_ignore_ascii_case(word) || fold(choice) == fold(word))
    }

    /// The choices, in the order of their declaration.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|choice| &**choice)
    }

    fn parse(text: &str) -> Result<Self, PatternFault> {
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let inner = inner.ok_or(PatternFault::BadChoices)?;
        Self::new(inner.split('|').map(str::trim), |_| PatternFault::BadChoices)
    }

    fn environments(vocabulary: &Vocabulary) -> Result<Self, PatternFault> {
        if vocabulary.environments.is_empty() {
            return Err(PatternFault::NoEnvironments);
        }
        let names = vocabulary.environments.iter().map(String::as_str);
        Self::new(names, |name| PatternFault::BadEnvironment(name.to_owned()))
    }

    fn new<'a>(
        words: impl Iterator<Item = &'a str>,
        bad: impl Fn(&str) -> PatternFault,
    ) -> Result<Self, PatternFault> {
        let mut choices: Vec<Box<str>> = Vec::new();
        for word in words {
            if !is_plain_word(word) {
                return Err(bad(word));
            }
            if choices.iter().any(|known| fold(known) == fold(word)) {
                return Err(PatternFault::SameChoice(word.to_owned()));
            }
            choices.push(word.into());
        }
        Ok(Self(choices.into()))
    }
}

/// `a, b or c`
impl fmt::Display for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.len().saturating_sub(1);
        for (place, choice) in self.iter().enumerate() {
            match place {
                0 => {}
                _ if place == last => f.write_str(" or ")?,
                _ => f.write_str(", ")?,
            }
            f.write_str(choice)?;
        }
        Ok(())
    }
}
