//! What a token must look like for an argument: by hand for speed, and the
//! same as a regular expression for people and as the oracle of the tests.

use std::borrow::Cow;

use super::kind::{Choices, Kind};
use super::regex::choices_regex;
use crate::router::words::fold;

/// What an argument of an expansion takes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    Word,
    Quoted,
    Int,
    Number,
    Bool,
    Slug,
    Duration,
    Date,
    Ip,
    Cidr,
    Email,
    Url,
    Uuid,
    User,
    Channel,
    Choice(Choices),
    /// One quoted token at the end, or all that remains when it begins without a quote.
    Text,
    /// All that remains.
    Rest,
}

impl Shape {
    /// The shape of an argument; `place` says whether it ends its expansion.
    pub fn of(kind: &Kind, place: Place) -> Self {
        match kind {
            Kind::Text if place == Place::Last => Self::Text,
            Kind::Text | Kind::Quoted => Self::Quoted,
            Kind::Word | Kind::Secret => Self::Word,
            Kind::Rest => Self::Rest,
            Kind::Int(_) => Self::Int,
            Kind::Number => Self::Number,
            Kind::Bool => Self::Bool,
            Kind::Slug => Self::Slug,
            Kind::Duration => Self::Duration,
            Kind::Date => Self::Date,
            Kind::Ip => Self::Ip,
            Kind::Cidr => Self::Cidr,
            Kind::Email => Self::Email,
            Kind::Url => Self::Url,
            Kind::Uuid => Self::Uuid,
            Kind::User => Self::User,
            Kind::Channel => Self::Channel,
            Kind::OneOf(choices) | Kind::Environment(choices) => Self::Choice(choices.clone()),
        }
    }

    /// Can it take more than one token?
    pub fn is_tail(&self) -> bool {
        matches!(self, Self::Text | Self::Rest)
    }

    /// Does it take the remaining tokens, of which `first` is the first and `more` says whether others follow?
    pub fn accepts_tail(&self, first: &str, more: More) -> bool {
        match self {
            Self::Text => !first.starts_with('"') || (more == More::Nothing && is_quoted(first)),
            Self::Rest => true,
            _ => false,
        }
    }

    /// Does it take this one token? Tokens in quotes come with their quotes.
    pub fn accepts(&self, token: &str) -> bool {
        match self {
            Self::Rest => true,
            Self::Word | Self::Text => !token.starts_with('"') || is_quoted(token),
            Self::Quoted => is_quoted(token),
            Self::Int => is_digits(unsigned(token)),
            Self::Number => is_number(token),
            Self::Bool => bool_of(token).is_some(),
            Self::Slug => is_slug(token),
            Self::Duration => is_duration(token),
            Self::Date => is_date(token),
            Self::Ip => is_ip(token),
            Self::Cidr => is_cidr(token),
            Self::Email => is_email(token),
            Self::Url => is_url(token),
            Self::Uuid => is_uuid(token),
            Self::User => is_mention(token, "<@"),
            Self::Channel => is_mention(token, "<#"),
            Self::Choice(choices) => choices.find(token).is_some(),
        }
    }

    /// The same as a regular expression, without anchors and groups.
    pub fn regex(&self) -> Cow<'static, str> {
        let regex = match self {
            Self::Word => r#""[^"]*"|[^" ][^ ]*"#,
            Self::Quoted => r#""[^"]*""#,
            Self::Int => "[+-]?[0-9]+",
            Self::Number => r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?",
            Self::Bool => "(?i-u:true|false|yes|no|on|off)",
            Self::Slug => "[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*",
            Self::Duration => "(?:[0-9]+[smhdw])+",
            Self::Date => "[0-9]{4}-[0-9]{2}-[0-9]{2}",
            Self::Ip => IP,
            Self::Cidr => return format!("(?:{IP})(?:/[0-9]+)?").into(),
            Self::Email => "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+",
            Self::Url => "(?i-u:https?)://[^ ]+",
            Self::Uuid => "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
            Self::User => "<@[A-Z0-9]+>",
            Self::Channel => "<#[A-Z0-9]+>",
            Self::Choice(choices) => return choices_regex(choices).into(),
            Self::Text => r#""[^"]*"|[^" ].*"#,
            Self::Rest => "[^ ].*",
        };
        regex.into()
    }

    /// Tokens of this shape, plain ones first.
    pub fn samples(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let choices = match self {
            Self::Choice(choices) => Some(choices.iter().map(fold)),
            _ => None,
        };
        let samples = SAMPLES.into_iter().map(Cow::Borrowed);
        choices.into_iter().flatten().chain(samples).filter(|sample| self.accepts(sample))
    }
}

