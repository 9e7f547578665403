//! What was received, stored before it is acknowledged.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Cause;

/// One payload as it came off the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The natural key of what happened: a redelivery, or the twin event of the same message, has the same.
    pub key: String,
    /// The transport's kind of payload (Slack: `events_api`, `slash_commands`, `interactive`).
    pub kind: String,
    /// The payload, unread.
    pub payload: String,
    /// When it came in (UTC).
    pub received_at: Timestamp,
}

/// What storing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is new and safe now.
    New,
    /// Its key was stored before; this copy is dropped.
    Seen,
}

/// A store of deliveries, by natural key, each handled until it is marked as done.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Stores a delivery. When this returns, a crash does not lose it.
    async fn store(&self, delivery: &Delivery) -> Result<Stored, InboxError>;

    /// Everything stored and not yet done, oldest first.
    async fn waiting(&self) -> Result<Vec<Delivery>, InboxError>;

    /// This delivery needs no more work. Its key stays known.
    async fn done(&self, key: &str) -> Result<(), InboxError>;
}

/// The inbox did not answer, or not as it should.
#[derive(Debug, thiserror::Error)]
#[error("the inbox failed")]
pub struct InboxError(#[source] pub Cause);
