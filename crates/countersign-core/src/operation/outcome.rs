//! How an operation ends.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::policy::Refusal;

/// How an applied operation ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Done, once.
    Succeeded(Report),
    /// Not done: nothing was changed.
    Failed {
        /// For the person, without anything internal.
        reason: String,
        /// Under which the operator finds the cause in the log.
        reference: Reference,
    },
    /// The worker died, or the answer never came. A person must look; nothing retries it.
    Unknown {
        /// For the person.
        reason: String,
        /// Under which the operator finds the cause in the log.
        reference: Reference,
    },
}

/// What a runbook reports about work done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// In one sentence.
    pub summary: String,
    /// What was found, for commands that read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
}

/// Rows under named columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The columns' names.
    pub columns: Vec<String>,
    /// Rows of cells; `None` is a value that is not there.
    pub rows: Vec<Vec<Option<String>>>,
    /// How many more rows there were than are kept here.
    #[serde(default)]
    pub left_out: usize,
}

/// How far a long run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Parts done.
    pub done: u32,
    /// Parts in all.
    pub total: u32,
    /// What was done last, in a few words.
    pub note: String,
}

/// Why an operation will not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stop", rename_all = "snake_case")]
pub enum Stop {
    /// An eligible person said no.
    Objected {
        /// Who.
        by: PersonId,
    },
    /// The signatures did not come in time.
    NotSignedInTime,
    /// It was signed, but could not start in time.
    NotStartedInTime,
    /// Policy or the runbook says no, now.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// The command is gone from the catalog, or its rules changed while it waited.
    RulesChanged,
    /// Its caller does not want it any more.
    Cancelled {
        /// Who.
        by: PersonId,
    },
}

/// What a person found out about an operation whose outcome nobody knew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// Who looked.
    pub by: PersonId,
    /// What they found.
    pub found: Found,
    /// How they know, in their words.
    pub reason: String,
}

/// Was it done?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It had been done.
    Succeeded,
    /// It had not been done, or not whole.
    Failed,
}

/// Somebody other than its caller looked at what was done in an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub by: PersonId,
    /// What they say of it.
    pub note: String,
}

/// What everybody is told of an emergency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// It begins.
    Begun,
    /// How it ended.
    Ended,
}

/// A short id that joins what a person was told with what stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// A reference from 32 random bits: `ref-1a2b3c4d`.
    pub fn from_bits(bits: u32) -> Self {
        Self(format!("ref-{bits:08x}"))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_the_same_for_the_person_and_in_the_log() {
        let reference = Reference::from_bits(0x1a2b);
        assert_eq!(reference.to_string(), "ref-00001a2b");
        assert_eq!(serde_json::to_value(&reference).unwrap(), "ref-00001a2b");
    }
}
