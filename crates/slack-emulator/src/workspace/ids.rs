//! Slack's identifiers as types of their own, so that a channel cannot be passed for a person.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! slack_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text of an identifier, unchecked.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The identifier as Slack writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

slack_id!(/// A workspace, for example `T0DEMO`.
    TeamId);
slack_id!(/// A person or a bot user, for example `U0ANA`.
    UserId);
slack_id!(/// A channel (`C…`) or a direct message (`D…`).
    ChannelId);
slack_id!(/// A modal or a home tab, for example `V00000001`.
    ViewId);
slack_id!(/// An uploaded file, for example `F00000001`.
    FileId);

/// A message's `ts`: microseconds since 1970, written by Slack as `seconds.microseconds` with six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ts(u64);

impl Ts {
    /// The `ts` of a moment; moments before 1970 become zero.
    pub fn at(moment: Timestamp) -> Self {
        Self(u64::try_from(moment.as_microsecond()).unwrap_or(0))
    }

    /// Reads `1700000000.000100`; `None` for any other shape.
    pub fn parse(text: &str) -> Option<Self> {
        let (seconds, micros) = text.split_once('.')?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if micros.len() != 6 || seconds.len() > 12 || !digits(seconds) || !digits(micros) {
            return None;
        }
        let seconds: u64 = seconds.parse().ok()?;
        let micros: u64 = micros.parse().ok()?;
        Some(Self(seconds * 1_000_000 + micros))
    }

    /// The next possible `ts`.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Whole seconds since 1970.
    pub fn seconds(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Microseconds since 1970: the number in a permalink (`/archives/C…/p1700000000000100`).
    pub fn micros(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Ts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

impl Serialize for Ts {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ts {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not a message timestamp")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ts_reads_back_as_written() {
        for text in ["1700000000.000100", "0.000001", "1700000000.999999"] {
            assert_eq!(Ts::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in
            ["", ".", "1700000000", "1.1", "1.0000001", "a.000000", "-1.000000", "9999999999999.000000"]
        {
            assert_eq!(Ts::parse(text), None, "{text}");
        }
    }
}
