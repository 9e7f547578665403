//! Carrying an operation as far as it can go.
//!
//! One advance at a time per operation in this process; between processes the
//! ledger decides, by refusing what does not follow its last record.

use std::sync::Arc;

use countersign_core::ids::OperationId;
use countersign_core::operation::{Event, Operation, Outcome, Phase, Request, Stop};
use countersign_core::plan::{Fingerprint, Fixed, Plan};
use countersign_core::policy::{Ask, Manner, Permit, Refusal};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::ballot::tally_of;
use super::show::Shown;
use super::voucher::Voucher;
use super::{Busy, Engine, Failure, MOST_DOUBLINGS, RETRY};
use crate::Rules;
use crate::ports::{Appended, Freshness, Marker, Runbook, RunbookError};

/// The longest sentence that a card shows whole, in characters.
const MOST_IN_A_SENTENCE: usize = 1_000;

/// What to do after one step.
pub(super) enum Step {
    /// Look at the operation again.
    Again,
    /// Nothing to do before this time (UTC), or before something happens.
    Rest(Option<Timestamp>),
    /// Nothing to do any more.
    Over,
}

/// A command that may run, and what it does.
pub(super) struct Permitted {
    /// The rules by which it may.
    pub(super) rules: Arc<Rules>,
    pub(super) permit: Permit,
    pub(super) runbook: Arc<dyn Runbook>,
}

impl Engine {
    /// Carries the operation on, in the background. Safe to call at any time, any number of times.
    pub(super) fn advance(self: &Arc<Self>, id: &OperationId) {
        if self.tasks.enter(id) {
            // Boxed, as it is large: spawning moves it several times.
            tokio::spawn(Box::pin(Arc::clone(self).carry(id.clone(), self.busy())));
        }
    }

    async fn carry(self: Arc<Self>, id: OperationId, _busy: Busy) {
        let step = loop {
            let (engine, operation) = (Arc::clone(&self), id.clone());
            // In a task of its own, so that a panic ends this attempt and not the operation.
            let step = tokio::spawn(async move { Box::pin(engine.steps(&operation)).await }).await;
            if !self.tasks.leave(&id) {
                break step;
            }
        };
        match step {
            Ok(Ok(_)) => self.tasks.succeeded(&id),
            // Whatever was in the middle of it is read anew.
            _ => self.written.forget(&id),
        }
        match step {
            Ok(Ok(Step::Rest(when))) => {
                self.put_off(&id, when).await;
                match when {
                    Some(when) => self.wake_at(id, when),
                    None => self.tasks.clear_timer(&id),
                }
            }
            Ok(Ok(_)) => self.tasks.clear_timer(&id),
            Ok(Err(failure)) => self.try_later(id, &failure),
            Err(panic) => self.try_later(id, &panic),
        }
    }

