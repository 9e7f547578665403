//! What people do to an operation besides voting: cancel it, find out what became of it, review it.

use super::{Event, Operation, Phase, Resolution, Review, Stop};
use crate::ids::PersonId;

impl Operation {
    /// The caller does not want it any more. `None`: it is not theirs, or it is too late.
    pub fn cancel(&self, person: &PersonId) -> Option<Event> {
        let open = matches!(self.phase, Phase::Requested | Phase::Voting | Phase::Approved { .. });
        let theirs = *person == self.request.caller;
        (open && theirs).then(|| Event::Stopped { stop: Stop::Cancelled { by: person.clone() } })
    }

    /// A person who may says what became of it. `None`: it is known.
    pub fn resolve(&self, resolution: Resolution) -> Option<Event> {
        self.is_unknown().then_some(Event::Resolved(resolution))
    }

    /// A person who may has looked at what was done in an emergency. `None`: nothing waits for that, or they
    /// asked for it themselves.
    pub fn review(&self, review: Review) -> Option<Event> {
        let other = review.by != self.request.caller;
        (self.needs_review() && other).then_some(Event::Reviewed(review))
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
