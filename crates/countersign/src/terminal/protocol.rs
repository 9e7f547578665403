//! What goes over the control socket: one question and one answer, as JSON over HTTP at `POST /v1/desk`.

use countersign_core::ids::OperationId;
use countersign_core::operation::{Found, Outcome};
use countersign_core::plan::{Fingerprint, Step};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where questions go.
pub const PATH: &str = "/v1/desk";
/// The longest question, in bytes.
pub const LARGEST: usize = 16 * 1024;

/// What somebody at a terminal wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Wanted {
    /// Say a sentence.
    Run {
        /// The sentence.
        sentence: String,
        /// In which channel's name.
        channel: Option<String>,
        /// The reason of an emergency.
        emergency: Option<String>,
    },
    /// See an operation.
    Show {
        /// Which.
        operation: OperationId,
    },
    /// See what is open.
    Pending,
    /// Sign a plan.
    Approve {
        /// Of which operation.
        operation: OperationId,
        /// The plan that was shown.
        plan: Fingerprint,
        /// What was typed to confirm, where the target's name is asked for.
        typed: Option<String>,
    },
    /// Object.
    Deny {
        /// To which operation.
        operation: OperationId,
        /// Why.
        reason: Option<String>,
    },
    /// Cancel what one asked for.
    Cancel {
        /// Which operation.
        operation: OperationId,
    },
    /// Say what became of an operation.
    Resolve {
        /// Which.
        operation: OperationId,
        /// What was found.
        found: Found,
        /// How one knows.
        reason: String,
    },
    /// Say that one has looked at what was done in an emergency.
    Review {
        /// Which operation.
        operation: OperationId,
        /// What one says of it.
        note: String,
    },
}

/// What they are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// An operation, as it stands.
    Operation(Box<View>),
    /// Operations that are open.
    Pending {
        /// Each of them, those that wait for this person first.
        operations: Vec<View>,
    },
    /// Policy, or the operation, says no.
    Refused {
        /// Why, for people.
        text: String,
    },
    /// Nobody can tell who it is.
    Stranger {
        /// Why, for people.
        text: String,
    },
    /// Something on our side is broken.
    Failed {
        /// What to do, for people.
        text: String,
    },
}

/// An operation, as one person sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Its id.
    pub operation: OperationId,
    /// How far it is.
    pub state: State,
    /// What was said.
    pub sentence: String,
    /// Who said it, by name.
    pub caller: String,
    /// In which channel, by name.
    pub channel: String,
    /// The reason of an emergency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<String>,
    /// What people sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Fingerprint>,
    /// What would change, or has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Who has signed, by name.
    pub signed: Vec<String>,
    /// Whose signatures are missing, in words; empty when none are.
    pub missing: String,
    /// Until when signatures may come (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approve_by: Option<Timestamp>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Would this person's signature bring it on?
    pub waits_for_you: bool,
    /// What this person types to sign it, where a yes is not enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_type: Option<String>,
    /// Is it an emergency that nobody else has looked at yet?
    pub needs_review: bool,
    /// All of it, for people.
    pub text: String,
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is planned.
    Planning,
    /// It waits for signatures.
    Waiting,
    /// All have signed: it is looked at once more, or waits for its turn.
    Signed,
    /// It runs.
    Running,
    /// It was done.
    Succeeded,
    /// It was not done.
    Failed,
    /// Nobody knows whether it was done.
    Unknown,
    /// It will not run.
    Stopped,
}

impl State {
    /// Does it wait for nobody, and go on by itself?
    pub fn moves(self) -> bool {
        matches!(self, Self::Planning | Self::Signed | Self::Running)
    }
}
