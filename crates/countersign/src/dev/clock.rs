//! The demo's clock: this machine's, and on request some hours ahead, so that one can see what time brings.

use std::sync::Arc;

use countersign_engine::ports::{BoxFuture, Clock};
use countersign_engine::system::SystemClock;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// A clock that can be moved on, and never back.
#[derive(Debug, Clone)]
pub struct MovableClock {
    ahead: Arc<watch::Sender<SignedDuration>>,
}

impl Default for MovableClock {
    fn default() -> Self {
        Self { ahead: Arc::new(watch::Sender::new(SignedDuration::ZERO)) }
    }
}

impl MovableClock {
    /// Moves the time on. Whoever waits for what has come meanwhile is woken.
    pub fn advance(&self, by: SignedDuration) {
        self.ahead.send_modify(|ahead| *ahead = ahead.saturating_add(by.max(SignedDuration::ZERO)));
    }

    /// Tells of every move.
    pub fn moves(&self) -> watch::Receiver<SignedDuration> {
        self.ahead.subscribe()
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now();
        now.saturating_add(*self.ahead.borrow()).unwrap_or(now)
    }

    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'static, ()> {
        let mut moves = self.moves();
        Box::pin(async move {
            loop {
                let ahead = *moves.borrow_and_update();
                let real = when.saturating_sub(ahead).unwrap_or(when);
                tokio::select! {
                    () = SystemClock.sleep_until(real) => return,
                    moved = moves.changed() => {
                        if moved.is_err() {
                            return SystemClock.sleep_until(real).await;
                        }
                    }
                }
            }
        })
    }
}

impl slack_emulator::Clock for MovableClock {
    fn now(&self) -> Timestamp {
        Clock::now(self)
    }

    fn sleep_until(&self, moment: Timestamp) -> slack_emulator::Sleep {
        Clock::sleep_until(self, moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_is_woken_when_the_time_moves() {
        let clock = MovableClock::default();
        let begin = Clock::now(&clock);
        let waiting = tokio::spawn(Clock::sleep_until(&clock, begin + SignedDuration::from_hours(1)));
        clock.advance(SignedDuration::from_hours(2));
        waiting.await.unwrap();
        assert!(Clock::now(&clock).duration_since(begin) >= SignedDuration::from_hours(2));
        clock.advance(-SignedDuration::from_hours(5));
        assert!(Clock::now(&clock).duration_since(begin) >= SignedDuration::from_hours(2), "never back");
    }
}
