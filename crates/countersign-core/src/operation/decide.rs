//! What a vote, or its withdrawal, does to an operation: events to append, or nothing.

use jiff::Timestamp;

use super::{Event, Operation, Phase, Stop, WithdrawnBecause};
use crate::approval::{Tally, Verdict, Vote, VoteSource};
use crate::ids::PersonId;

/// What became of a vote.
#[derive(Debug, Clone, PartialEq)]
pub enum Cast {
    /// It counts: append these events, in one go.
    Counts(Vec<Event>),
    /// It counts already.
    Already,
    /// The operation does not wait for votes.
    NotOpen,
    /// It was meant for a plan that does not stand any more.
    Outdated,
    /// The person cannot have seen the plan when they voted.
    TooEarly,
}

impl Operation {
    /// An eligible person votes. `count` counts votes under the policy in force, and
    /// `run_by` is when the work must have started if this vote completes the set (UTC).
    pub fn cast(&self, vote: Vote, count: impl Fn(&[Vote]) -> Tally, run_by: Timestamp) -> Cast {
        let (Phase::Voting, Some(proposal)) = (&self.phase, &self.proposal) else { return Cast::NotOpen };
        if proposal.approve_by.is_none_or(|end| vote.at > end) {
            return Cast::NotOpen;
        }
        if vote.fingerprint != proposal.fingerprint {
            return Cast::Outdated;
        }
        // A button carries the plan that it stands under; a reaction carries its time alone.
        if matches!(vote.source, VoteSource::Reaction { .. }) {
            if self.card.as_ref().is_none_or(|card| vote.at < card.shown_at) {
                return Cast::TooEarly;
            }
            if self.overtaken.is_some() && vote.at < proposal.since {
                return Cast::Outdated;
            }
        }
        if self.votes.iter().any(|v| (&v.person, &v.source) == (&vote.person, &vote.source)) {
            return Cast::Already;
        }
        let mut events = vec![Event::Voted(vote.clone())];
        if vote.verdict == Verdict::Object {
            events.push(Event::Stopped { stop: Stop::Objected { by: vote.person } });
            return Cast::Counts(events);
        }
        let mut votes = self.votes.clone();
        votes.push(vote);
        if count(&votes).is_complete() {
            events.push(Event::Approved { fingerprint: proposal.fingerprint, run_by });
        }
        Cast::Counts(events)
    }

    /// A person takes their vote back, in the way in which they had expressed it.
    /// `None`: there is no such vote, or it is too late.
    pub fn withdraw(&self, person: &PersonId, source: &VoteSource) -> Option<Event> {
        let open = matches!(self.phase, Phase::Voting | Phase::Approved { .. });
        let stands = self.votes.iter().any(|vote| vote.person == *person && vote.source == *source);
        (open && stands).then(|| Event::Withdrawn {
            person: person.clone(),
            source: source.clone(),
            because: WithdrawnBecause::TakenBack,
        })
    }

    /// The votes that count no more, because `still_counts` says so, as events to append.
    pub fn void(&self, because: WithdrawnBecause, still_counts: impl Fn(&Vote) -> bool) -> Vec<Event> {
        let gone = self.votes.iter().filter(|vote| !still_counts(vote));
        gone.map(|vote| Event::Withdrawn {
            person: vote.person.clone(),
            source: vote.source.clone(),
            because,
        })
        .collect()
    }
}

#[cfg(test)]
#[path = "operation_tests.rs"]
mod tests;
