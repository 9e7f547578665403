//! What commands do: each kind keeps its part of the contract, and fails in the ways that the contract has.

use async_trait::async_trait;
use countersign_core::ids::OperationId;
use countersign_core::operation::{Progress, Report};
use countersign_core::plan::{FieldChange, Fingerprint, Fixed, Plan, Step};
use countersign_core::policy::{Permit, Refusal};
use countersign_engine::ports::{Applied, Interrupted, Run, Runbook, RunbookError};
use jiff::SignedDuration;
use serde_json::json;

use crate::gate::{Fate, OnPurpose, Port};
use crate::history;
use crate::office::{Kind, Known};
use crate::stalls;
use crate::world::{World, target_of};

/// So many parts has long work.
const PARTS: u32 = 3;

/// One command's work.
#[derive(Debug)]
pub struct Work {
    pub(super) port: Port,
    pub(super) known: &'static Known,
}

impl Work {
    /// Waits until the work may be done. `None`: it is done; else what went wrong before it.
    async fn enter(&self) -> Result<Fate, RunbookError> {
        let fate = self.port.enter().await;
        let mut world = self.port.shared.lock();
        let goes_wrong = world.strikes(|faults| faults.work / 4);
        match fate {
            Fate::Fails => Err(RunbookError::Failed(Box::new(OnPurpose))),
            _ if goes_wrong && world.random.in_thousand(500) => Err(refused("It cannot be done.")),
            fate => Ok(fate),
        }
    }

    /// Does a part, unless it was done; gives what it ends with.
    fn work(&self, target: usize, (run, part): (&Run<'_>, u32)) -> Result<Applied, RunbookError> {
        let mut world = self.port.shared.lock();
        let mark = (run.operation.clone(), part);
        let was_done = world.targets.marks.contains(&mark);
        let keeps_marks = matches!(self.known.kind, Kind::Exact | Kind::Long);
        if keeps_marks && world.targets.is_given_up(run.operation, run.fence) {
            return Err(RunbookError::Failed(Box::new(OnPurpose)));
        }
        if self.known.kind != Kind::Reads && !(keeps_marks && was_done) {
            let value = world.targets.value(target);
            let signed = before(run.plan);
            if self.known.kind == Kind::Exact && signed.as_deref() != Some(&value.to_string()) {
                return Err(refused("It changed at the last moment."));
            }
            world.targets.marks.push(mark);
            self.change(&mut world, target, (run.operation, part));
        }
        drop(world);
        Ok(self.ending(part))
    }

    fn change(&self, world: &mut World, target: usize, (operation, part): (&OperationId, u32)) {
        let tick =
            crate::gate::happens(world, self.port.life, || format!("CHANGED by {operation} part {part}"));
        if self.known.kind != Kind::Long || part + 1 == PARTS {
            let value = world.targets.value(target) + 1;
            world.targets.set(target, tick, value);
        }
        let call =
            world.history.work.iter_mut().rev().find(|call| {
                call.life == self.port.life && call.operation == *operation && call.part == part
            });
        if let Some(call) = call {
            call.changed = Some(tick);
        }
    }

    fn ending(&self, part: u32) -> Applied {
        if self.known.kind != Kind::Long || part + 1 >= PARTS {
            return Applied::Done(Report { summary: "Done.".to_owned(), table: None });
        }
        let after = self.port.shared.lock().millis(0, 9_000);
        let progress = Progress { done: part + 1, total: PARTS, note: String::new() };
        Applied::Continue { state: json!(part + 1), progress, after: after.max(SignedDuration::ZERO) }
    }

    /// The call as the checker has to know it, before anything is done.
    fn called(&self, permit: &Permit, (run, part): (&Run<'_>, u32)) {
        let fingerprint = Fingerprint::of(permit.command(), permit.args(), run.plan);
        let mut world = self.port.shared.lock();
        let called = crate::gate::happens(&mut world, self.port.life, || {
            format!("is to do {} part {part} of plan {}", run.operation, fingerprint.short())
        });
        let called_at = world.now;
        world.history.work.push(history::Work {
            called,
            called_at,
            changed: None,
            life: self.port.life,
            operation: run.operation.clone(),
            part,
            fingerprint,
            before: before(run.plan),
        });
        stalls::at_work(&mut world, self.port.life, run.operation);
    }
}

#[async_trait]
impl Runbook for Work {
    async fn plan(&self, permit: &Permit, fixed: &Fixed) -> Result<Plan, RunbookError> {
        let fate = self.enter().await?;
        let (target, value) = {
            let world = self.port.shared.lock();
            let target = target_in(permit)?;
            (target, world.targets.value(target))
        };
        self.port.happens(|| format!("planned {} on {target}: {value}", self.known.name));
        self.port.leave().await;
        if fate == Fate::IsLost {
            return Err(RunbookError::Failed(Box::new(OnPurpose)));
        }
        let change = FieldChange {
            of: None,
            field: "value".to_owned(),
            before: Some(value.to_string()),
            after: Some((value + 1).to_string()),
        };
        let changes = if self.known.kind == Kind::Reads { Vec::new() } else { vec![change] };
        let steps = vec![Step { title: "Update".to_owned(), changes }];
        Ok(Plan { steps, fixed: fixed.clone(), ..Plan::default() })
    }

    async fn apply(&self, permit: &Permit, run: Run<'_>) -> Result<Applied, RunbookError> {
        let part = run.state.and_then(serde_json::Value::as_u64).and_then(|part| u32::try_from(part).ok());
        let part = part.unwrap_or_default();
        self.called(permit, (&run, part));
        let fate = self.enter().await?;
        let applied = self.work(target_in(permit)?, (&run, part))?;
        self.port.leave().await;
        match fate {
            Fate::IsLost => Err(RunbookError::Unknown(Box::new(OnPurpose))),
            _ => Ok(applied),
        }
    }

    fn only_reads(&self) -> bool {
        self.known.kind == Kind::Reads
    }

    async fn interrupted(&self, operation: &OperationId, fence: u64) -> Result<Interrupted, RunbookError> {
        if self.port.enter().await != Fate::Works {
            return Err(RunbookError::Failed(Box::new(OnPurpose)));
        }
        let was_done = {
            let mut world = self.port.shared.lock();
            let was_done = world.targets.marks.iter().any(|(done, _)| done == operation);
            // Whoever was taken for dead does nothing any more, should they be alive.
            world.targets.given_up.push((operation.clone(), fence));
            was_done
        };
        self.port.leave().await;
        Ok(match self.known.kind {
            Kind::Exact if was_done => {
                Interrupted::Done(Report { summary: "It had been done.".to_owned(), table: None })
            }
            Kind::Fragile => Interrupted::Unknown,
            Kind::Long => Interrupted::Again,
            Kind::Exact | Kind::Reads => Interrupted::NotDone,
        })
    }
}

fn target_in(permit: &Permit) -> Result<usize, RunbookError> {
    let target = permit.args().get("target").and_then(serde_json::Value::as_str).and_then(target_of);
    target.ok_or_else(|| refused("There is no such thing."))
}

fn before(plan: &Plan) -> Option<String> {
    plan.steps.first()?.changes.first()?.before.clone()
}

fn refused(sentence: &str) -> RunbookError {
    RunbookError::Refused(Refusal::Blocked { sentence: sentence.to_owned() })
}
