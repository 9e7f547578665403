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
    /// What the transport says about it, unless it calls it the first delivery.
    pub retry: Option<Retry>,
}

/// A delivery that is not the first of its kind: the transport got no answer to one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Which retry it is, from 1.
    pub number: u32,
    /// Why, in the transport's words (Slack: `http_timeout`).
    pub reason: String,
}

/// What storing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is new and safe now.
    New,
    /// Its key was stored before; this copy is dropped.
    Seen,
}

/// What [`Inbox::prune`] leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Everything that came in at this time or later (UTC).
    pub since: Timestamp,
    /// At most so many payloads that were set aside: the newest.
    pub set_aside: usize,
}

/// A store of deliveries, by natural key, each handled until it is marked as done.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Stores a delivery. When this returns, a crash does not lose it.
    async fn store(&self, delivery: &Delivery) -> Result<Stored, InboxError>;

    /// Stores that a delivery came which needs no work: its key, and nothing of what it says. When this returns,
    /// a crash does not lose it.
    async fn pass(&self, delivery: &Delivery) -> Result<Stored, InboxError>;

    /// Everything stored and not yet done, oldest first.
    async fn waiting(&self) -> Result<Vec<Delivery>, InboxError>;

    /// This delivery needs no more work. Its key stays known until it is pruned.
    async fn done(&self, key: &str) -> Result<(), InboxError>;

    /// Nobody knows what this delivery is about: it needs no work, but it is kept for a person to look at.
    async fn set_aside(&self, key: &str) -> Result<(), InboxError>;

    /// What was set aside and is still kept, oldest first.
    async fn aside(&self) -> Result<Vec<Delivery>, InboxError>;

    /// Forgets the rest of what needs no more work. What waits is never forgotten.
    async fn prune(&self, keep: Keep) -> Result<(), InboxError>;
}

/// The inbox did not answer, or not as it should.
#[derive(Debug, thiserror::Error)]
#[error("the inbox failed")]
pub struct InboxError(#[source] pub Cause);
