//! The work itself: claimed first, done once.

use countersign_core::ids::OperationId;
use countersign_core::operation::{Claim, Event, Operation, Outcome, Phase, Stop};
use countersign_core::policy::Refusal;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::advance::{Permitted, Step};
use super::show::Shown;
use super::{Engine, Failure};
use crate::ports::{Appended, Applied, Freshness, Interrupted, Run, RunbookError};

/// An operation whose first part was interrupted this often is not begun again by itself.
const MOST_CLAIMS: u64 = 6;

/// What became of a lease.
enum Renewal {
    Kept,
    Lost,
}

/// What was done of an operation before a part of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing.
    Nothing,
    /// Earlier parts, or perhaps this one.
    Something,
}

/// Work that takes longer than this says meanwhile that it runs.
const MOMENT: SignedDuration = SignedDuration::from_secs(1);

impl Engine {
    /// Claims the operation, or its next part, before anything is done for it.
    /// `None`: somebody else wrote meanwhile, and everything has to be looked at again.
    pub(super) async fn claim(&self, operation: &Operation) -> Result<Option<u64>, Failure> {
        let fence = operation.fence + 1;
        let claimed =
            Event::Claimed { worker: self.worker.clone(), fence, lease_until: self.now() + self.lease };
        let appended = self.append(operation, vec![claimed]).await?;
        Ok((appended == Appended::Done).then_some(fence))
    }

    /// Runs the part that was claimed under `fence`, and shows meanwhile that it runs.
    pub(super) async fn apply(
        &self,
        id: &OperationId,
        (fence, before): (u64, Before),
        permitted: &Permitted,
    ) -> Result<Step, Failure> {
        let Some(operation) = self.current(id).await? else { return Ok(Step::Over) };
        let (Phase::Applying(claim), Some(proposal)) = (&operation.phase, &operation.proposal) else {
            return Ok(Step::Again);
        };
        if claim.fence != fence || claim.worker != self.worker {
            return Ok(Step::Again);
        }
        if self.now() > claim.lease_until {
            // It took so long to come here that another worker may have taken over.
            return Ok(Step::Rest(Some(self.now())));
        }
        let state = claim.state.as_ref().map(|state| self.revealed(&operation, state)).transpose();
        let (Ok(plan), Ok(state)) = (self.revealed_plan(&operation, &proposal.plan), state) else {
            let error = RunbookError::Unknown("what was hidden is not known here".into());
            return self.give_up(id, fence, Some(error)).await;
        };
        let run = Run { operation: id, fence, plan: &plan, state: state.as_ref(), now: self.now() };
        let (ending, mut ended) = watch::channel(());
        let until = ended.clone();
        let working = async {
            let applied = permitted.runbook.apply(&permitted.permit, run).await;
            drop(ending);
            applied
        };
        // What is done in a moment shows its end alone. A drawing that has begun is waited for,
        // so that it never lands after the end.
        let showing = async {
            let wanted = claim.state.is_none() && operation.card.is_some();
            let long = self.ports.clock.sleep_until(self.now() + MOMENT);
            tokio::select! {
                biased;
                _ = ended.changed() => {}
                () = long, if wanted => { self.show_on_the_way(&operation).await; }
            }
        };
        let (applied, (), ()) = tokio::join!(working, showing, self.keep_the_lease(id, fence, until));
        let event = match (applied, before) {
            // "Nothing was changed" is its word for this part alone.
            (Err(error @ (RunbookError::Refused(_) | RunbookError::Failed(_))), Before::Something) => {
                self.broke_halfway(&error)
            }
            (applied, _) => self.event_of(applied, fence),
        };
        self.record(id, fence, event).await
    }

    /// Says again and again that the worker is alive, until `ended` is closed. When another worker has taken
    /// over, there is nothing left to keep.
    async fn keep_the_lease(&self, id: &OperationId, fence: u64, mut ended: watch::Receiver<()>) {
        loop {
            // Often enough that a lease outlives two renewals that were lost.
            let next = self.ports.clock.sleep_until(self.now() + self.lease / 3);
            tokio::select! {
                biased;
                _ = ended.changed() => return,
                () = next => {}
            }
            match self.renew(id, fence).await {
                Ok(Renewal::Kept) => {}
                Ok(Renewal::Lost) => {
                    tracing::warn!(operation = %id, fence, "another worker took over while this one was at it");
                    return;
                }
                Err(failure) => {
                    self.log("a lease could not be renewed; it will be tried again", &failure);
                }
            }
        }
    }

