//! Nothing runs twice, and nothing runs after its end.

use countersign_core::operation::Outcome;

use super::{Case, Findings};
use crate::office::Kind;
use crate::world::World;

/// Every runbook was called as its kind allows.
pub fn check(world: &World, case: &Case, found: &mut Findings) {
    let Some(ask) = case.asked(world) else { return };
    let calls = || world.history.work.iter().filter(|call| call.operation == case.id);
    let changes = calls().filter(|call| call.changed.is_some()).count();
    let most = if ask.known.kind == Kind::Long { 3 } else { 1 };
    found.expect(changes <= most, "nothing runs twice", || format!("{} changed {changes} times", case.id));
    if ask.known.kind == Kind::Fragile {
        found.expect(calls().count() <= 1, "an unknown is never retried", || {
            format!("{} was called {} times", case.id, calls().count())
        });
    }
    if let Some(end) = case.ended() {
        for call in calls() {
            found.expect(call.called < end, "nothing begins after its end", || {
                format!("{} was called at {}", case.id, call.called)
            });
        }
        let died_in_it = matches!(case.outcome(), Some(Outcome::Unknown { .. }));
        let resumed = case.claims.iter().any(|claim| claim.tick > end);
        found.expect(!(died_in_it && resumed), "an unknown is never retried", || case.id.to_string());
    }
}
