use std::collections::BTreeMap;

use countersign_core::ids::OperationId;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::WirePlan;

/// What Countersign asks of a runbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    /// The version of the protocol: 1.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// The runbook that is meant, as the other side names it.
    pub runbook: String,
    /// The time at the asking side: RFC 3339 in UTC.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub now: Timestamp,
    /// After this nobody waits for the answer any more: RFC 3339 in UTC.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub deadline: Timestamp,
    /// The same as milliseconds from the sending on, for whoever does not trust the clocks.
    pub budget_ms: u64,
    /// What is asked.
    #[serde(flatten)]
    pub call: Call,
}

/// The kinds of calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum Call {
    /// Say what would change, and change nothing.
    Plan {
        /// The operation: `op_` and a ULID.
        #[schemars(with = "String", extend("pattern" = "^op_[0-9A-HJKMNP-TV-Z]{26}$"))]
        operation: OperationId,
        /// What is asked for, by whom.
        #[serde(flatten)]
        asked: Asked,
    },
    /// Do what the plan says, or its first part.
    Apply {
        /// The part.
        #[serde(flatten)]
        part: Part,
    },
    /// Do the next part.
    Continue {
        /// The part.
        #[serde(flatten)]
        part: Part,
        /// What the part before handed on.
        #[serde(default)]
        state: Value,
    },
    /// Say what became of a part whose answer nobody heard.
    Interrupted {
        /// The operation.
        #[schemars(with = "String", extend("pattern" = "^op_[0-9A-HJKMNP-TV-Z]{26}$"))]
        operation: OperationId,
        /// The number of its claim.
        fence: u64,
    },
    /// Say whether everything is there that the runbook needs. Changes nothing.
    Ready,
}

/// One part of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// The operation: the key under which this is done once.
    #[schemars(with = "String", extend("pattern" = "^op_[0-9A-HJKMNP-TV-Z]{26}$"))]
    pub operation: OperationId,
    /// What is asked for, by whom.
    #[serde(flatten)]
    pub asked: Asked,
    /// The plan that people signed, as the runbook made it.
    pub plan: WirePlan,
    /// What they signed: the plan's fingerprint, 64 hex digits. The answer repeats it.
    pub fingerprint: String,
    /// The number of the claim; it grows with every claim of the operation.
    pub fence: u64,
}

/// What is asked for, by whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    /// The command's name.
    pub command: String,
    /// The person who asked for it.
    pub person: WirePerson,
    /// The channel in which it was asked for.
    pub channel: String,
    /// The arguments by their names.
    #[schemars(with = "serde_json::Map<String, Value>")]
    pub args: Value,
    /// How many others sign before it runs.
    pub others: u8,
    /// What must not move between two plans: `now`, the time of the first one, and `operation`.
    #[serde(default)]
    pub fixed: BTreeMap<String, Value>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WirePerson {
    /// Their id inside their organisation.
    pub id: String,
    /// The organisation.
    pub org: String,
    /// What to call them in texts.
    pub name: String,
}

impl Call {
    /// Its name on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Plan { .. } => "plan",
            Self::Apply { .. } => "apply",
            Self::Continue { .. } => "continue",
            Self::Interrupted { .. } => "interrupted",
            Self::Ready => "ready",
        }
    }
}
