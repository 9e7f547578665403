//! What came first, without a counter that all processes would have to share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign_engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};

use super::Edges;

/// What need not be remembered any more is deleted by DynamoDB so long after it was done: Slack delivers again
/// for up to a day, and what it delivers is up to two hours old.
const REMEMBER: SignedDuration = SignedDuration::from_hours(27);

/// The time, and marks that no other process makes.
pub(super) struct Order {
    clock: Arc<dyn Clock>,
    writer: String,
    count: AtomicU64,
}

impl Order {
    pub(super) fn new(edges: Edges) -> Self {
        let Edges { clock, ids } = edges;
        Self { clock, writer: format!("{:032x}", ids.random()), count: AtomicU64::new(0) }
    }

    /// A text that sorts after those that came before it: by the clock among processes, exactly within one.
    pub(super) fn since(&self) -> String {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let nanos = self.clock.now().as_nanosecond().max(0);
        format!("{nanos:020}/{count:010}")
    }

    /// A mark of this one write.
    pub(super) fn token(&self) -> String {
        format!("{}/{}", self.writer, self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// When DynamoDB may delete what is done now: seconds since 1970 (UTC).
    pub(super) fn expires(&self) -> i64 {
        (self.clock.now() + REMEMBER).as_second()
    }
}

/// A time in milliseconds since 1970 (UTC), rounded up: nothing is due before its time.
pub(super) fn millis(time: Timestamp) -> i64 {
    time.as_millisecond() + i64::from(time.subsec_nanosecond().rem_euclid(1_000_000) > 0)
}
