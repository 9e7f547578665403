//! When an operation must be looked at again, although nothing happens.

use jiff::{SignedDuration, Timestamp};

use super::{Operation, Phase};

/// So long a worker is given for what it has in hand before others look at it, too.
pub const GRACE: SignedDuration = SignedDuration::from_secs(10);

impl Operation {
    /// When whoever finds it must look at it again (UTC), if nothing happens before; `None`: it waits for a
    /// person alone. `within` is how long signatures may take in all, `now` the time of the last event (UTC).
    pub fn due(&self, within: SignedDuration, now: Timestamp) -> Option<Timestamp> {
        match &self.phase {
            Phase::Voting if self.waits_for_people() => {
                // A moment later than the last moment in which a vote counts.
                let end = self.proposal.as_ref().and_then(|proposal| proposal.approve_by);
                let end = end.map(|end| end + SignedDuration::from_millis(1));
                [self.next_reminder(within), end].into_iter().flatten().min()
            }
            Phase::Requested | Phase::Voting | Phase::Approved { .. } => Some(now + GRACE),
            // A moment later than the last moment in which the worker owns it.
            Phase::Applying(claim) => {
                Some(claim.resume_at.unwrap_or(claim.lease_until + SignedDuration::from_millis(1)))
            }
            // Its end has to be shown.
            Phase::Finished(_) | Phase::Stopped(_) => Some(now + GRACE),
        }
    }

    /// Does nothing happen before a person signs, or their time is over?
    pub fn waits_for_people(&self) -> bool {
        self.phase == Phase::Voting && self.is_shown()
    }

    /// Does the card show the plan that stands?
    pub fn is_shown(&self) -> bool {
        self.card.as_ref().is_some_and(|card| card.shown_at.is_some())
    }
}
