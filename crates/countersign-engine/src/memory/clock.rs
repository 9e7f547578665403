use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::lock;
use crate::ports::{BoxFuture, Clock};

/// A clock that stands still until somebody moves it.
#[derive(Debug)]
pub struct FakeClock {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    now: Timestamp,
    /// By the time that each waits for, then by who came first.
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
    arrivals: u64,
}

impl FakeClock {
    /// A clock that shows `now` (UTC).
    pub fn at(now: Timestamp) -> Self {
        Self { state: Mutex::new(State { now, sleepers: BTreeMap::new(), arrivals: 0 }) }
    }

    /// Moves the time on, as far as a timestamp goes, and wakes whoever waited for it, the earliest first.
    pub fn advance(&self, by: SignedDuration) {
        let mut state = lock(&self.state);
        state.now = state.now.saturating_add(by).unwrap_or(state.now);
        state.wake();
    }

    /// Shows another time, later or earlier (UTC), and wakes whoever waited for it, the earliest first.
    pub fn set(&self, now: Timestamp) {
        let mut state = lock(&self.state);
        state.now = now;
        state.wake();
    }

    /// The earliest time that somebody still waits for (UTC).
    pub fn next_wake(&self) -> Option<Timestamp> {
        let mut state = lock(&self.state);
        state.forget_the_gone();
        state.sleepers.first_key_value().map(|((when, _), _)| *when)
    }
}

impl State {
    fn wake(&mut self) {
        while let Some(first) = self.sleepers.first_entry() {
            if first.key().0 > self.now {
                return;
            }
            // Somebody who waits no more does not have to be woken.
            let _ = first.remove().send(());
        }
    }

    fn forget_the_gone(&mut self) {
        self.sleepers.retain(|_, sleeper| !sleeper.is_closed());
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        lock(&self.state).now
    }

    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'static, ()> {
        let mut state = lock(&self.state);
        if when <= state.now {
            return Box::pin(std::future::ready(()));
        }
        state.forget_the_gone();
        state.arrivals += 1;
        let (wake, woken) = oneshot::channel();
        let place = (when, state.arrivals);
        state.sleepers.insert(place, wake);
        Box::pin(async move {
            if woken.await.is_err() {
                // The clock is gone, so that time never comes.
                std::future::pending::<()>().await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn is_ready(future: &mut BoxFuture<'static, ()>) -> bool {
        future.as_mut().poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
    }

    #[test]
    fn a_sleeper_wakes_when_its_time_has_come_and_not_before() {
        let clock = FakeClock::at(second(0));
        let mut sleeper = clock.sleep_until(second(10));
        clock.advance(SignedDuration::from_secs(9));
        assert!(!is_ready(&mut sleeper));
        assert_eq!(clock.next_wake(), Some(second(10)));
        clock.advance(SignedDuration::from_secs(1));
        assert!(is_ready(&mut sleeper));
        assert_eq!(clock.next_wake(), None);
    }

    #[test]
    fn a_time_that_has_come_needs_no_waiting() {
        let clock = FakeClock::at(second(10));
        assert!(is_ready(&mut clock.sleep_until(second(10))));
        clock.set(second(5));
        assert_eq!(clock.now(), second(5));
        assert!(!is_ready(&mut clock.sleep_until(second(10))));
    }

    #[tokio::test]
    async fn sleepers_wake_in_the_order_of_their_times() {
        let clock = FakeClock::at(second(0));
        let (send, mut woken) = tokio::sync::mpsc::unbounded_channel();
        for (name, when) in [("late", 30), ("early", 10), ("middle", 20), ("early too", 10)] {
            let (sleep, send) = (clock.sleep_until(second(when)), send.clone());
            tokio::spawn(async move {
                sleep.await;
                let _ = send.send(name);
            });
        }
        tokio::task::yield_now().await;
        clock.advance(SignedDuration::from_secs(60));
        let mut order = Vec::new();
        for _ in 0..4 {
            order.push(woken.recv().await.unwrap());
        }
        assert_eq!(order, ["early", "early too", "middle", "late"]);
    }

    #[test]
    fn who_stopped_waiting_is_forgotten() {
        let clock = FakeClock::at(second(0));
        drop(clock.sleep_until(second(10)));
        assert_eq!(clock.next_wake(), None);
    }
}
