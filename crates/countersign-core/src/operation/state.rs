//! The fold: what the events add up to.

use jiff::Timestamp;
use serde_json::Value;

use super::{Alarm, Event, Outcome, Progress, Request, Resolution, Review, Stop};
use crate::approval::{Vote, VoteSource};
use crate::audit::{Head, Record};
use crate::ids::{MessageId, OperationId, WorkerId};
use crate::plan::{Fingerprint, Plan};

/// An operation as its events left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// What was asked for.
    pub request: Request,
    /// When it was asked for (UTC).
    pub requested_at: Timestamp,
    /// What would run, once planned.
    pub proposal: Option<Proposal>,
    /// The message that it hangs off, once there is one.
    pub root: Option<MessageId>,
    /// The plan that the world overtook, when the votes were voided.
    pub overtaken: Option<Plan>,
    /// The card, once shown.
    pub card: Option<Card>,
    /// The votes for the proposal that stands.
    pub votes: Vec<Vote>,
    /// How many reminders of the proposal that stands are over.
    pub reminders: u32,
    /// Why somebody objected, in their words.
    pub reason: Option<String>,
    /// The operations before it in the line for its lock, while it waits there.
    pub ahead: Vec<OperationId>,
    /// What a person found out, after nobody had known its outcome.
    pub resolution: Option<Resolution>,
    /// The last of what everybody was told of an emergency.
    pub alarm: Option<Alarm>,
    /// What somebody else says of work that was done in an emergency.
    pub review: Option<Review>,
    /// How far it is.
    pub phase: Phase,
    /// The number of the last claim; it only grows.
    pub fence: u64,
    /// The end of its chain.
    pub head: Head,
}

/// The card in the thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its message.
    pub message: MessageId,
    /// Since when people can see the plan that stands in it, by the chat product's clock (UTC);
    /// `None` while it still shows another one.
    pub shown_at: Option<Timestamp>,
}

/// A plan and what people sign of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What would change.
    pub plan: Plan,
    /// What people sign.
    pub fingerprint: Fingerprint,
    /// Until when signatures may come (UTC); `None`: nobody has to sign.
    pub approve_by: Option<Timestamp>,
}

/// How far an operation is.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Asked for, not planned yet.
    Requested,
    /// Waits for votes, until [`Proposal::approve_by`].
    Voting,
    /// All have signed, or nobody has to: the plan is made again, then it runs.
    Approved {
        /// Until when it must have started (UTC); `None` for what nobody has to sign.
        run_by: Option<Timestamp>,
    },
    /// A worker is at it.
    Applying(Claim),
    /// It ran.
    Finished(Outcome),
    /// It will not run.
    Stopped(Stop),
}

/// A worker's hold on an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The worker.
    pub worker: WorkerId,
    /// The claim's number; every part of a long run is claimed anew.
    pub fence: u64,
    /// Until when the work had to have started (UTC); `None` for what nobody has to sign.
    pub run_by: Option<Timestamp>,
    /// Until when the worker owns it (UTC).
    pub lease_until: Timestamp,
    /// What the runbook needs to go on, after its first part.
    pub state: Option<Value>,
    /// How far it is, after its first part.
    pub progress: Option<Progress>,
    /// When the next part begins (UTC); `None` while a part is running.
    pub resume_at: Option<Timestamp>,
}

/// Records that cannot be an operation's history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// There is nothing to fold.
    #[error("an operation has no records")]
    Empty,
    /// An event came that is not possible in the phase that the operation is in.
    #[error("record {seq} of {operation} does not fit what came before it")]
    OutOfPlace {
        /// The operation.
        operation: OperationId,
        /// The record's place.
        seq: u64,
    },
}

impl Operation {
    /// The operation that `records`, in their order, add up to.
    ///
    /// # Errors
    /// [`FoldError`] when they cannot be an operation's history.
    pub fn fold(records: &[Record]) -> Result<Self, FoldError> {
        let (first, rest) = records.split_first().ok_or(FoldError::Empty)?;
        let mut operation = Self::begin(first)?;
        for record in rest {
            operation.apply(record)?;
        }
        Ok(operation)
    }

