//! A clock for tests: it stands still, and whoever sleeps on it moves it.

use std::sync::Mutex;

use countersign_engine::ports::{BoxFuture, Clock};
use jiff::Timestamp;

/// Remembers every wake-up time that somebody slept for, and never makes them wait.
#[derive(Debug)]
pub(crate) struct TestClock {
    now: Mutex<Timestamp>,
    slept: Mutex<Vec<Timestamp>>,
}

impl TestClock {
    /// A clock at 1,800,000,000 s.
    pub(crate) fn new() -> Self {
        Self { now: Mutex::new(Timestamp::from_second(1_800_000_000).unwrap()), slept: Mutex::default() }
    }

    /// How many times somebody slept.
    pub(crate) fn sleeps(&self) -> usize {
        self.slept.lock().unwrap().len()
    }

    /// Moves the clock on.
    pub(crate) fn advance(&self, by: jiff::SignedDuration) {
        let mut now = self.now.lock().unwrap();
        *now = now.checked_add(by).unwrap();
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'static, ()> {
        self.slept.lock().unwrap().push(when);
        let mut now = self.now.lock().unwrap();
        *now = when.max(*now);
        Box::pin(std::future::ready(()))
    }
}
