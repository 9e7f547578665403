//! The audit trail is complete: nothing happened that does not stand in it, before it happened.

use countersign_core::operation::{Event, Outcome, Phase};

use super::{Case, Findings};
use crate::office::Kind;
use crate::world::World;

/// Every effect stands under a claim, and every outcome is true.
pub fn check(world: &World, case: &Case, found: &mut Findings) {
    let Some(ask) = case.asked(world) else {
        return found.expect(false, "an operation has a sentence", || case.id.to_string());
    };
    let calls = || world.history.work.iter().filter(|call| call.operation == case.id);
    for call in calls() {
        let claim =
            case.claims.iter().rev().find(|claim| claim.life == call.life && claim.tick < call.called);
        found.expect(claim.is_some(), "a claim stands before the effect", || {
            format!("#{} works on {} at {} without one", call.life, case.id, call.called)
        });
        let Some(claim) = claim else { continue };
        found.expect(call.called_at <= claim.lease_until, "nobody begins after the lease", || {
            format!("#{} works on {} at {}, after its lease", call.life, case.id, call.called)
        });
        // What was certainly not begun is looked at once more as a whole before it runs.
        let looked_at = claim.is_first || ask.known.kind != Kind::Exact;
        found.expect(looked_at, "what was not begun is looked at again", || {
            format!("{} ran at {} without another look", case.id, call.called)
        });
        found.expect(claim.fingerprint == Some(call.fingerprint), "what runs is what was claimed", || {
            format!("{} ran another plan at {}", case.id, call.called)
        });
    }
    let is_done = |part: u32| calls().any(|call| call.part == part && call.changed.is_some());
    let is_true = match (&case.operation.phase, ask.known.kind) {
        (_, Kind::Reads) | (Phase::Finished(Outcome::Unknown { .. }), _) => true,
        (Phase::Finished(Outcome::Succeeded(_)), Kind::Long) => (0..3).all(is_done),
        (Phase::Finished(Outcome::Succeeded(_)), _) => is_done(0),
        _ => !(0..3).any(is_done),
    };
    found.expect(is_true, "the outcome is true", || {
        let records = case.records.iter().map(|(record, _, _)| &record.event);
        let mut end = records.filter(|event| matches!(event, Event::Finished { .. } | Event::Stopped { .. }));
        format!("{} says {:?}", case.id, end.next_back())
    });
}
