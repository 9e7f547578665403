//! What a command does.

use async_trait::async_trait;
use countersign_core::ids::OperationId;
use countersign_core::operation::{Progress, Report};
use countersign_core::plan::{Fixed, Plan};
use countersign_core::policy::{Permit, Refusal};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Cause;

/// The work behind a command.
///
/// Both methods take a [`Permit`]: the arguments come from it and from nowhere else.
#[async_trait]
pub trait Runbook: Send + Sync {
    /// Says what would change, and changes nothing. `fixed` holds what must not
    /// move between two plans (`now`: the time of the first plan as RFC 3339 in UTC,
    /// `operation`: the operation's id); the plan carries it, with whatever the runbook adds.
    async fn plan(&self, permit: &Permit, fixed: &Fixed) -> Result<Plan, RunbookError>;

    /// Does what the plan says, or the next part of it.
    async fn apply(&self, permit: &Permit, run: Run<'_>) -> Result<Applied, RunbookError>;

    /// Does it never change anything? Only then may a command of the risk `read` have it.
    fn only_reads(&self) -> bool {
        false
    }

    /// Is everything there that it needs? Changes nothing. The configuration that names it is put in force
    /// only if it is.
    async fn ready(&self) -> Result<(), RunbookError> {
        Ok(())
    }

    /// What became of a part whose worker disappeared. Unless a runbook can tell, nobody knows.
    ///
    /// `fence` is the number of its claim. The worker may be alive, and only slow: once this has said `NotDone`,
    /// a run under that number or a smaller one has no effect any more, however late it comes.
    async fn interrupted(&self, _operation: &OperationId, _fence: u64) -> Result<Interrupted, RunbookError> {
        Ok(Interrupted::Unknown)
    }
}

/// One part of a run.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The operation: the idempotency key of everything done for it.
    pub operation: &'a OperationId,
    /// The number of the claim under which it runs; it grows with every claim of the operation.
    pub fence: u64,
    /// The plan that people signed.
    pub plan: &'a Plan,
    /// What the part before handed on; `None` for the first.
    pub state: Option<&'a Value>,
    /// The time now (UTC).
    pub now: Timestamp,
}

/// What a part of a run ended with.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    /// All is done.
    Done(Report),
    /// There is more to do.
    Continue {
        /// What the next part needs.
        state: Value,
        /// How far it is.
        progress: Progress,
        /// How long to wait before the next part.
        after: SignedDuration,
    },
}

/// What became of an interrupted part.
#[derive(Debug, Clone, PartialEq)]
pub enum Interrupted {
    /// It had been done after all.
    Done(Report),
    /// It was not done, and nothing was changed.
    NotDone,
    /// It may have been done, whole or in part; doing it again with the same operation id does no harm.
    Again,
    /// Nobody knows: a person must look.
    Unknown,
}

/// A runbook did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum RunbookError {
    /// It looked, and it cannot be done. Nothing was changed.
    #[error("the runbook refused")]
    Refused(Refusal),
    /// Something broke. Nothing was changed.
    #[error("the runbook failed")]
    Failed(#[source] Cause),
    /// Something broke, and it may have been done.
    #[error("the runbook's outcome is unknown")]
    Unknown(#[source] Cause),
}
