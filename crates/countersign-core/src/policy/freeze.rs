//! Times in which something is not to be changed: put in force by hand, or by the calendar.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::ids::{LockKey, PersonId};

/// What a freeze is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frozen {
    /// Whatever changes something.
    Everything,
    /// Operations with this lock.
    Lock(LockKey),
}

impl Frozen {
    /// Is an operation with this lock meant? Locks are compared without case.
    fn meets(&self, lock: Option<&LockKey>) -> bool {
        match self {
            Self::Everything => true,
            Self::Lock(frozen) => {
                lock.is_some_and(|lock| lock.as_str().to_lowercase() == frozen.as_str().to_lowercase())
            }
        }
    }
}

impl std::fmt::Display for Frozen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Everything => f.write_str("everything"),
            Self::Lock(lock) => lock.fmt(f),
        }
    }
}

/// Something is frozen until a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// What.
    pub what: Frozen,
    /// Until when (UTC).
    pub until: Timestamp,
    /// Why, in somebody's words.
    pub reason: String,
    /// Who put it in force; `None` for the calendar.
    pub by: Option<PersonId>,
    /// How many more others must sign for what is done all the same; `None`: nothing is.
    pub others: Option<u8>,
}

impl Freeze {
    /// Is an operation with this lock frozen by it at `now` (UTC)?
    pub(super) fn holds(&self, lock: Option<&LockKey>, now: Timestamp) -> bool {
        now < self.until && self.what.meets(lock)
    }
}

/// A freeze of the calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// What it freezes.
    pub what: Vec<Frozen>,
    /// When.
    pub when: When,
    /// Why.
    pub reason: String,
    /// How many more others must sign for what is done all the same; `None`: nothing is.
    pub others: Option<u8>,
}

/// When a window of the calendar is open.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// Once, from a time on and before another one (UTC).
    Once {
        /// From.
        from: Timestamp,
        /// Until.
        until: Timestamp,
    },
    /// Every week, by the clocks of a time zone.
    Weekly {
        /// From.
        from: (Weekday, Time),
        /// Until; the same as `from` is the whole week.
        until: (Weekday, Time),
        /// Whose clocks.
        zone: TimeZone,
    },
}

impl When {
    /// The end of the window that is open at `now` (UTC); `None`: none is.
    fn end(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Once { from, until } => (*from <= now && now < *until).then_some(*until),
            Self::Weekly { from, until, zone } => {
                let here = now.to_zoned(zone.clone());
                // The last time that it opened, this week or the week before: the end comes after it.
                (0..=7).find_map(|back| {
                    let day = here.date().checked_sub(i64::from(back).days()).ok()?;
                    let opened = (day.weekday() == from.0)
                        .then(|| day.to_datetime(from.1).to_zoned(zone.clone()).ok())??;
                    let days = until.0.since(from.0);
                    let same_day_before = days == 0 && until.1 <= from.1;
                    let days = if same_day_before { 7 } else { i64::from(days) };
                    let closes = day.checked_add(days.days()).ok()?;
                    let closed = closes.to_datetime(until.1).to_zoned(zone.clone()).ok()?;
                    (opened.timestamp() <= now && now < closed.timestamp()).then(|| closed.timestamp())
                })
            }
        }
    }
}

impl Window {
    /// What it freezes at `now` (UTC).
    pub(super) fn freezes(&self, now: Timestamp) -> impl Iterator<Item = Freeze> + '_ {
        let end = self.when.end(now);
        let freeze = |what: &Frozen, until: Timestamp| Freeze {
            what: what.clone(),
            until,
            reason: self.reason.clone(),
            by: None,
            others: self.others,
        };
        self.what.iter().filter_map(move |what| end.map(|until| freeze(what, until)))
    }
}

/// The longest freeze by hand.
pub const LONGEST_FREEZE: SignedDuration = SignedDuration::from_hours(24 * 30);

#[cfg(test)]
#[path = "freeze_tests.rs"]
mod tests;
