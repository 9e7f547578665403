//! Rows of the table, and the entries that good rows are.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Cidr, Environment};

/// A row as it stands in the table, written by a command or by hand. Only its key is certain.
///
/// Attributes of another type than the schema's are as if they were not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// `ip_address`, the hash key.
    pub ip_address: String,
    /// `environment`, the range key.
    pub environment: String,
    /// `description`.
    pub description: Option<String>,
    /// `added_by`: what the person is called.
    pub added_by: Option<String>,
    /// `person`: the Slack id of whoever added it by a command, for `mine`.
    pub person: Option<String>,
    /// `added_at`, in seconds since 1970 (UTC).
    pub added_at: Option<i64>,
    /// `expires_at`, in seconds since 1970 (UTC); the table's TTL attribute.
    pub expires_at: Option<i64>,
    /// `operation`: the signed operation that wrote the row last. A network wider than usual is only let through
    /// when it has one.
    pub operation: Option<String>,
    /// `quarantined`: why the row is not let through, as people were told.
    pub quarantined: Option<String>,
}

/// A network that is let through to an environment until its time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From where.
    pub cidr: Cidr,
    /// To where.
    pub environment: Environment,
    /// What for, in a person's words; may be empty.
    pub description: String,
    /// What the person is called who added it; may be empty.
    pub added_by: String,
    /// The Slack id of whoever added it by a command.
    pub person: Option<String>,
    /// Since when (UTC).
    pub added_at: Option<Timestamp>,
    /// Until when (UTC).
    pub expires_at: Timestamp,
}

/// Why a row is not let through. Its `Display` is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// Its `ip_address` is no network in the canonical form.
    #[error(transparent)]
    Cidr(#[from] super::CidrFault),
}
