//! The places of one lane, one after another.

use jiff::{SignedDuration, Timestamp};

use super::rate::Rate;

/// A token bucket, kept as the time at which it would be full again.
#[derive(Debug, Default)]
pub(super) struct Lane {
    full_at: Option<Timestamp>,
    held_until: Option<Timestamp>,
    pushed: SignedDuration,
}

impl Lane {
    /// The next free place.
    pub(super) fn next(&self, now: Timestamp, rate: Option<Rate>) -> Timestamp {
        let by_rate = self.full_at.zip(rate).map(|(full_at, rate)| {
            full_at.saturating_sub(rate.gap * (rate.burst - 1)).unwrap_or(Timestamp::MIN)
        });
        [Some(now), self.held_until, by_rate].into_iter().flatten().max().unwrap_or(now)
    }

    /// Takes a place. It counts from now on even if another lane delays it, so that
    /// whoever waits for a slow channel keeps nobody from writing to another.
    pub(super) fn take(&mut self, now: Timestamp, rate: Option<Rate>) {
        if let Some(rate) = rate {
            self.full_at = self.full_at.max(Some(now)).and_then(|at| at.saturating_add(rate.gap).ok());
        }
    }

    /// Everybody waits until so long from now.
    pub(super) fn push_back(&mut self, now: Timestamp, wait: SignedDuration) {
        let until = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        let further = until.duration_since(self.held_until.max(Some(now)).unwrap_or(now));
        if further.is_positive() {
            self.held_until = Some(until);
            self.pushed += further;
            self.full_at = self.full_at.and_then(|at| at.saturating_add(further).ok());
        }
    }

    /// How far it was pushed back in all.
    pub(super) fn pushed(&self) -> SignedDuration {
        self.pushed
    }

    /// Does it still keep anybody waiting?
    pub(super) fn is_needed(&self, now: Timestamp) -> bool {
        self.full_at.max(self.held_until) > Some(now)
    }
}