    async fn renew(&self, id: &OperationId, fence: u64) -> Result<Renewal, Failure> {
        loop {
            let Some(operation) = self.held(id, fence).await? else { return Ok(Renewal::Lost) };
            let renewed = Event::Renewed { fence, lease_until: self.now() + self.lease };
            if self.append(&operation, vec![renewed]).await? == Appended::Done {
                return Ok(Renewal::Kept);
            }
        }
    }

    fn event_of(&self, applied: Result<Applied, RunbookError>, fence: u64) -> Event {
        match applied {
            Ok(Applied::Done(report)) => Event::Finished { outcome: Outcome::Succeeded(report) },
            Ok(Applied::Continue { state, progress, after }) => Event::Progressed {
                fence,
                state,
                progress,
                resume_at: self.now() + after,
                lease_until: self.now() + after + self.lease,
            },
            Err(RunbookError::Refused(refusal)) => Event::Finished { outcome: self.refused_late(&refusal) },
            Err(error @ RunbookError::Failed(_)) => {
                let reference = self.log("a runbook failed, and nothing was changed", &error);
                let reason = "It failed, and nothing was changed.".to_owned();
                Event::Finished { outcome: Outcome::Failed { reason, reference } }
            }
            Err(error @ RunbookError::Unknown(_)) => {
                let reference = self.log("the outcome of a runbook is unknown", &error);
                let reason = "It broke in the middle: someone must look whether it was done.".to_owned();
                Event::Finished { outcome: Outcome::Unknown { reason, reference } }
            }
        }
    }

    /// A part was not done, and others were, or may have been.
    fn broke_halfway(&self, error: &RunbookError) -> Event {
        let reference = self.log("a run broke halfway", error);
        let reason = "It could not be carried on: someone must look how far it came.".to_owned();
        Event::Finished { outcome: Outcome::Unknown { reason, reference } }
    }

    /// The runbook refused at the last moment, after the plan had been made again.
    fn refused_late(&self, refusal: &Refusal) -> Outcome {
        let error = RunbookError::Refused(refusal.clone());
        let reference = self.log("a runbook refused to apply what it had planned", &error);
        let reason = match refusal {
            Refusal::Blocked { sentence } => sentence.clone(),
            _ => "The runbook refused at the last moment, and nothing was changed.".to_owned(),
        };
        Outcome::Failed { reason, reference }
    }

    /// Writes what a part ended with, as long as the claim under which it ran still stands.
    async fn record(&self, id: &OperationId, fence: u64, event: Event) -> Result<Step, Failure> {
        loop {
            let Some(operation) = self.held(id, fence).await? else {
                tracing::warn!(operation = %id, fence, "another worker took over; this outcome is not written");
                return Ok(Step::Again);
            };
            if self.append(&operation, vec![event.clone()]).await? == Appended::Done {
                return Ok(Step::Again);
            }
        }
    }

    /// The operation, as long as the claim stands. As it was written here last, it is good enough to append to;
    /// that the claim is lost is only believed of what was just read.
    async fn held(&self, id: &OperationId, fence: u64) -> Result<Option<Operation>, Failure> {
        let stands = |operation: &Operation| matches!(&operation.phase, Phase::Applying(claim) if claim.fence == fence);
        match self.written.remembered(id).filter(stands) {
            Some(operation) => Ok(Some(operation)),
            None => Ok(self.load(id).await?.filter(stands)),
        }
    }

    /// An operation that is being applied: continues it, waits, or finds out what became of it.
    pub(super) async fn carry_on(&self, operation: &Operation, claim: &Claim) -> Result<Step, Failure> {
        match claim.resume_at {
            Some(resume_at) if resume_at > self.now() => match self.show_on_the_way(operation).await {
                Shown::Drawn => Ok(Step::Rest(Some(resume_at))),
                Shown::Later(when) => Ok(Step::Rest(Some(resume_at.min(when)))),
            },
            Some(_) => self.next_part(operation).await,
            None => self.interrupted(operation, claim).await,
        }
    }