/// Where an argument stands in its expansion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Inside,
    Last,
}

/// What follows a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum More {
    Nothing,
    Tokens,
}

const IP: &str = r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*";

/// For any two shapes that have a token in common, one of these is in both
/// (choices aside, whose words are tried themselves). A test proves it.
const SAMPLES: [&str; 15] = [
    "acme",
    "7",
    "3h",
    "2.5",
    "yes",
    "2026-01-31",
    "203.0.113.7",
    "203.0.113.0/24",
    "ana@example.com",
    "https://example.com",
    "6f2b1c3e-8a4d-4f5e-9b7a-0c1d2e3f4a5b",
    "<@U1>",
    "<#C1>",
    "\"as agreed\"",
    "!",
];

/// The truth value that a word of the type `bool` stands for.
pub(super) fn bool_of(token: &str) -> Option<bool> {
    let is = |words: [&str; 3]| words.iter().any(|word| word.eq_ignore_ascii_case(token));
    match () {
        () if is(["yes", "true", "on"]) => Some(true),
        () if is(["no", "false", "off"]) => Some(false),
        () => None,
    }
}

fn is_quoted(token: &str) -> bool {
    let inner = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| !inner.contains('"'))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_number(token: &str) -> bool {
    let (mantissa, exponent) = match token.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (token, None),
    };
    let mantissa = unsigned(mantissa);
    let plain = match mantissa.split_once('.') {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(mantissa),
    };
    plain && exponent.is_none_or(|exponent| is_digits(unsigned(exponent)))
}

fn is_slug(token: &str) -> bool {
    let mut after_joint = true;
    for b in token.bytes() {
        let joint = matches!(b, b'-' | b'_');
        if (joint && after_joint) || !(joint || b.is_ascii_alphanumeric()) {
            return false;
        }
        after_joint = joint;
    }
    !after_joint
}

fn is_duration(token: &str) -> bool {
    let mut digits = 0_usize;
    for b in token.bytes() {
        digits = match b {
            b'0'..=b'9' => digits + 1,
            b's' | b'm' | b'h' | b'd' | b'w' if digits > 0 => 0,
            _ => return false,
        };
    }
    digits == 0 && !token.is_empty()
}

fn is_date(token: &str) -> bool {
    token.len() == 10
        && token
            .bytes()
            .enumerate()
            .all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
}

fn is_ip(token: &str) -> bool {
    if token.contains(':') {
        return token.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
            && is_ip6_start(token);
    }
    token.split('.').count() == 4 && token.split('.').all(is_digits)
}

/// No dot stands before the second colon.
fn is_ip6_start(token: &str) -> bool {
    let mut groups = token.splitn(3, ':');
    let head = groups.next().into_iter().chain(groups.next()).all(|group| !group.contains('.'));
    head && groups.next().is_some()
}

fn is_cidr(token: &str) -> bool {
    match token.split_once('/') {
        Some((ip, length)) => is_ip(ip) && is_digits(length),
        None => is_ip(token),
    }
}

fn is_email(token: &str) -> bool {
    let Some((local, domain)) = token.split_once('@') else { return false };
    let in_local = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
    let in_domain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    !local.is_empty() && !domain.is_empty() && local.bytes().all(in_local) && domain.bytes().all(in_domain)
}

fn is_url(token: &str) -> bool {
    token.split_once("://").is_some_and(|(scheme, rest)| {
        !rest.is_empty() && (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
    })
}

fn is_uuid(token: &str) -> bool {
    token.len() == 36
        && token
            .bytes()
            .enumerate()
            .all(|(at, b)| if matches!(at, 8 | 13 | 18 | 23) { b == b'-' } else { b.is_ascii_hexdigit() })
}

fn is_mention(token: &str, opening: &str) -> bool {
    token
        .strip_prefix(opening)
        .and_then(|rest| rest.strip_suffix('>'))
        .is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
