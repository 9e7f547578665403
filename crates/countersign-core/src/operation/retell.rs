//! The shortest history: for a ledger with little room.

use jiff::Timestamp;

use super::{Card, Claim, Event, Operation, Phase, Proposal, Stop, WithdrawnBecause};
use crate::approval::VoteSource;
use crate::ids::WorkerId;
use crate::plan::{Fingerprint, Plan};

impl Operation {
    /// The fewest events that add up to the operation as it stands, the request first. What a history keeps beside
    /// the state is gone: votes taken back, drawings, renewals, places in a line.
    ///
    /// Its length depends on the plan and on the votes that stand, not on how much has happened.
    pub fn retell(&self) -> Vec<Event> {
        let mut events = vec![Event::Requested(Box::new(self.request.clone()))];
        if let (None, Some(root)) = (&self.request.origin.message, &self.root) {
            events.push(Event::RootShown { message: root.clone() });
        }
        if let Some(proposal) = &self.proposal {
            self.retell_the_plan(proposal, &mut events);
            if self.phase == Phase::Voting && self.fence > 0 {
                self.retell_that_it_waits_again(proposal, &mut events);
            }
            events.extend(self.votes.iter().cloned().map(Event::Voted));
            if self.reminders > 0 && proposal.approve_by.is_some() {
                events.push(Event::Reminded { count: self.reminders });
            }
            if let (Some(run_by), Some(_)) = (self.retold_run_by(), proposal.approve_by) {
                events.push(Event::Approved { fingerprint: proposal.fingerprint, run_by });
            }
        } else {
            events.extend(self.card.as_ref().map(|card| shown(card, self.requested_at)));
        }
        self.retell_the_end(&mut events);
        events
    }

    fn retell_the_plan(&self, proposal: &Proposal, events: &mut Vec<Event>) {
        let Proposal { plan, fingerprint, approve_by } = proposal.clone();
        let now = Event::Planned { plan: Box::new(plan.clone()), fingerprint, approve_by };
        let (Some(overtaken), Some(approve_by)) = (self.overtaken.clone(), approve_by) else {
            events.push(now);
            events.extend(self.card.as_ref().map(|card| shown(card, self.requested_at)));
            return;
        };
        let before = Fingerprint::of(&self.request.command, &self.request.args, &overtaken);
        let plan_before: Box<Plan> = Box::new(overtaken);
        events.push(Event::Planned { plan: plan_before, fingerprint: before, approve_by: Some(approve_by) });
        events.extend(self.card.as_ref().map(|card| shown(card, self.requested_at)));
        events.push(Event::Drifted { plan: Box::new(plan), fingerprint, approve_by });
        let again = self.card.as_ref().filter(|card| card.shown_at.is_some());
        events.extend(again.map(|card| shown(card, self.requested_at)));
    }

    /// It had been claimed, was let go of, and lost a vote that it had: the number of the claim is not forgotten.
    fn retell_that_it_waits_again(&self, proposal: &Proposal, events: &mut Vec<Event>) {
        let fingerprint = proposal.fingerprint;
        events.push(Event::Approved { fingerprint, run_by: self.requested_at });
        events.extend(self.released());
        events.push(Event::Withdrawn {
            person: self.request.caller.clone(),
            source: VoteSource::Button,
            because: WithdrawnBecause::TakenBack,
        });
    }

    /// A claim that was let go of.
    fn released(&self) -> [Event; 2] {
        let (fence, worker) = (self.fence, WorkerId::new("worker-gone"));
        [Event::Claimed { worker, fence, lease_until: self.requested_at }, Event::Released { fence }]
    }

    /// Until when the work had to start, as far as that was ever settled.
    fn retold_run_by(&self) -> Option<Timestamp> {
        match &self.phase {
            Phase::Approved { run_by } => *run_by,
            Phase::Applying(claim) => claim.run_by,
            // Whatever it was, it is over.
            Phase::Finished(_) => self.proposal.as_ref()?.approve_by,
            Phase::Requested | Phase::Voting | Phase::Stopped(_) => None,
        }
    }

    fn retell_the_end(&self, events: &mut Vec<Event>) {
        match &self.phase {
            Phase::Approved { .. } if self.fence > 0 => events.extend(self.released()),
            Phase::Requested | Phase::Voting | Phase::Approved { .. } => {}
            Phase::Applying(claim) => retell_the_claim(claim, events),
            Phase::Finished(outcome) => events.push(Event::Finished { outcome: outcome.clone() }),
            Phase::Stopped(stop) => events.push(Event::Stopped { stop: stop.clone() }),
        }
        if let (Phase::Stopped(Stop::Objected { by }), Some(reason)) = (&self.phase, &self.reason) {
            events.push(Event::Explained { person: by.clone(), reason: reason.clone() });
        }
        events.extend(self.resolution.clone().map(Event::Resolved));
        events.extend(self.review.clone().map(Event::Reviewed));
    }
}

fn shown(card: &Card, otherwise: Timestamp) -> Event {
    Event::CardShown { message: card.message.clone(), shown_at: card.shown_at.unwrap_or(otherwise) }
}

fn retell_the_claim(claim: &Claim, events: &mut Vec<Event>) {
    let Claim { worker, lease_until, state, progress, resume_at, fence, .. } = claim;
    let claimed = |fence| Event::Claimed { worker: worker.clone(), fence, lease_until: *lease_until };
    if let (Some(state), Some(progress)) = (state, progress) {
        // A part that runs is claimed by itself, after the one before it.
        let before = if resume_at.is_some() { *fence } else { fence.saturating_sub(1) };
        events.push(claimed(before));
        events.push(Event::Progressed {
            fence: before,
            state: state.clone(),
            progress: progress.clone(),
            resume_at: resume_at.unwrap_or(*lease_until),
            lease_until: *lease_until,
        });
        if resume_at.is_some() {
            return;
        }
    }
    events.push(claimed(*fence));
}

#[cfg(test)]
#[path = "retell_tests.rs"]
mod tests;
