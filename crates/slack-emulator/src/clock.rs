//! Where the emulator's time comes from: message timestamps, acknowledgement deadlines, link expiry.
//!
//! [`SystemClock`] is the real one. A test passes its own [`Clock`], so that "three seconds later" is a step of
//! the test rather than a wait.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;

/// A future that a [`Clock`] hands out.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The time, and a way to wait for a moment of it.
pub trait Clock: Send + Sync + 'static {
    /// The present moment (UTC).
    fn now(&self) -> Timestamp;

    /// Resolves when [`Clock::now`] has reached `moment`; at once if it already has.
    fn sleep_until(&self, moment: Timestamp) -> Sleep;
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the edge where the emulator's time comes from")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep_until(&self, moment: Timestamp) -> Sleep {
        let wait = Duration::try_from(moment.duration_since(self.now())).unwrap_or(Duration::ZERO);
        Box::pin(tokio::time::sleep(wait))
    }
}
