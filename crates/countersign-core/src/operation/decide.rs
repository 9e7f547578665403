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
    pub fn cast(&self, mut vote: Vote, count: impl Fn(&[Vote]) -> Tally, run_by: Timestamp) -> Cast {
        let open = match self.phase {
            Phase::Voting => true,
            // Until a worker has claimed it, a no still stops it.
            Phase::Approved { run_by: Some(_) } => vote.verdict == Verdict::Object,
            _ => false,
        };
        let Some(proposal) = self.proposal.as_ref().filter(|_| open) else { return Cast::NotOpen };
        if self.phase == Phase::Voting && proposal.approve_by.is_none_or(|end| vote.at > end) {
            return Cast::NotOpen;
        }
        if vote.verdict == Verdict::Object {
            // A no to an earlier plan, or to none in particular, is a no.
            vote.fingerprint = proposal.fingerprint;
        } else if vote.fingerprint != proposal.fingerprint {
            return Cast::Outdated;
        } else if matches!(vote.source, VoteSource::Reaction { .. }) {
            // A button carries the plan that it stands under; a reaction carries its time alone.
            let shown_at = self.card.as_ref().and_then(|card| card.shown_at);
            if shown_at.is_none_or(|shown_at| vote.at < shown_at) {
                return if self.overtaken.is_some() { Cast::Outdated } else { Cast::TooEarly };
            }
        }
        let same = |v: &Vote| (&v.person, &v.source, v.verdict) == (&vote.person, &vote.source, vote.verdict);
        let mut events = Vec::new();
        if let Some(standing) = self.votes.iter().find(|v| same(v)) {
            if !is_given_again(&vote, standing) {
                return Cast::Already;
            }
            // It was taken back between the two, and the word of that is on its way.
            events.push(withdrawn(standing, WithdrawnBecause::TakenBack));
        }
        events.push(Event::Voted(vote.clone()));
        if vote.verdict == Verdict::Object {
            events.push(Event::Stopped { stop: Stop::Objected { by: vote.person } });
            return Cast::Counts(events);
        }
        let mut votes = self.votes.clone();
        votes.retain(|v| !same(v));
        votes.push(vote);
        if count(&votes).is_complete() {
            events.push(Event::Approved { fingerprint: proposal.fingerprint, run_by });
        }
        Cast::Counts(events)
    }

    /// A person takes their vote back, in the way in which they had expressed it, `at` a time by the chat product's clock
    /// (UTC). `None`: there is no such vote, it is too late, or the vote was given after that: it was taken back and
    /// given again, and what is known of the two came in the other order.
    pub fn withdraw(&self, (person, source): (&PersonId, &VoteSource), at: Timestamp) -> Option<Event> {
        let open = matches!(self.phase, Phase::Voting | Phase::Approved { .. });
        let is_meant = |vote: &Vote| vote.person == *person && vote.source == *source && vote.at <= at;
        let meant = self.votes.iter().find(|vote| is_meant(vote)).filter(|_| open)?;
        Some(withdrawn(meant, WithdrawnBecause::TakenBack))
    }

    /// The votes that count no more, because `still_counts` says so, as events to append.
    pub fn void(&self, because: WithdrawnBecause, still_counts: impl Fn(&Vote) -> bool) -> Vec<Event> {
        let gone = self.votes.iter().filter(|vote| !still_counts(vote));
        gone.map(|vote| withdrawn(vote, because)).collect()
    }
}

/// A reaction can be given twice only after it was taken back; a button can be pressed as often as one likes.
fn is_given_again(vote: &Vote, standing: &Vote) -> bool {
    matches!(vote.source, VoteSource::Reaction { .. }) && vote.at > standing.at
}

fn withdrawn(vote: &Vote, because: WithdrawnBecause) -> Event {
    Event::Withdrawn { person: vote.person.clone(), source: vote.source.clone(), because }
}

#[cfg(test)]
#[path = "operation_tests.rs"]
mod tests;
