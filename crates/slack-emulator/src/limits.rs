//! Slack's own rate limits: so many calls of a method per minute and token, and one message per second and channel.
//!
//! Slack promises at least a tier's number per minute and tolerates bursts without saying how long they may be. Here a
//! burst may be as long as the minute's number, and places come back evenly: `reactions.add` (tier 3) takes 50 calls at
//! once, then one every 1.2 seconds.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// From this many counted lanes on, those that are empty again are forgotten.
const MANY: usize = 1024;

/// Whether calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateLimits {
    /// Calls may come as fast as they like.
    #[default]
    Off,
    /// As in Slack: too many calls answer 429 with `Retry-After`.
    On,
}

/// How many calls a method takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    /// 20 per minute.
    Two,
    /// 50 per minute.
    Three,
    /// 100 per minute.
    Four,
    /// `chat.postMessage`: one per second and channel, with a short burst.
    Posting,
    /// `auth.test` and `chat.getPermalink`: hundreds per minute, Slack says.
    Hundreds,
}

/// Who calls what; posting is counted per channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Lane {
    pub(crate) caller: String,
    pub(crate) method: &'static str,
    pub(crate) channel: Option<String>,
}

/// How long to wait, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany(pub(crate) u32);

/// The calls that were counted.
#[derive(Debug, Default)]
pub(crate) struct Limits(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    limits: RateLimits,
    /// When each lane is empty again.
    empty_at: HashMap<Lane, Timestamp>,
}

impl Limits {
    pub(crate) fn new(limits: RateLimits) -> Self {
        Self(Mutex::new(Counted { limits, empty_at: HashMap::new() }))
    }

    /// Counts from now on, or no longer; what was counted is forgotten.
    pub(crate) fn set(&self, limits: RateLimits) {
        *self.lock() = Counted { limits, empty_at: HashMap::new() };
    }

    /// Whether calls are counted.
    pub(crate) fn now(&self) -> RateLimits {
        self.lock().limits
    }

    /// Counts a call, or says when to come again.
    pub(crate) fn take(&self, lane: Lane, tier: Tier, now: Timestamp) -> Result<(), TooMany> {
        let mut counted = self.lock();
        if counted.limits == RateLimits::Off {
            return Ok(());
        }
        if counted.empty_at.len() >= MANY {
            counted.empty_at.retain(|_, empty| *empty > now);
        }
        let (gap, burst) = tier.pace();
        let empty_at = counted.empty_at.get(&lane).copied().unwrap_or(now).max(now);
        let full = gap.saturating_mul(burst - 1);
        let early = empty_at.duration_since(now) - full;
        if early > SignedDuration::ZERO {
            let seconds =
                early.as_millis().div_euclid(1000) + i128::from(early.as_millis().rem_euclid(1000) > 0);
            return Err(TooMany(u32::try_from(seconds).unwrap_or(u32::MAX).max(1)));
        }
        counted.empty_at.insert(lane, empty_at.saturating_add(gap).unwrap_or(empty_at));
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tier {
    /// The time after which one more call has its place, and how many may come at once.
    fn pace(self) -> (SignedDuration, i32) {
        let per_minute = |calls: i32| (SignedDuration::from_millis(60_000 / i64::from(calls)), calls);
        match self {
            Self::Two => per_minute(20),
            Self::Three => per_minute(50),
            Self::Four => per_minute(100),
            Self::Hundreds => per_minute(300),
            Self::Posting => (SignedDuration::from_secs(1), 4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(method: &'static str) -> Lane {
        Lane { caller: "U0BOT".into(), method, channel: None }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + millis).unwrap()
    }

    fn drain(limits: &Limits, tier: Tier, now: Timestamp) -> usize {
        (0..1000).take_while(|_| limits.take(lane("one"), tier, now).is_ok()).count()
    }

    #[test]
    fn each_tier_has_its_burst_and_its_pace() {
        for (tier, burst, gap) in [
            (Tier::Two, 20, 3000),
            (Tier::Three, 50, 1200),
            (Tier::Four, 100, 600),
            (Tier::Hundreds, 300, 200),
            (Tier::Posting, 4, 1000),
        ] {
            let limits = Limits::new(RateLimits::On);
            assert_eq!(drain(&limits, tier, at(0)), burst, "{tier:?}");
            assert_eq!(drain(&limits, tier, at(gap - 1)), 0, "{tier:?}");
            assert_eq!(drain(&limits, tier, at(gap)), 1, "{tier:?}");
            assert_eq!(drain(&limits, tier, at(600_000)), burst, "{tier:?}");
        }
    }

    #[test]
    fn whoever_waits_as_told_has_a_place() {
        let limits = Limits::new(RateLimits::On);
        drain(&limits, Tier::Two, at(0));
        let TooMany(seconds) = limits.take(lane("one"), Tier::Two, at(500)).unwrap_err();
        assert_eq!(seconds, 3);
        limits.take(lane("one"), Tier::Two, at(500 + i64::from(seconds) * 1000)).unwrap();
    }

    #[test]
    fn methods_callers_and_channels_are_counted_apart() {
        let limits = Limits::new(RateLimits::On);
        drain(&limits, Tier::Posting, at(0));
        let others = [
            lane("two"),
            Lane { caller: "U0ANA".into(), ..lane("one") },
            Lane { channel: Some("C1".into()), ..lane("one") },
        ];
        for other in others {
            limits.take(other, Tier::Posting, at(0)).unwrap();
        }
        assert!(limits.take(lane("one"), Tier::Posting, at(0)).is_err());
    }

    #[test]
    fn lanes_that_are_empty_again_are_forgotten() {
        let limits = Limits::new(RateLimits::On);
        for number in 0..MANY {
            let one = Lane { channel: Some(number.to_string()), ..lane("one") };
            limits.take(one, Tier::Posting, at(0)).unwrap();
        }
        limits.take(lane("one"), Tier::Posting, at(10_000)).unwrap();
        assert_eq!(limits.lock().empty_at.len(), 1);
    }
}
