//! When the people whose signatures are missing are reminded.

use jiff::{SignedDuration, Timestamp};

use super::{Event, Operation, Phase};

/// The first reminder comes no later than this after the plan.
const FIRST: SignedDuration = SignedDuration::from_mins(30);
/// Unless the whole time for signatures is short: then after this part of it.
const PART: i32 = 6;
/// Every gap is twice the one before, so that this many fill years.
const MOST: u32 = 16;

impl Operation {
    /// When the next reminder is due (UTC). `within` is how long signatures may take in all.
    pub fn next_reminder(&self, within: SignedDuration) -> Option<Timestamp> {
        (self.reminders + 1..=MOST).find_map(|count| self.reminder(count, within))
    }

    /// What to append when a reminder is due at `now`.
    pub fn remind(&self, within: SignedDuration, now: Timestamp) -> Option<Event> {
        let due = |count: &u32| self.reminder(*count, within).is_some_and(|when| when <= now);
        let count = (self.reminders + 1..=MOST).take_while(due).last()?;
        Some(Event::Reminded { count })
    }

    /// The gaps grow: after 1, 3, 7, 15 … times the first one.
    fn reminder(&self, count: u32, within: SignedDuration) -> Option<Timestamp> {
        let end = self.proposal.as_ref().filter(|_| self.phase == Phase::Voting)?.approve_by?;
        let first = FIRST.min(within / PART);
        let gap = first.checked_mul(2_i32.checked_pow(count)? - 1)?;
        let when = end.checked_sub(within).ok()?.checked_add(gap).ok()?;
        (when < end).then_some(when)
    }
}
