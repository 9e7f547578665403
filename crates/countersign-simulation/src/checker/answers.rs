//! What was acknowledged is not lost, and nothing is answered or begun twice.

use countersign_core::envelope::Act;

use super::{Case, Findings};
use crate::history::{Did, Tick};
use crate::staff::may_run;
use crate::world::World;

/// Every acknowledged act came to something, once.
pub fn check(world: &World, cases: &[Case], found: &mut Findings) {
    for (number, ask) in world.history.asks.iter().enumerate() {
        let operations = cases.iter().filter(|case| case.ask == number).count();
        found.expect(operations <= 1, "one sentence is one operation", || {
            format!("sentence {number} began {operations}")
        });
        let Some(act) = world.history.acts.get(ask.act) else { continue };
        let always = (0, Tick::MAX);
        let may = |state| may_run(ask.known, ask.person, state);
        found.expect(
            operations == 0 || world.staff.ever(ask.person, always, may),
            "nothing begins without a permit",
            || format!("sentence {number} is of somebody who may not"),
        );
        let permitted = is_command(&act.envelope.act)
            && world.freezes.is_empty()
            && world.staff.always(ask.person, always, may);
        if permitted && act.acked.is_some() {
            found.expect(operations + ask.apologies > 0, "what was acknowledged is not lost", || {
                format!("sentence {number} came to nothing")
            });
        }
        // A start looks at everything again that another start has in hand.
        if world.history.faults == 0 && world.history.lives.len() == 1 {
            // An operation's thread holds reminders, too.
            let others = world.history.acts.iter().filter(|act| act.ask == number);
            let others = others.filter(|act| matches!(act.did, Did::Cancelled | Did::Resolved)).count();
            let twice = operations == 0 && ask.answers.len() > 1 + others;
            found.expect(!twice, "nothing is answered twice", || {
                format!("sentence {number} was answered {} times", ask.answers.len())
            });
        }
    }
    for (number, act) in world.history.acts.iter().enumerate() {
        let lost = act.acked.is_some() && act.done.is_none();
        found.expect(!lost, "what was acknowledged is not lost", || {
            format!("act {number} ({:?}) was never handled", act.did)
        });
    }
}

fn is_command(said: &Act) -> bool {
    match said {
        Act::Said(said) => !said.text.starts_with("stew"),
        _ => false,
    }
}
