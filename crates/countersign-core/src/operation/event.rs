//! What can happen to an operation. These values are the ledger and the audit trail.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Alarm, Outcome, Progress, Resolution, Review, Stop};
use crate::approval::{Quorum, Vote, VoteSource};
use crate::command::spec::{CommandName, Risk};
use crate::envelope::Origin;
use crate::ids::{LockKey, MessageId, OperationId, PersonId, WorkerId};
use crate::plan::{Fingerprint, Plan};
use crate::policy::Freeze;

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A permitted person asked for it.
    Requested(Box<Request>),
    /// The runbook planned it, changing nothing.
    Planned {
        /// What would change.
        plan: Box<Plan>,
        /// What people sign.
        fingerprint: Fingerprint,
        /// Until when signatures may come (UTC); `None`: nobody has to sign.
        approve_by: Option<Timestamp>,
    },
    /// The message that it hangs off was posted: it had been asked for at a terminal, while the chat product
    /// was away.
    RootShown {
        /// The message.
        message: MessageId,
    },
    /// The card stands in the thread.
    CardShown {
        /// The card's message.
        message: MessageId,
        /// When people could see it, by the chat product's clock (UTC).
        shown_at: Timestamp,
    },
    /// An eligible person voted.
    Voted(Vote),
    /// A vote counts no more.
    Withdrawn {
        /// Whose vote.
        person: PersonId,
        /// How it had been expressed.
        source: VoteSource,
        /// Why it counts no more.
        because: WithdrawnBecause,
    },
    /// The world moved between plan and approval: all votes are void, this is the new plan.
    Drifted {
        /// What would change now.
        plan: Box<Plan>,
        /// What people sign now.
        fingerprint: Fingerprint,
        /// Until when signatures may come (UTC).
        approve_by: Timestamp,
    },
    /// The people whose signatures are missing are about to be reminded.
    Reminded {
        /// How many of the plan's reminders were due by then; earlier ones that were missed are not made up for.
        count: u32,
    },
    /// The person whose objection stopped it says why.
    Explained {
        /// Who.
        person: PersonId,
        /// Their words.
        reason: String,
    },
    /// The set of signatures is complete.
    Approved {
        /// The plan that they signed.
        fingerprint: Fingerprint,
        /// Until when the work must have started (UTC).
        run_by: Timestamp,
    },
    /// It may run as soon as those before it are done with what they share.
    Queued {
        /// The operations before it in the line for its lock, the first one first.
        ahead: Vec<OperationId>,
    },
    /// One worker has taken it and begins to apply it, or its next part. Written before the effect.
    Claimed {
        /// The worker.
        worker: WorkerId,
        /// Grows with every claim; a smaller number may write no more.
        fence: u64,
        /// Until when the worker owns it (UTC).
        lease_until: Timestamp,
    },
    /// The worker that applies it is alive, and owns it for longer.
    Renewed {
        /// The claim.
        fence: u64,
        /// Until when the worker owns it now (UTC).
        lease_until: Timestamp,
    },
    /// The claim is given up, because nothing was done under it: all is looked at again.
    Released {
        /// The claim.
        fence: u64,
    },
    /// A part of a long run is done.
    Progressed {
        /// The claim under which it was done.
        fence: u64,
        /// What the runbook needs to go on.
        state: Value,
        /// For people.
        progress: Progress,
        /// When the next part begins (UTC).
        resume_at: Timestamp,
        /// Until when the worker owns it now (UTC).
        lease_until: Timestamp,
    },
    /// It was applied, or not, or nobody knows. Written once.
    Finished {
        /// How it ended.
        outcome: Outcome,
    },
    /// It will not run.
    Stopped {
        /// Why.
        stop: Stop,
    },
    /// A person found out what became of it, after nobody had known.
    Resolved(Resolution),
    /// Everybody was told loudly of an emergency.
    Alarmed {
        /// Of what.
        of: Alarm,
    },
    /// Somebody other than its caller looked at what was done in an emergency.
    Reviewed(Review),
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The operation's id.
    pub id: OperationId,
    /// The command.
    pub command: CommandName,
    /// The sentence, as the router read it.
    pub sentence: String,
    /// The arguments: a JSON object by name.
    pub args: Value,
    /// Who asked.
    pub caller: PersonId,
    /// Where they asked.
    pub origin: Origin,
    /// How much harm the command can do.
    pub risk: Risk,
    /// The signatures that it needs.
    pub quorum: Quorum,
    /// What it does not share with another operation while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<LockKey>,
    /// The freezes that it goes against, for which more signatures were asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frozen: Vec<Freeze>,
    /// The reason of an emergency, given by the caller, for which fewer signatures were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<String>,
}

/// Why a vote counts no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawnBecause {
    /// The person took it back.
    TakenBack,
    /// The person may not vote any more.
    NotEligible,
}
