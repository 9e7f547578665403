//! Names of things, each with a type of its own, so that a channel is never
//! passed where a person is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as the chat side or the configuration wrote it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as text.
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

text_id! {
    /// The workspace or organisation that a person belongs to (Slack: `T…` or `E…`).
    OrgId
}
text_id! {
    /// A person's id inside their organisation (Slack: `U…` or `W…`).
    UserId
}
text_id! {
    /// A channel's id (Slack: `C…`, `G…` or `D…`).
    ChannelId
}
text_id! {
    /// A message's id inside its channel (Slack: the `ts`). Opaque: compare it, never calculate with it.
    MessageId
}
text_id! {
    /// A group of people, as the configuration names it.
    GroupName
}
text_id! {
    /// A user group of the chat product (Slack: `S…`).
    UsergroupId
}
text_id! {
    /// What only one operation at a time may work on (an environment, a pool), as its command's `lock` names it.
    LockKey
}
text_id! {
    /// A process that applies operations. Each start of the program has its own.
    WorkerId
}

/// A person, wherever they are from: ids of users are unique inside an organisation only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonId {
    /// The organisation that vouches for the person.
    pub org: OrgId,
    /// Who they are there.
    pub user: UserId,
}

impl PersonId {
    /// The person `user` of the organisation `org`.
    pub fn new(org: impl Into<String>, user: impl Into<String>) -> Self {
        Self { org: OrgId::new(org), user: UserId::new(user) }
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.org, self.user)
    }
}

/// One run of a command: `op_` and a ULID, so that ids sort by the time of their request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OperationId(ulid::Ulid);

/// The text is no operation id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no operation id: one looks like op_01JD3V5Y8Z4QK2M7N9P0R1S2T3")]
pub struct BadOperationId(String);

impl OperationId {
    /// An id from the time of the request in milliseconds since 1970 (UTC) and 80 random bits.
    pub fn from_parts(unix_millis: u64, random: u128) -> Self {
        Self(ulid::Ulid::from_parts(unix_millis, random))
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "op_{}", self.0)
    }
}

impl FromStr for OperationId {
    type Err = BadOperationId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix("op_")
            .and_then(|ulid| ulid::Ulid::from_string(ulid).ok())
            .map(Self)
            .ok_or_else(|| BadOperationId(text.chars().take(64).collect()))
    }
}

impl TryFrom<String> for OperationId {
    type Error = BadOperationId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<OperationId> for String {
    fn from(id: OperationId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_id_survives_its_text() {
        let id = OperationId::from_parts(1_700_000_000_000, 42);
        assert_eq!(id.to_string().parse::<OperationId>(), Ok(id));
    }

    #[test]
    fn what_is_no_operation_id_is_refused() {
        for text in ["", "op_", "01JD3V5Y8Z4QK2M7N9P0R1S2T3", "op_01JD3V5Y8Z4QK2M7N9P0R1S2TU"] {
            assert!(text.parse::<OperationId>().is_err(), "{text}");
        }
    }
}
