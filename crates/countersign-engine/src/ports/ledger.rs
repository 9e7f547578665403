//! The append-only events of operations.

use async_trait::async_trait;
use countersign_core::audit::Record;
use countersign_core::ids::{ChannelId, MessageId, OperationId};

use super::Cause;

/// What beginning an operation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is new.
    New,
    /// This natural key began an operation before: here it is.
    Already(OperationId),
}

/// What appending did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// The records are the end of the chain now, and safe.
    Done,
    /// Somebody else appended meanwhile: load again, then decide again.
    Conflict,
}

/// A store of operations' records.
///
/// An operation is *open* from its beginning until [`Ledger::close`]: it is
/// closed when its end stands in the records *and* was shown in chat.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Begins an operation with its first record, unless `key` began one before.
    /// The message in its request becomes known to [`Ledger::by_message`].
    async fn begin(&self, key: &str, first: &Record) -> Result<Begun, LedgerError>;

    /// Appends records of one operation, all or none, if its last record still is
    /// the one before the first of them. Cards that they show become known to [`Ledger::by_message`].
    async fn append(&self, records: &[Record]) -> Result<Appended, LedgerError>;

    /// An operation's records in their order; none when it does not exist.
    async fn load(&self, operation: &OperationId) -> Result<Vec<Record>, LedgerError>;

    /// The operation whose request or card is this message.
    async fn by_message(
        &self,
        channel: &ChannelId,
        message: &MessageId,
    ) -> Result<Option<OperationId>, LedgerError>;

    /// The open operations, oldest first.
    async fn open(&self) -> Result<Vec<OperationId>, LedgerError>;

    /// Nothing is left to do for this operation.
    async fn close(&self, operation: &OperationId) -> Result<(), LedgerError>;

    /// Is this process the only one that can write here, for as long as it runs?
    /// Then whatever another worker had claimed, that worker is dead.
    fn is_exclusive(&self) -> bool;
}

/// The ledger did not answer, or not as it should.
#[derive(Debug, thiserror::Error)]
#[error("the ledger failed")]
pub struct LedgerError(#[source] pub Cause);
