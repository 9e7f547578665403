//! Holds a finished history against the promises.
//!
//! Everything is worked out anew from what the world saw and from the ledger's records; the engine's own state
//! is asked nothing.

mod answers;
mod case;
mod ending;
mod fences;
mod locks;
mod people;
mod permits;
mod trail;
mod votes;
mod work;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::census::Census;
use crate::schedule::{Ending, Schedule};
use crate::world::World;
pub use case::Case;

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which promise, in a few words.
    pub promise: &'static str,
    /// What happened instead.
    pub what: String,
}

/// Collects what is wrong.
#[derive(Debug, Default)]
pub struct Findings(Vec<Violation>);

impl Findings {
    /// Unless `kept`, the promise was not kept: `what` says how.
    pub fn expect(&mut self, kept: bool, promise: &'static str, what: impl FnOnce() -> String) {
        if !kept {
            self.0.push(Violation { promise, what: what() });
        }
    }
}

/// Everything that is wrong with a history, and what there was in it.
pub fn check(schedule: &Schedule, ending: Ending) -> (Vec<Violation>, Census) {
    let mut found = Findings::default();
    let world = schedule.shared.lock();
    found.expect(ending == Ending::Rest, "everything comes to rest", || unrest(&world));
    let cases = case::cases(&world, &schedule.stores, &mut found);
    for case in &cases {
        trail::check(&world, case, &mut found);
        permits::check(&world, case, &mut found);
        votes::check(&world, case, &mut found);
        work::check(&world, case, &mut found);
        people::check(&world, case, &mut found);
        fences::check(world.history.is_alone, case, &mut found);
        ending::check(&world, case, &mut found);
    }
    locks::check(&cases, &mut found);
    answers::check(&world, &cases, &mut found);
    (found.0, Census::of(&world, &cases))
}

fn unrest(world: &World) -> String {
    format!("{} calls wait, {} things are on the agenda", world.calls.len(), world.agenda.len())
}

/// What a future that need not wait comes to.
pub fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}
