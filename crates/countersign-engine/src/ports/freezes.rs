//! What is frozen by hand.

use async_trait::async_trait;
use countersign_core::policy::{Freeze, Frozen};
use jiff::Timestamp;

use super::Cause;

/// A store of freezes: one for each thing that is frozen.
#[async_trait]
pub trait Freezes: Send + Sync {
    /// The freezes that are not over at `now` (UTC), in the order of what they freeze. Every decision asks: a
    /// store that is far away may remember the answer for a moment, but not past its own `begin` and `end`.
    async fn standing(&self, now: Timestamp) -> Result<Vec<Freeze>, FreezesError>;

    /// Asks anew, where an answer is remembered. Whoever keeps watch over the operations does so every few seconds,
    /// so that few decisions wait for it; the last look before the work does so itself.
    async fn refresh(&self, now: Timestamp) -> Result<(), FreezesError> {
        let _ = now;
        Ok(())
    }

    /// Puts a freeze in force, instead of another one of the same thing.
    async fn begin(&self, freeze: &Freeze) -> Result<(), FreezesError>;

    /// Ends the freeze of this thing. It is no error if there is none.
    async fn end(&self, what: &Frozen) -> Result<(), FreezesError>;
}

/// The store did not answer. Whether something is frozen is not known, so that the answer is no.
#[derive(Debug, thiserror::Error)]
#[error("the freezes cannot be read or written")]
pub struct FreezesError(#[source] pub Cause);
