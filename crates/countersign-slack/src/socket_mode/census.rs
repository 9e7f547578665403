//! How many of the app's connections are ours.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// So long Slack may still count a connection that is over.
const MOURNING: Duration = Duration::from_secs(120);

/// Connections that are open or being opened, and those that Slack may not know to be over.
#[derive(Debug, Default)]
pub(super) struct Census {
    open: usize,
    ended: VecDeque<Instant>,
}

impl Census {
    pub(super) fn opening(&mut self) {
        self.open += 1;
    }

    /// Slack never heard of it.
    pub(super) fn gave_up(&mut self) {
        self.open = self.open.saturating_sub(1);
    }

    pub(super) fn ended(&mut self, now: Instant) {
        self.open = self.open.saturating_sub(1);
        self.forget(now);
        self.ended.push_back(now);
    }

    /// The most that Slack may rightly count.
    pub(super) fn ours(&mut self, now: Instant) -> usize {
        self.forget(now);
        self.open + self.ended.len()
    }

    fn forget(&mut self, now: Instant) {
        while self.ended.front().is_some_and(|at| now.duration_since(*at) >= MOURNING) {
            self.ended.pop_front();
        }
    }
}
