//! What happens to people and things by itself, between two steps of the engines.

use countersign_core::ids::LockKey;
use countersign_core::policy::{Freeze, Frozen, Reach, Standing};

use crate::faults::Disturbance;
use crate::office::{ACCOUNTS, MEMBERS};
use crate::people::{self, Intent, Wish};
use crate::world::{World, target_of};

/// Something about people or things changes.
pub fn change(world: &mut World, what: Disturbance) {
    let ask = world.random.below(world.history.asks.len());
    let person = world.random.below(MEMBERS);
    match what {
        Disturbance::Drift => {
            let target = world.history.asks.get(ask).and_then(|ask| target_of(ask.target));
            let Some(target) = target else { return };
            let value = world.targets.value(target) + 100;
            let tick = world.happens(|| format!("target {target} changes by itself to {value}"));
            world.targets.set(target, tick, value);
        }
        Disturbance::TakeBack => {
            // Somebody who has something to take back, if there is anybody.
            let first = world.random.below(MEMBERS);
            for step in 0..MEMBERS {
                let person = (first + step) % MEMBERS;
                let intent = Intent { person, ask, wish: Wish::TakeBack, tries: 0 };
                if people::take_back(world, &intent).is_some() {
                    return;
                }
            }
        }
        Disturbance::Object => {
            people::act(world, Intent { person, ask, wish: Wish::Object, tries: 0 });
        }
        Disturbance::Cancel => {
            let caller = world.history.asks.get(ask).map_or(person, |ask| ask.person);
            let person = if world.random.in_thousand(700) { caller } else { person };
            people::act(world, Intent { person, ask, wish: Wish::Cancel, tries: 0 });
        }
        Disturbance::Forbid => forbid(world, ask),
        Disturbance::Leave => leave(world, person),
        Disturbance::Share => {
            let tick = world.happens(|| "the channel is shared".to_owned());
            let now = world.now;
            world.staff.share((tick, now), Reach::Shared);
        }
        Disturbance::Delete => {
            let Some(root) = world.history.asks.get(ask).and_then(|ask| ask.root.clone()) else { return };
            let tick = world.happens(|| format!("message {root} is deleted"));
            if let Some(message) = world.slack.message_mut(&root) {
                message.gone.get_or_insert(tick);
                for reaction in &mut message.reactions {
                    reaction.taken.get_or_insert(tick);
                }
            }
        }
        Disturbance::Crash | Disturbance::Freeze => {}
    }
}

/// A target, or everything, is frozen by hand for a while.
fn forbid(world: &mut World, ask: usize) {
    let Some(target) = world.history.asks.get(ask).map(|ask| ask.target) else { return };
    let what = match world.random.in_thousand(500) {
        true => Frozen::Everything,
        false => Frozen::Lock(LockKey::new(format!("target {target}"))),
    };
    let until = world.now + world.millis(20_000, 120_000);
    let others = world.random.in_thousand(500).then_some(1);
    let tick = world.happens(|| format!("{what} is frozen, and {others:?} more may override it"));
    world.freezes.push((tick, Freeze { what, until, reason: String::new(), by: None, others }));
}

/// A person loses something that made their signature count, or gets it back.
fn leave(world: &mut World, person: usize) {
    let what = world.random.below(4);
    let name = ACCOUNTS.get(person).map_or("", |account| account.user);
    let words = ["leaves the channel", "leaves sre", "is deactivated", "joins sre"];
    let tick = world.happens(|| format!("{name} {}", words.get(what).unwrap_or(&"")));
    let now = world.now;
    world.staff.change(person, (tick, now), |state| match what {
        0 => state.inside = false,
        1 => state.sre = false,
        2 => state.standing = Standing::Deactivated,
        _ => state.sre = true,
    });
}