    async fn next_part(&self, operation: &Operation) -> Result<Step, Failure> {
        match self.permitted(operation, Freshness::Recent, &self.voucher_for(operation)).await? {
            Ok(permitted) => match self.claim(operation).await? {
                Some(fence) => {
                    self.apply(&operation.request.id, (fence, Before::Something), &permitted).await
                }
                None => Ok(Step::Again),
            },
            Err(stop) => self.stop_halfway(operation, &stop).await,
        }
    }

    /// A part was running when its worker disappeared.
    async fn interrupted(&self, operation: &Operation, claim: &Claim) -> Result<Step, Failure> {
        let gone = self.ports.ledger.is_exclusive() || claim.worker == self.worker;
        if !gone && self.now() <= claim.lease_until {
            return Ok(Step::Rest(Some(after(claim.lease_until))));
        }
        let voucher = self.voucher_for(operation);
        // Whether it was done can be found out without its secrets.
        let args = &operation.request.args;
        let permitted = match self.permitted_with((operation, args), Freshness::Recent, &voucher).await? {
            Ok(permitted) => permitted,
            Err(stop) => return self.stop_halfway(operation, &stop).await,
        };
        let became = permitted.runbook.interrupted(&operation.request.id, claim.fence).await;
        let id = &operation.request.id;
        let Some(fence) = self.claim(operation).await? else { return Ok(Step::Again) };
        match became {
            Ok(Interrupted::NotDone | Interrupted::Again) if fence > MOST_CLAIMS && claim.state.is_none() => {
                let error = RunbookError::Unknown("it was interrupted again and again".into());
                self.give_up(id, fence, Some(error)).await
            }
            // Nothing was done yet: the votes, the time and the plan are looked at again first.
            Ok(Interrupted::NotDone) if claim.state.is_none() => {
                self.record(id, fence, Event::Released { fence }).await
            }
            // Some of it may be done already. It goes on, but is not begun anew long after it was signed.
            Ok(Interrupted::Again)
                if claim.state.is_none() && claim.run_by.is_some_and(|end| self.now() > end) =>
            {
                let error = RunbookError::Unknown("it was interrupted, and is too late to go on".into());
                self.give_up(id, fence, Some(error)).await
            }
            Ok(Interrupted::NotDone | Interrupted::Again) => {
                match self.permitted(operation, Freshness::Recent, &voucher).await? {
                    Ok(permitted) => self.apply(id, (fence, Before::Something), &permitted).await,
                    Err(_) => self.give_up(id, fence, None).await,
                }
            }
            Ok(Interrupted::Done(report)) => {
                let outcome = Outcome::Succeeded(report);
                self.record(id, fence, Event::Finished { outcome }).await
            }
            Ok(Interrupted::Unknown) => self.give_up(id, fence, None).await,
            Err(error) => self.give_up(id, fence, Some(error)).await,
        }
    }

    /// Nobody knows what became of it, and nothing retries it.
    async fn give_up(
        &self,
        id: &OperationId,
        fence: u64,
        cause: Option<RunbookError>,
    ) -> Result<Step, Failure> {
        let error = cause.unwrap_or_else(|| RunbookError::Unknown("the worker died while applying".into()));
        let reference = self.log("an interrupted operation's outcome is unknown", &error);
        let reason = "The program stopped in the middle: someone must look whether it was done.".to_owned();
        self.record(id, fence, Event::Finished { outcome: Outcome::Unknown { reason, reference } }).await
    }

    /// Policy says no in the middle of a run: what was done stays done, and nothing more is begun.
    async fn stop_halfway(&self, operation: &Operation, stop: &Stop) -> Result<Step, Failure> {
        tracing::warn!(operation = %operation.request.id, ?stop, "policy stopped a run in the middle");
        let error = RunbookError::Unknown("policy stopped the run in the middle".into());
        let reference = self.log("a run was stopped halfway", &error);
        let reason =
            "The rules changed while it ran, so it was not carried on: someone must look how far it came."
                .to_owned();
        let outcome = Outcome::Unknown { reason, reference };
        self.append(operation, vec![Event::Finished { outcome }]).await?;
        Ok(Step::Again)
    }
}

/// The first moment after `time`.
fn after(time: Timestamp) -> Timestamp {
    time + jiff::SignedDuration::from_millis(1)
}
