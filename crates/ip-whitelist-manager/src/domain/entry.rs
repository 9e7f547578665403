//! Rows of the table, and the entries that good rows are.

use countersign_core::ids::OperationId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::guard::{Forbidden, Width};
use super::{Cidr, CidrFault, Environment};

/// The longest description that is kept, in characters.
pub const MOST_IN_A_DESCRIPTION: usize = 200;
/// How far ahead of ours the clock of whoever writes a row may be.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// A row as it stands in the table, written by a command or by hand. Only its key is certain.
///
/// Attributes of another type than the schema's are as if they were not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// `extended_at`, in seconds since 1970 (UTC): when a command made it last longer.
    pub extended_at: Option<i64>,
    /// `expires_at`, in seconds since 1970 (UTC); the table's TTL attribute.
    pub expires_at: Option<i64>,
    /// `operation`: the signed operation that wrote the row last. A network wider than usual is only let through
    /// when it has one.
    pub operation: Option<String>,
    /// `quarantined`: why the row is not let through, as people were told.
    pub quarantined: Option<String>,
    /// `told_ending`: the `expires_at` of which people were told that it is near.
    pub told_ending: Option<i64>,
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
    pub added_at: Timestamp,
    /// Until when (UTC).
    pub expires_at: Timestamp,
}

/// How long entries may last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Unless somebody says otherwise.
    pub usual: SignedDuration,
    /// At least.
    pub shortest: SignedDuration,
    /// At most, from when it was added or extended.
    pub longest: SignedDuration,
}

/// Why a row is not let through. Its `Display` is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// Its `ip_address` is no network in the canonical form.
    #[error("`ip_address`: {0}")]
    Cidr(#[from] CidrFault),
    /// The network is never let through.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The network is wider than usual, and no signed operation wrote the row.
    #[error(
        "{0} is wider than /24 (IPv4) or /48 (IPv6); such a network is only let through by a signed command"
    )]
    Wide(Cidr),
    /// No security group belongs to its environment.
    #[error("there is no environment `{0}`")]
    Environment(String),
    /// A time is missing, or is no number of seconds since 1970.
    #[error("`{0}` must be a number of seconds since 1970")]
    Time(&'static str),
    /// It says that it was added in the future.
    #[error("`added_at` is in the future")]
    Future,
    /// It would last too long; nothing is let through indefinitely.
    #[error("it would last longer than {0} days")]
    TooLong(i64),
}

impl Default for Terms {
    /// Seven days, between an hour and thirty days.
    fn default() -> Self {
        Self {
            usual: SignedDuration::from_hours(7 * 24),
            shortest: SignedDuration::from_hours(1),
            longest: SignedDuration::from_hours(30 * 24),
        }
    }
}

impl Row {
    /// What the row lets through, whether its time is over or not.
    ///
    /// # Errors
    /// [`RowFault`] when it lets nothing through, ever, as it stands.
    pub fn entry(&self, terms: &Terms, now: Timestamp) -> Result<Entry, RowFault> {
        let cidr: Cidr = self.ip_address.parse()?;
        let is_signed = self.operation.as_ref().is_some_and(|id| id.parse::<OperationId>().is_ok());
        if cidr.guard()? == Width::Wide && !is_signed {
            return Err(RowFault::Wide(cidr));
        }
        let added_at = seconds(self.added_at).ok_or(RowFault::Time("added_at"))?;
        let expires_at = seconds(self.expires_at).ok_or(RowFault::Time("expires_at"))?;
        let since = seconds(self.extended_at).unwrap_or(added_at).max(added_at);
        if since.duration_since(now) > AHEAD {
            return Err(RowFault::Future);
        }
        if expires_at.duration_since(since) > terms.longest {
            return Err(RowFault::TooLong(terms.longest.as_hours() / 24));
        }
        Ok(Entry {
            cidr,
            environment: Environment::new(&self.environment),
            description: tidy(self.description.as_deref()),
            added_by: tidy(self.added_by.as_deref()),
            person: self.person.clone(),
            added_at,
            expires_at,
        })
    }

    /// When its time is over (UTC); `None`: it does not say so in a way that can be read.
    pub fn expires_at(&self) -> Option<Timestamp> {
        seconds(self.expires_at)
    }

    /// Is its time over?
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at().is_some_and(|end| end <= now)
    }

    /// The environment of its key.
    pub fn environment(&self) -> Environment {
        Environment::new(&self.environment)
    }
}

impl Entry {
    /// Is it let through at this time?
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.expires_at > now
    }
}

fn seconds(number: Option<i64>) -> Option<Timestamp> {
    Timestamp::from_second(number?).ok()
}

/// One line without control characters, of a bounded length.
fn tidy(text: Option<&str>) -> String {
    let line: String =
        text.unwrap_or_default().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().chars().take(MOST_IN_A_DESCRIPTION).collect()
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;