    fn try_later(self: Arc<Self>, id: OperationId, cause: &(dyn std::error::Error + 'static)) {
        self.log("an operation could not be carried on; it will be tried again", cause);
        let doublings = self.tasks.failed(&id).saturating_sub(1).min(MOST_DOUBLINGS);
        let when = self.now() + RETRY * 2_i32.pow(doublings);
        self.wake_at(id, when);
    }

    fn wake_at(self: Arc<Self>, id: OperationId, when: Timestamp) {
        let (engine, operation) = (Arc::clone(&self), id.clone());
        let wake = async move {
            engine.ports.clock.sleep_until(when).await;
            if let Some(_busy) = engine.tasks.fire(&operation, when) {
                engine.advance(&operation);
            }
        };
        self.tasks.set_timer(id, when, || tokio::spawn(wake).abort_handle());
    }

    async fn steps(self: &Arc<Self>, id: &OperationId) -> Result<Step, Failure> {
        let mut kept_its_place = false;
        loop {
            let Some(operation) = self.current(id).await? else { return Ok(Step::Over) };
            let keeps = operation.keeps_its_place();
            let gave_it_up = !keeps && (kept_its_place || operation.is_over());
            if let Some(lock) = operation.request.lock.as_ref().filter(|_| gave_it_up) {
                self.let_go(lock);
            }
            kept_its_place = keeps;
            match self.step(operation).await? {
                Step::Again => {}
                rest => {
                    self.written.rest(id);
                    return Ok(rest);
                }
            }
        }
    }

    /// One step: the sentence of the whole product.
    async fn step(&self, operation: Operation) -> Result<Step, Failure> {
        match &operation.phase {
            Phase::Requested => self.plan(&operation).await,
            Phase::Voting => self.wait_for_votes(operation).await,
            Phase::Approved { run_by } => self.verify(&operation, *run_by).await,
            Phase::Applying(claim) => self.carry_on(&operation, claim).await,
            Phase::Finished(_) | Phase::Stopped(_) => self.close(operation).await,
        }
    }

    async fn plan(&self, operation: &Operation) -> Result<Step, Failure> {
        let planning = async {
            let voucher = self.voucher_for(operation);
            let permitted = match self.permitted(operation, Freshness::Recent, &voucher).await? {
                Ok(permitted) if *permitted.permit.quorum() != operation.request.quorum => {
                    return Ok(Event::Stopped { stop: Stop::RulesChanged });
                }
                Ok(permitted) => permitted,
                Err(stop) => return Ok(Event::Stopped { stop }),
            };
            let fixed = Fixed::from([
                ("now".to_owned(), json!(operation.requested_at)),
                ("operation".to_owned(), json!(operation.request.id)),
            ]);
            Ok::<_, Failure>(match self.propose(operation, &permitted, &fixed).await {
                Ok((plan, fingerprint)) => {
                    let needed = operation.request.quorum.is_needed();
                    let approve_by = needed.then(|| self.now() + self.approve_within(operation));
                    Event::Planned { plan: Box::new(plan), fingerprint, approve_by }
                }
                Err(end) => end,
            })
        };
        let (event, ()) = tokio::join!(planning, self.mark(operation, Marker::Taken));
        self.append(operation, vec![event?]).await?;
        Ok(Step::Again)
    }

    /// The runbook's plan and what people sign of it; or the end of an operation that cannot be planned or signed.
    pub(super) async fn propose(
        &self,
        operation: &Operation,
        permitted: &Permitted,
        fixed: &Fixed,
    ) -> Result<(Plan, Fingerprint), Event> {
        let planned = permitted.runbook.plan(&permitted.permit, fixed).await;
        let plan = planned.map_err(|error| self.not_planned(error))?;
        let plan = self.plan_without_secrets(&operation.request.id, &plan);
        let request = &operation.request;
        can_be_signed(request, &plan)
            .and_then(|()| can_be_kept(self.ports.ledger.longest_plan(), &plan))
            .map_err(|refusal| Event::Stopped { stop: Stop::Refused { refusal } })?;
        let fingerprint = Fingerprint::of(&request.command, &request.args, &plan);
        Ok((plan, fingerprint))
    }

    /// What becomes of an operation that cannot be planned: nothing was changed.
    fn not_planned(&self, error: RunbookError) -> Event {
        match error {
            RunbookError::Refused(refusal) => Event::Stopped { stop: Stop::Refused { refusal } },
            error => {
                let reference = self.log("a plan could not be made", &error);
                let reason = "The plan could not be made, and nothing was changed.".to_owned();
                Event::Finished { outcome: Outcome::Failed { reason, reference } }
            }
        }
    }

    async fn wait_for_votes(&self, operation: Operation) -> Result<Step, Failure> {
        // After a start nobody knows yet who is in the user groups, and the card says who has signed.
        self.rules_as_of(Freshness::Recent).await?;
        let approve_by = operation.proposal.as_ref().and_then(|proposal| proposal.approve_by);
        if approve_by.is_none_or(|end| self.now() > end) {
            self.append(&operation, vec![Event::Stopped { stop: Stop::NotSignedInTime }]).await?;
            return Ok(Step::Again);
        }
        let complete = self.tally(&operation).is_complete();
        if let (true, Some(fingerprint)) = (complete, operation.fingerprint()) {
            // One of several ways in which a person had signed is gone, and the set is still complete.
            let run_by = self.now() + self.run_within(&operation);
            self.append(&operation, vec![Event::Approved { fingerprint, run_by }]).await?;
            return Ok(Step::Again);
        }
        let within = self.approve_within(&operation);
        if let Some(reminded) = operation.remind(within, self.now()) {
            if self.append(&operation, vec![reminded]).await? == Appended::Done {
                self.remind(&operation).await;
            }
            return Ok(Step::Again);
        }
        let redraw = match self.show_or_let_be(&operation).await? {
            Shown::Drawn => None,
            Shown::Later(when) => Some(when),
        };
        // A moment later than the last moment in which a vote counts.
        let end = approve_by.map(|end| end + jiff::SignedDuration::from_millis(1));
        Ok(Step::Rest([redraw, operation.next_reminder(within), end].into_iter().flatten().min()))
    }

    /// It is over: says so in the card and on the root message, then closes it.
    async fn close(&self, operation: Operation) -> Result<Step, Failure> {
        let operation = self.with_root_or_without(operation).await?;
        let marker = match &operation.phase {
            Phase::Finished(Outcome::Succeeded(_)) => Marker::Done,
            Phase::Finished(Outcome::Unknown { .. }) => Marker::Unknown,
            _ => Marker::Failed,
        };
        let (shown, ()) = tokio::join!(self.show_or_let_be(&operation), self.mark(&operation, marker));
        if let Shown::Later(when) = shown? {
            return Ok(Step::Rest(Some(when)));
        }
        let id = &operation.request.id;
        self.secrets.forget(id);
        if operation.is_settled() {
            self.ports.ledger.close(id).await?;
            self.written.forget(id);
            self.tasks.forget(id);
            return Ok(Step::Over);
        }
        // A person has to say what became of it, or to review it.
        self.ports.ledger.postpone(id, operation.head, None).await?;
        Ok(Step::Rest(None))
    }

    /// Policy's answer for the caller as things stand now, and what the command does. Without the request's secrets
    /// it cannot be done any more.
    pub(super) async fn permitted(
        &self,
        operation: &Operation,
        freshness: Freshness,
        voucher: &Voucher<'_>,
    ) -> Result<Result<Permitted, Stop>, Failure> {
        match self.revealed(operation, &operation.request.args) {
            Ok(args) => self.permitted_with((operation, &args), freshness, voucher).await,
            Err(stop) => Ok(Err(stop)),
        }
    }

    /// The same with these arguments.
    pub(super) async fn permitted_with(
        &self,
        (operation, args): (&Operation, &Value),
        freshness: Freshness,
        voucher: &Voucher<'_>,
    ) -> Result<Result<Permitted, Stop>, Failure> {
        let request = &operation.request;
        let rules = voucher.rules(freshness).await?;
        let Some((command, runbook)) = rules.command(&request.command) else {
            return Ok(Err(Stop::RulesChanged));
        };
        let place = voucher.place(&request.origin.channel, freshness).await?;
        let person = voucher.person(&request.caller, freshness).await?;
        self.clock_agrees()?;
        let (spec, manner, now) = (command.spec(), manner_of(operation), self.now());
        let ask = Ask { spec, args, person: &person, place: &place, manner, now };
        Ok(match rules.policy.permit(&ask) {
            Ok(permit) => {
                let runbook = Arc::clone(runbook);
                Ok(Permitted { rules, permit, runbook })
            }
            Err(Refusal::NotHere) => Err(Stop::RulesChanged),
            Err(refusal) => Err(Stop::Refused { refusal }),
        })
    }

    /// How long after the last signature the work may still start; nothing, when the command is gone.
    pub(super) fn run_within(&self, operation: &Operation) -> jiff::SignedDuration {
        let rules = self.rules();
        let command = rules.command(&operation.request.command);
        command.map_or(jiff::SignedDuration::ZERO, |(command, _)| command.spec().run_within)
    }

    pub(super) fn tally(&self, operation: &Operation) -> countersign_core::approval::Tally {
        tally_of(&self.rules(), (&operation.request.quorum, operation), &operation.votes)
    }

    pub(super) fn approve_within(&self, operation: &Operation) -> jiff::SignedDuration {
        let rules = self.rules();
        let command = rules.command(&operation.request.command);
        command.map_or(jiff::SignedDuration::ZERO, |(command, _)| command.spec().approve_within)
    }
}

/// Whoever takes over after a crash needs the whole plan: what the ledger could not keep is refused.
fn can_be_kept(longest: Option<usize>, plan: &Plan) -> Result<(), Refusal> {
    let length = || serde_json::to_string(plan).map_or(usize::MAX, |json| json.len());
    match longest {
        Some(longest) if length() > longest => Err(Refusal::TooLarge),
        _ => Ok(()),
    }
}

/// How an operation was asked for.
pub(super) fn manner_of(operation: &Operation) -> Manner {
    match operation.request.emergency {
        Some(_) => Manner::Emergency,
        None if operation.is_from_a_terminal() => Manner::Terminal,
        None => Manner::Chat,
    }
}

/// People sign what they can see: what a card would cut is refused.
fn can_be_signed(request: &Request, plan: &Plan) -> Result<(), Refusal> {
    let sentence = request.sentence.chars().count();
    let fits = sentence <= MOST_IN_A_SENTENCE && (plan.fits_a_card() || plan.pages().is_some());
    if fits || !request.quorum.is_needed() { Ok(()) } else { Err(Refusal::TooLarge) }
}
