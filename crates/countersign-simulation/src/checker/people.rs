//! What people did beside voting counts for those who may: the caller cancels, who could have signed resolves.

use countersign_core::ids::PersonId;
use countersign_core::operation::{Event, Stop};

use super::{Case, Findings};
use crate::history::{Ask, Did, Tick};
use crate::office::account_of;
use crate::staff::{may_run, may_sign};
use crate::world::World;

/// Every cancellation and every resolution is of a person who said so, and who may.
pub fn check(world: &World, case: &Case, found: &mut Findings) {
    let Some(ask) = case.asked(world) else { return };
    for (record, tick, _) in &case.records {
        let (is_right, what) = match &record.event {
            Event::Stopped { stop: Stop::Cancelled { by } } => {
                let said = has_said(world, (case.ask, by), (Did::Cancelled, *tick));
                (said && account_of(&by.user) == Some(ask.person), "cancelled")
            }
            Event::Resolved(resolution) => {
                let by = &resolution.by;
                let said = has_said(world, (case.ask, by), (Did::Resolved, *tick));
                (said && could_sign(world, ask, (by, *tick)), "resolved")
            }
            _ => continue,
        };
        found.expect(is_right, "who may not changes nothing", || format!("{} was {what} at {tick}", case.id));
    }
}

fn has_said(world: &World, (ask, by): (usize, &PersonId), (did, tick): (Did, Tick)) -> bool {
    let person = account_of(&by.user);
    let mut acts = world.history.acts.iter();
    acts.any(|act| act.ask == ask && Some(act.person) == person && act.did == did && act.tick < tick)
}

fn could_sign(world: &World, ask: &Ask, (by, tick): (&PersonId, Tick)) -> bool {
    let Some(person) = account_of(&by.user) else { return false };
    let is_caller = person == ask.person;
    let alone = ask.known.others == 0;
    world.staff.ever(person, (0, tick), |state| {
        state.inside
            && if is_caller {
                alone && may_run(ask.known, person, state)
            } else {
                may_sign(ask.known, person, state)
            }
    })
}
