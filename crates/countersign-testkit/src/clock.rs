//! One clock for the bot and for the workspace that it lives in.

use std::sync::Arc;

use countersign_engine::memory::FakeClock;
use countersign_engine::ports::Clock as _;
use jiff::Timestamp;

/// The story's clock, as the emulator sees it.
pub(crate) struct EmulatorClock(pub(crate) Arc<FakeClock>);

impl slack_emulator::Clock for EmulatorClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep_until(&self, moment: Timestamp) -> slack_emulator::Sleep {
        self.0.sleep_until(moment)
    }
}
