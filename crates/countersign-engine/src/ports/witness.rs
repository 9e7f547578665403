//! Somebody outside the ledger who remembers checkpoints.

use async_trait::async_trait;
use countersign_core::audit::Checkpoint;

use super::Cause;

/// Remembers checkpoints where whoever can write to the ledger cannot: what a witness holds proves later that the
/// history until then is still the same.
///
/// A checkpoint covers all those before it, so that a witness may leave some out.
#[async_trait]
pub trait Witness: Send + Sync {
    /// Takes note of what was sealed since it was told last, in order; that may be nothing. What it could not keep
    /// before, it tries again now.
    async fn note(&self, sealed: &[Checkpoint]) -> Result<(), Cause>;

    /// The program ends: what it kept back goes out now.
    async fn end(&self) -> Result<(), Cause> {
        Ok(())
    }
}
