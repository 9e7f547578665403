use std::time::Duration;

use async_trait::async_trait;
use countersign_engine::ports::Cause;

/// Carries a request to a runbook elsewhere, and its answer back.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends `request` once, and returns what came back, which is no more than
    /// [`MOST_BYTES`](super::wire::MOST_BYTES). It gives up after `within`.
    async fn call(&self, request: Vec<u8>, within: Duration) -> Result<Vec<u8>, TransportError>;
}

/// There is no answer. Whether the request may have arrived decides what an operation ends with.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// It certainly never reached the runbook.
    #[error("the runbook was not reached")]
    NotSent(#[source] Cause),
    /// It may have reached the runbook.
    #[error("the runbook's answer was lost")]
    Lost(#[source] Cause),
}
