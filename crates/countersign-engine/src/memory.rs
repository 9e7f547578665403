//! The ports in memory: for tests, and for trying things out.
//!
//! They keep the promises of [`crate::contract`] as every store does, except
//! that nothing outlives the process.

mod clock;
mod freezes;
mod ids;
mod inbox;
mod ledger;

pub use clock::FakeClock;
pub use freezes::MemoryFreezes;
pub use ids::SequenceIds;
pub use inbox::MemoryInbox;
pub use ledger::MemoryLedger;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What `mutex` holds. Nothing here leaves a value half changed, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
