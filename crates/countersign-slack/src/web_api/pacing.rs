//! How calls are spread over time, so that Slack seldom has to ask for it.
//!
//! Each method of each token has a lane of its own, and `chat.postMessage` one more per
//! channel. A call takes the next free place in its lanes, in the order in which calls come, so
//! that reading votes never waits behind drawing cards. Nobody waits longer than 30 s: whoever
//! would have to is told at once, and so the number of those who wait is bounded too. When Slack answers
//! 429, everybody in the lane waits that much longer and keeps their place.

mod lane;
mod rate;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_core::ids::ChannelId;
use countersign_engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};

use lane::Lane;
use rate::Rate;

/// The longest that one call waits, all its tries together.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// From this many lanes on, those that nobody needs any more are forgotten.
const MANY_LANES: usize = 512;

/// How fast calls may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As Slack's tiers allow.
    Tiers,
    /// As fast as they are made: for an emulator. A 429 is waited for all the same.
    Free,
}

/// Lets calls of one token pass, one after another.
pub(super) struct Pacer {
    clock: Arc<dyn Clock>,
    pace: Pace,
    lanes: Mutex<Lanes>,
}

/// A method, or a method in one channel.
type Key = (&'static str, Option<ChannelId>);
type Lanes = HashMap<Key, Lane>;

/// What a call does, as far as its pace is concerned.
#[derive(Debug, Clone)]
pub(super) struct Errand {
    method: &'static str,
    channel: Option<ChannelId>,
    /// Nobody waits beyond this.
    until: Timestamp,
}

/// It would have to wait this long, which is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLong(pub(super) SignedDuration);

/// A place in the lanes, and how far they had been pushed back when it was taken.
struct Place {
    at: Timestamp,
    pushed: SignedDuration,
}

impl Pacer {
    pub(super) fn new(pace: Pace, clock: Arc<dyn Clock>) -> Self {
        Self { clock, pace, lanes: Mutex::default() }
    }

    pub(super) fn pace(&self) -> Pace {
        self.pace
    }

    /// A call that begins now.
    pub(super) fn errand(&self, method: &'static str, channel: Option<&ChannelId>) -> Errand {
        let until = self.clock.now().saturating_add(LONGEST_WAIT).unwrap_or(Timestamp::MAX);
        Errand { method, channel: channel.cloned(), until }
    }

    /// Waits for the call's turn.
    ///
    /// # Errors
    /// It would come too late.
    pub(super) async fn turn(&self, errand: &Errand) -> Result<(), TooLong> {
        let mut place = self.take_place(errand)?;
        while place.at > self.clock.now() {
            self.clock.sleep_until(place.at).await;
            self.follow(errand, &mut place)?;
        }
        Ok(())
    }

    /// Slack asks this method (and this channel) to wait.
    pub(super) fn hold(&self, errand: &Errand, wait: SignedDuration) {
        let now = self.clock.now();
        self.each(&mut self.lanes(), errand, |lane, _rate| lane.push_back(now, wait));
    }

    fn take_place(&self, errand: &Errand) -> Result<Place, TooLong> {
        let now = self.clock.now();
        let mut lanes = self.lanes();
        let mut place = Place { at: now, pushed: SignedDuration::ZERO };
        self.each(&mut lanes, errand, |lane, rate| {
            place.at = place.at.max(lane.next(now, rate));
            place.pushed += lane.pushed();
        });
        if place.at > errand.until {
            return Err(TooLong(place.at.duration_since(now)));
        }
        self.each(&mut lanes, errand, |lane, rate| lane.take(now, rate));
        Ok(place)
    }

    /// Moves a place as far back as its lanes were pushed back meanwhile.
    fn follow(&self, errand: &Errand, place: &mut Place) -> Result<(), TooLong> {
        let mut pushed = SignedDuration::ZERO;
        self.each(&mut self.lanes(), errand, |lane, _rate| pushed += lane.pushed());
        let further = pushed - place.pushed;
        if further > SignedDuration::ZERO {
            place.at = place.at.saturating_add(further).unwrap_or(Timestamp::MAX);
            place.pushed = pushed;
        }
        let wait = place.at.duration_since(self.clock.now());
        if place.at > errand.until && wait.is_positive() { Err(TooLong(wait)) } else { Ok(()) }
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.len() >= MANY_LANES {
            let now = self.clock.now();
            lanes.retain(|_, lane| lane.is_needed(now));
        }
        lanes
    }

    /// Does something to each lane of a call.
    fn each(&self, lanes: &mut Lanes, errand: &Errand, mut what: impl FnMut(&mut Lane, Option<Rate>)) {
        let paced = |rate| (self.pace == Pace::Tiers).then_some(rate);
        what(lanes.entry((errand.method, None)).or_default(), paced(rate::of(errand.method)));
        if let (Some(channel), Some(rate)) = (&errand.channel, rate::in_channel(errand.method)) {
            what(lanes.entry((errand.method, Some(channel.clone()))).or_default(), paced(rate));
        }
    }
}