    fn begin(record: &Record) -> Result<Self, FoldError> {
        match &record.event {
            Event::Requested(request) if request.id == record.operation && record.seq == 1 => Ok(Self {
                request: (**request).clone(),
                requested_at: record.at,
                proposal: None,
                root: request.origin.message.clone(),
                overtaken: None,
                card: None,
                votes: Vec::new(),
                reminders: 0,
                reason: None,
                ahead: Vec::new(),
                resolution: None,
                alarm: None,
                review: None,
                phase: Phase::Requested,
                fence: 0,
                head: record.head(),
            }),
            _ => Err(FoldError::OutOfPlace { operation: record.operation.clone(), seq: record.seq }),
        }
    }

    /// Takes the next record in.
    ///
    /// # Errors
    /// [`FoldError::OutOfPlace`] when it does not follow; the state is as before then.
    pub fn apply(&mut self, record: &Record) -> Result<(), FoldError> {
        let follows = record.operation == self.request.id && record.seq == self.head.seq + 1;
        if !follows || self.take(&record.event).is_none() {
            return Err(FoldError::OutOfPlace { operation: record.operation.clone(), seq: record.seq });
        }
        self.head = record.head();
        Ok(())
    }

    /// Is there nothing left to do?
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Finished(_) | Phase::Stopped(_))
    }

    /// Is nothing expected of anybody any more? Not so while its outcome is unknown, or its review is open.
    pub fn is_settled(&self) -> bool {
        self.is_over() && !self.is_unknown() && !self.needs_review()
    }

    /// Does nobody know what became of it?
    pub fn is_unknown(&self) -> bool {
        matches!(self.phase, Phase::Finished(Outcome::Unknown { .. })) && self.resolution.is_none()
    }

    /// Was it done in an emergency, and has nobody else looked at it yet?
    pub fn needs_review(&self) -> bool {
        self.request.emergency.is_some() && matches!(self.phase, Phase::Finished(_)) && self.review.is_none()
    }

    /// What everybody has to be told of an emergency now. Of one that is over, its end says all.
    pub fn alarm_due(&self) -> Option<Alarm> {
        self.request.emergency.as_ref().filter(|_| self.proposal.is_some())?;
        let due = if self.is_over() { Alarm::Ended } else { Alarm::Begun };
        (self.alarm < Some(due)).then_some(due)
    }

    /// Was it asked for at a terminal?
    pub fn is_from_a_terminal(&self) -> bool {
        self.request.origin.message.is_none()
    }

    /// Does nothing that it rests on come from the chat product? Then it need not wait for the chat product to
    /// confirm it. What was asked for in chat needs a signature from a terminal for that.
    pub fn rests_on_terminals(&self) -> bool {
        let signed = self.votes.iter().all(|vote| vote.source == VoteSource::Terminal);
        signed && (self.is_from_a_terminal() || !self.votes.is_empty())
    }

    /// Does it keep its place in the line for its lock? A lock is let go of when it is known how things stand.
    pub fn keeps_its_place(&self) -> bool {
        matches!(self.phase, Phase::Approved { .. } | Phase::Applying(_)) || self.is_unknown()
    }

    /// The root of the thread in which the bot answers, once there is one.
    pub fn thread_root(&self) -> Option<&MessageId> {
        self.request.origin.thread.as_ref().or(self.root.as_ref())
    }

    /// What people sign, once planned.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.proposal.as_ref().map(|proposal| proposal.fingerprint)
    }

    /// `None`: the event is not possible now, and nothing was changed.
    fn take(&mut self, event: &Event) -> Option<()> {
        let stands = self.fingerprint();
        match (event, &mut self.phase) {
            (Event::Planned { plan, fingerprint, approve_by }, Phase::Requested) => {
                self.proposal = Some(Proposal::new(plan, *fingerprint, *approve_by));
                self.phase = match approve_by {
                    Some(_) => Phase::Voting,
                    None => Phase::Approved { run_by: None },
                };
            }
            (Event::RootShown { message }, _) if self.root.is_none() => {
                self.root = Some(message.clone());
            }
            (Event::Queued { ahead }, Phase::Approved { .. }) => {
                self.ahead.clone_from(ahead);
            }
            (Event::CardShown { message, shown_at }, _) => {
                self.card = Some(Card { message: message.clone(), shown_at: Some(*shown_at) });
            }
            (Event::Voted(vote), Phase::Voting | Phase::Approved { run_by: Some(_) })
                if Some(vote.fingerprint) == stands =>
            {
                self.votes.push(vote.clone());
            }
            (
                Event::Withdrawn { person, source, .. },
                Phase::Voting | Phase::Approved { run_by: Some(_) },
            ) => {
                let others = |vote: &Vote| !(vote.person == *person && vote.source == *source);
                self.votes.retain(others);
                self.ahead.clear();
                self.phase = Phase::Voting;
            }
            (
                Event::Drifted { plan, fingerprint, approve_by },
                Phase::Voting | Phase::Approved { run_by: Some(_) },
            ) => {
                let new = Proposal::new(plan, *fingerprint, Some(*approve_by));
                self.overtaken = self.proposal.replace(new).map(|old| old.plan);
                self.votes.clear();
                self.ahead.clear();
                self.reminders = 0;
                if let Some(card) = &mut self.card {
                    card.shown_at = None;
                }
                self.phase = Phase::Voting;
            }
            (Event::Reminded { count }, Phase::Voting) if *count > self.reminders => {
                self.reminders = *count;
            }
            (Event::Explained { person, reason }, Phase::Stopped(Stop::Objected { by }))
                if person == by && self.reason.is_none() =>
            {
                self.reason = Some(reason.clone());
            }
            (Event::Approved { fingerprint, run_by }, Phase::Voting) if Some(*fingerprint) == stands => {
                self.phase = Phase::Approved { run_by: Some(*run_by) };
            }
            (Event::Claimed { worker, fence, lease_until }, Phase::Approved { run_by })
                if *fence > self.fence =>
            {
                let run_by = *run_by;
                self.fence = *fence;
                self.ahead.clear();
                self.phase = Phase::Applying(Claim {
                    worker: worker.clone(),
                    fence: *fence,
                    run_by,
                    lease_until: *lease_until,
                    state: None,
                    progress: None,
                    resume_at: None,
                });
            }
            (Event::Released { fence }, Phase::Applying(claim))
                if *fence == claim.fence && claim.state.is_none() =>
            {
                self.phase = Phase::Approved { run_by: claim.run_by };
            }
            (Event::Claimed { worker, fence, lease_until }, Phase::Applying(claim))
                if *fence > self.fence =>
            {
                self.fence = *fence;
                claim.worker = worker.clone();
                claim.fence = *fence;
                claim.lease_until = *lease_until;
                claim.resume_at = None;
            }
            (Event::Renewed { fence, lease_until }, Phase::Applying(claim)) if *fence == claim.fence => {
                claim.lease_until = *lease_until;
            }
            (
                Event::Progressed { fence, state, progress, resume_at, lease_until },
                Phase::Applying(claim),
            ) if *fence == claim.fence => {
                claim.state = Some(state.clone());
                claim.progress = Some(progress.clone());
                claim.resume_at = Some(*resume_at);
                claim.lease_until = *lease_until;
            }
            (Event::Finished { outcome: outcome @ Outcome::Failed { .. } }, Phase::Requested) => {
                self.phase = Phase::Finished(outcome.clone());
            }
            (Event::Finished { outcome }, Phase::Applying(_) | Phase::Approved { .. }) => {
                self.phase = Phase::Finished(outcome.clone());
            }
            (Event::Stopped { stop }, Phase::Requested | Phase::Voting | Phase::Approved { .. }) => {
                self.phase = Phase::Stopped(stop.clone());
            }
            (Event::Resolved(resolution), Phase::Finished(Outcome::Unknown { .. }))
                if self.resolution.is_none() =>
            {
                self.resolution = Some(resolution.clone());
            }
            (Event::Alarmed { of }, _) if self.request.emergency.is_some() && self.alarm < Some(*of) => {
                self.alarm = Some(*of);
            }
            (Event::Reviewed(review), Phase::Finished(_))
                if self.request.emergency.is_some() && self.review.is_none() =>
            {
                self.review = Some(review.clone());
            }
            _ => return None,
        }
        Some(())
    }
}

impl Proposal {
    fn new(plan: &Plan, fingerprint: Fingerprint, approve_by: Option<Timestamp>) -> Self {
        Self { plan: plan.clone(), fingerprint, approve_by }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
