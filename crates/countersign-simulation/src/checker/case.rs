//! One operation, laid out for the checks: its records, who wrote them when, and the claims among them.

use countersign_core::audit::{Record, verify};
use countersign_core::command::spec::Risk;
use countersign_core::ids::{MessageId, OperationId};
use countersign_core::operation::{Event, Operation, Outcome, Phase};
use countersign_core::plan::Fingerprint;
use countersign_engine::ports::Ledger as _;
use jiff::Timestamp;

use super::{Findings, now};
use crate::history::{Ask, Life, Tick};
use crate::ports::Stores;
use crate::world::World;

/// An operation and its sentence.
#[derive(Debug)]
pub struct Case {
    /// The operation.
    pub id: OperationId,
    /// The number of its sentence.
    pub ask: usize,
    /// Its records, when each was written, and by whom.
    pub records: Vec<(Record, Tick, Life)>,
    /// When its card first said what people sign.
    pub opened: Option<Tick>,
    /// Its claims.
    pub claims: Vec<Claim>,
    /// How it stands at the end.
    pub operation: Operation,
    /// When it was closed.
    pub closed: Option<Tick>,
}

/// One claim.
#[derive(Debug)]
pub struct Claim {
    /// When it was written.
    pub tick: Tick,
    /// When it was made, by the maker's clock (UTC).
    pub at: Timestamp,
    /// By whom.
    pub life: Life,
    /// Until when the lease reached in the end (UTC).
    pub lease_until: Timestamp,
    /// Since when everything that the claim rests on had to be looked at.
    pub since: Tick,
    /// Was it the first, or nothing had been done under those before?
    pub is_first: bool,
    /// Until when the work had to start (UTC).
    pub run_by: Option<Timestamp>,
    /// Until when signatures could come (UTC).
    pub approve_by: Option<Timestamp>,
    /// The plan that it is for.
    pub fingerprint: Option<Fingerprint>,
    /// What that plan says about the target.
    pub before: Option<String>,
    /// When it ended, by whatever record.
    pub ended: Option<Tick>,
}

impl Case {
    /// Its sentence.
    pub fn asked<'w>(&self, world: &'w World) -> Option<&'w Ask> {
        world.history.asks.get(self.ask)
    }

    /// When its end was written.
    pub fn ended(&self) -> Option<Tick> {
        let end = |(record, _, _): &&(Record, Tick, Life)| {
            matches!(record.event, Event::Finished { .. } | Event::Stopped { .. })
        };
        self.records.iter().find(end).map(|(_, tick, _)| *tick)
    }

    /// Its outcome, if it ran.
    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.operation.phase {
            Phase::Finished(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// Did it wait for votes, or for its claim, at every moment of a window?
    pub fn is_open_throughout(&self, (from, to): (Tick, Tick)) -> bool {
        let known = |tick: &Tick| self.opened.is_some_and(|opened| opened < *tick);
        let claimed = |claim: &Claim| claim.tick <= to && claim.ended.is_none_or(|ended| ended >= from);
        known(&from) && !self.claims.iter().any(claimed) && self.ended().is_none_or(|ended| ended > to)
    }

    /// Does the ledger call this message its card?
    pub fn knows(&self, message: &MessageId) -> bool {
        self.records.iter().any(|(record, _, _)| record.names() == Some(message))
    }

    /// Does anybody have to sign it?
    pub fn is_signed(&self) -> bool {
        self.operation.request.risk != Risk::Read
    }
}

/// All operations, as far as their records can be read.
pub fn cases(world: &World, stores: &Stores, found: &mut Findings) -> Vec<Case> {
    let mut cases = Vec::new();
    for chain in &world.history.chains {
        let Some(Ok(records)) = now(stores.ledger.load(&chain.operation)) else { continue };
        found.expect(verify(&records).is_ok(), "the chain verifies", || chain.operation.to_string());
        found.expect(records.len() == chain.written.len(), "the trail is complete", || {
            format!("{} has records that nobody wrote", chain.operation)
        });
        let written: Vec<(Record, Tick, Life)> = records
            .into_iter()
            .zip(&chain.written)
            .map(|(record, (tick, life))| (record, *tick, *life))
            .collect();
        match lay_out(chain.operation.clone(), written) {
            Some(mut case) => {
                case.closed = chain.closed;
                cases.push(case);
            }
            None => found.expect(false, "every operation folds", || chain.operation.to_string()),
        }
    }
    cases
}

fn lay_out(id: OperationId, records: Vec<(Record, Tick, Life)>) -> Option<Case> {
    let (first, rest) = records.split_first()?;
    let mut operation = Operation::fold(std::slice::from_ref(&first.0)).ok()?;
    let ask = operation.request.args.get("ref")?.as_u64()?;
    let mut claims: Vec<Claim> = Vec::new();
    let mut since = first.1;
    let mut opened = None;
    for (record, tick, life) in rest {
        let before = operation.phase.clone();
        operation.apply(record).ok()?;
        match &record.event {
            Event::Planned { .. } | Event::Approved { .. } | Event::Progressed { .. } => since = *tick,
            Event::CardShown { .. } => {
                opened.get_or_insert(*tick);
            }
            Event::Renewed { lease_until, .. } => {
                if let Some(claim) = claims.last_mut() {
                    claim.lease_until = *lease_until;
                }
            }
            Event::Claimed { lease_until, .. } => {
                end(&mut claims, *tick);
                let run_by = match &before {
                    Phase::Approved { run_by } => *run_by,
                    _ => None,
                };
                let proposal = operation.proposal.as_ref();
                let change = proposal.and_then(|proposal| proposal.plan.steps.first()?.changes.first());
                claims.push(Claim {
                    tick: *tick,
                    at: record.at,
                    life: *life,
                    lease_until: *lease_until,
                    since,
                    is_first: matches!(before, Phase::Approved { .. }),
                    run_by,
                    approve_by: proposal.and_then(|proposal| proposal.approve_by),
                    fingerprint: operation.fingerprint(),
                    before: change.and_then(|change| change.before.clone()),
                    ended: None,
                });
                since = *tick;
            }
            Event::Released { .. } => {
                end(&mut claims, *tick);
                since = *tick;
            }
            Event::Finished { .. } | Event::Stopped { .. } => end(&mut claims, *tick),
            _ => {}
        }
        if let Event::Progressed { .. } = &record.event {
            end(&mut claims, *tick);
        }
    }
    Some(Case { id, ask: usize::try_from(ask).ok()?, records, opened, claims, operation, closed: None })
}

fn end(claims: &mut [Claim], tick: Tick) {
    if let Some(claim) = claims.last_mut() {
        claim.ended.get_or_insert(tick);
    }
}
