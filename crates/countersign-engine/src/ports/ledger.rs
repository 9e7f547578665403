//! The append-only events of operations.

use async_trait::async_trait;
use countersign_core::audit::{Checkpoint, Head, Record, Sealed};
use countersign_core::ids::{ChannelId, LockKey, MessageId, OperationId};
use jiff::Timestamp;

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

/// What a ledger keeps beside the records, so that it can be asked for: what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// When the operation must be looked at again, although nothing happens (UTC); `None`: it waits for a
    /// person alone.
    pub due: Option<Timestamp>,
    /// What becomes of its place in a line for a lock.
    pub place: Place,
}

/// What becomes of an operation's place in the line for its lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It keeps the one that it has, if it has one.
    Kept,
    /// It gives it up: whoever was behind it moves up.
    GivenUp,
}

/// Where an operation stands in the line for its lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// These are before it, the first one first; with none before it, the lock is its own.
    After(Vec<OperationId>),
    /// Somebody else appended meanwhile: load again, then decide again.
    Conflict,
}

/// A store of operations' records.
///
/// An operation is *open* from its beginning until [`Ledger::close`]: it is
/// closed when its end stands in the records, was shown in chat, and expects
/// nothing of anybody any more.
///
/// Every write is conditional on what the writer had read, so that any number
/// of processes may write at once.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Begins an operation with its first record, due at `due` (UTC), unless `key` began one before.
    /// The message in its request becomes known to [`Ledger::by_message`].
    async fn begin(&self, key: &str, first: &Record, due: Timestamp) -> Result<Begun, LedgerError>;

    /// Appends records of one operation, all or none, if its last record still is
    /// the one before the first of them, and keeps `next` with them. The messages that they name (the card,
    /// the root) become known to [`Ledger::by_message`].
    async fn append(&self, records: &[Record], next: Next) -> Result<Appended, LedgerError>;

    /// As [`Ledger::append`], in answer to the delivery with this key, which needs no more work when it is done.
    /// A store that is the inbox as well may write both at once; [`Inbox::done`](super::Inbox::done) is called
    /// all the same.
    async fn append_for(
        &self,
        delivery: &str,
        records: &[Record],
        next: Next,
    ) -> Result<Appended, LedgerError> {
        let _ = delivery;
        self.append(records, next).await
    }

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

    /// The operations that are due at `now` (UTC) or before, those that have been due for longest first,
    /// and at most `most` of them.
    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<OperationId>, LedgerError>;

    /// Says when an operation is due instead, if `head` still is the end of its chain; else nothing happens.
    async fn postpone(
        &self,
        operation: &OperationId,
        head: Head,
        due: Option<Timestamp>,
    ) -> Result<(), LedgerError>;

    /// Lines an operation up for a lock, if `head` still is the end of its chain. One that stands in the line
    /// keeps its place. Only an open operation can stand in a line.
    async fn line_up(&self, lock: &LockKey, operation: &OperationId, head: Head)
    -> Result<Turn, LedgerError>;

    /// Nothing is left to do for this operation. It leaves its line; whoever was behind it moves up.
    async fn close(&self, operation: &OperationId) -> Result<(), LedgerError>;

    /// Heads of chains that have moved since a checkpoint sealed them, at most `most` of them.
    async fn unsealed(&self, most: usize) -> Result<Vec<Sealed>, LedgerError>;

    /// The newest checkpoint.
    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, LedgerError>;

    /// Keeps a checkpoint, if it follows the newest one; else it is a conflict. A chain that has moved on
    /// since the head in it stays unsealed.
    async fn seal(&self, checkpoint: &Checkpoint) -> Result<Appended, LedgerError>;

    /// Is this process the only one that can write here, for as long as it runs?
    /// Then whatever another worker had claimed, that worker is dead.
    fn is_exclusive(&self) -> bool;

    /// The longest plan that it can keep, in bytes of its JSON; `None`: any. A longer one is refused before
    /// anybody is asked to sign it.
    fn longest_plan(&self) -> Option<usize> {
        None
    }
}

/// The ledger did not answer, or not as it should.
#[derive(Debug, thiserror::Error)]
#[error("the ledger failed")]
pub struct LedgerError(#[source] pub Cause);
