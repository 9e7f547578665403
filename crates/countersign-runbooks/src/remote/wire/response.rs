use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::WirePlan;

/// What a runbook answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Response {
    /// The version of the protocol: 1.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// The operation of the request, where it has one. An answer for another one is not taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The fingerprint of the request, where it has one. An answer for another one is not taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// What is answered.
    #[serde(flatten)]
    pub answer: Answer,
}

/// The kinds of answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// To `plan`: this would change.
    Planned {
        /// What.
        plan: WirePlan,
    },
    /// To `apply` and `continue`: all is done.
    Done {
        /// What to say of it.
        report: WireReport,
    },
    /// To `apply` and `continue`: there is more to do.
    Continue {
        /// What the next part needs.
        state: Value,
        /// How far it is.
        progress: WireProgress,
        /// How long to wait before the next part, in seconds.
        after_seconds: u32,
    },
    /// To `plan`, `apply` and `continue`: it cannot be done, and nothing was changed.
    Refused {
        /// Why, as a sentence for the person.
        sentence: String,
    },
    /// To all calls: something broke, and nothing was changed.
    Failed {
        /// What, for the operator's log; no person sees it.
        reason: String,
    },
    /// To `apply` and `continue`: something broke, and it may have been done.
    Unknown {
        /// What, for the operator's log; no person sees it.
        reason: String,
    },
    /// To `interrupted`.
    Interrupted {
        /// What became of it.
        became: Became,
        /// What to say of it, where it was done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<WireReport>,
    },
    /// To `ready`: everything is there.
    Ready {
        /// Does the runbook never change anything? Only then may a command of the risk `read` have it.
        #[serde(default)]
        only_reads: bool,
    },
}

/// What became of an interrupted part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It had been done after all.
    Done,
    /// It was not done, nothing was changed, and a run under the same fence or a smaller one has no effect any more.
    NotDone,
    /// It may have been done, whole or in part; doing it again for the same operation does no harm.
    Again,
    /// Nobody knows: a person must look.
    Unknown,
}

/// What is said of work done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WireReport {
    /// In one sentence.
    pub summary: String,
    /// What was found, for commands that read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<WireTable>,
}

/// Rows under named columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WireTable {
    /// The columns' names.
    pub columns: Vec<String>,
    /// Rows of cells; `null` is a value that is not there.
    pub rows: Vec<Vec<Option<String>>>,
    /// How many more rows there were.
    #[serde(default)]
    pub left_out: u32,
}

/// How far a long run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WireProgress {
    /// Parts done.
    pub done: u32,
    /// Parts in all.
    pub total: u32,
    /// What was done last, in a few words.
    pub note: String,
}

impl Answer {
    /// Its name on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Planned { .. } => "planned",
            Self::Done { .. } => "done",
            Self::Continue { .. } => "continue",
            Self::Refused { .. } => "refused",
            Self::Failed { .. } => "failed",
            Self::Unknown { .. } => "unknown",
            Self::Interrupted { .. } => "interrupted",
            Self::Ready { .. } => "ready",
        }
    }
}
