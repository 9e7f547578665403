//! What people have in mind, and when they will do it.

mod deeds;

use jiff::SignedDuration;

use crate::history::Ask;
use crate::office::{ACCOUNTS, Kind, Known, MEMBERS, TARGETS};
use crate::world::{Happening, World};
pub use deeds::{act, take_back};

/// Somebody wants something.
#[derive(Debug, Clone)]
pub struct Intent {
    /// Who.
    pub person: usize,
    /// About which sentence.
    pub ask: usize,
    /// What.
    pub wish: Wish,
    /// How often they have tried.
    pub tries: u32,
}

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// To say the sentence.
    Say,
    /// To sign whatever plan the card shows.
    Sign,
    /// To say no.
    Object,
    /// To take a reaction back.
    TakeBack,
    /// That it does not run.
    Cancel,
    /// To say what became of it, once nobody knows.
    Resolve,
    /// To type the target's name into the dialog.
    Type {
        /// What the dialog carries.
        value: String,
        /// The name that it asks for.
        name: String,
    },
    /// To say why they objected.
    Explain {
        /// What the dialog carries.
        value: String,
    },
}

/// Puts what the people of one history have in mind on the agenda.
pub fn plan(world: &mut World) {
    let asks = [1, 1, 1, 1, 1, 2, 2, 3];
    let number = world.random.one_of(&asks).copied().unwrap_or(1);
    // Few targets, so that sentences are about the same one.
    let target = world.random.one_of(&TARGETS).copied().unwrap_or_default();
    for ask in 0..number {
        let known = Known::drawn(&mut world.random);
        let person = match known.only {
            Some(_) if world.random.in_thousand(900) => 1 + world.random.below(2),
            _ if world.random.in_thousand(60) => world.random.below(ACCOUNTS.len()),
            _ => world.random.below(MEMBERS),
        };
        let other = world.random.one_of(&TARGETS).copied().unwrap_or(target);
        let target = if world.random.in_thousand(800) { target } else { other };
        let act = usize::MAX;
        world.history.asks.push(Ask {
            known,
            target,
            person,
            root: None,
            act,
            answers: Vec::new(),
            apologies: 0,
        });
        let at = if ask == 0 { SignedDuration::ZERO } else { world.millis(0, 12_000) };
        want(world, Intent { person, ask, wish: Wish::Say, tries: 0 }, at);
        if known.kind == Kind::Reads {
            continue;
        }
        signers(world, (ask, person), at);
    }
}

/// Who will want to sign, or something else, and when.
fn signers(world: &mut World, (ask, caller): (usize, usize), at: SignedDuration) {
    let Some(known) = world.history.asks.get(ask).map(|ask| ask.known) else { return };
    let together = world.random.in_thousand(400);
    let mut people = vec![caller];
    if world.random.in_thousand(930) {
        people.extend((0..MEMBERS).filter(|person| *person != caller));
    }
    for person in people {
        if person != caller && known.others == 0 && world.random.in_thousand(800) {
            continue;
        }
        if world.random.in_thousand(120) {
            continue;
        }
        let end = i64::try_from(known.approve_within.as_millis()).unwrap_or_default();
        let delay = if world.random.in_thousand(25) {
            // At the very last moment, or a little after it.
            world.millis(end - 1_500, end + 1_500)
        } else if together {
            world.millis(2_000, 4_000)
        } else {
            world.millis(500, 40_000)
        };
        want(world, Intent { person, ask, wish: Wish::Sign, tries: 0 }, at + delay);
        if world.random.in_thousand(150) {
            // Once more, perhaps in another way.
            let more = world.millis(200, 20_000);
            want(world, Intent { person, ask, wish: Wish::Sign, tries: 0 }, at + delay + more);
        }
        if world.random.in_thousand(60) {
            let later = world.millis(100, 30_000);
            want(world, Intent { person, ask, wish: Wish::TakeBack, tries: 0 }, at + delay + later);
        }
        if world.random.in_thousand(25) {
            let later = world.millis(500, 50_000);
            want(world, Intent { person, ask, wish: Wish::Object, tries: 0 }, at + later);
        }
    }
    if world.random.in_thousand(20) {
        let later = world.millis(0, 40_000);
        want(world, Intent { person: caller, ask, wish: Wish::Cancel, tries: 0 }, at + later);
    }
    if world.random.in_thousand(150) {
        let (person, later) = (world.random.below(ACCOUNTS.len()), world.millis(20_000, 80_000));
        want(world, Intent { person, ask, wish: Wish::Resolve, tries: 0 }, at + later);
    }
    if world.random.in_thousand(250) {
        let person = MEMBERS + world.random.below(ACCOUNTS.len() - MEMBERS);
        let delay = world.millis(500, 30_000);
        let wish = if world.random.in_thousand(800) { Wish::Sign } else { Wish::Object };
        want(world, Intent { person, ask, wish, tries: 0 }, at + delay);
    }
}

fn want(world: &mut World, intent: Intent, at: SignedDuration) {
    world.plan(at, Happening::Intent(intent));
}
