//! The ledger and the inbox in one SQLite file.
//!
//! One task writes ([`writer`]): it takes what is queued, runs it in one
//! transaction, and answers after the commit, so that many small appends share
//! one wait for the disk. Reading goes past it on connections of its own. A
//! lock file beside the database keeps every other process out for as long as
//! the store is open.

mod backup;
mod batch;
mod error;
mod freezes;
mod inbox;
mod line;
mod lock;
mod open;
mod read;
mod schema;
mod seal;
#[cfg(test)]
mod tests;
mod trail;
mod work;
mod writer;

use std::path::Path;

use async_trait::async_trait;
use countersign_core::audit::{Checkpoint, Head, Record, Sealed};
use countersign_core::ids::{ChannelId, LockKey, MessageId, OperationId};
use countersign_core::policy::{Freeze, Frozen};
use countersign_engine::ports::{
    Appended, Begun, Delivery, Freezes, FreezesError, Inbox, InboxError, Keep, Ledger, LedgerError, Next,
    Stored, Turn,
};
use jiff::Timestamp;
use sqlx::SqlitePool;

pub use backup::{BackupError, Copied, backup};
pub use error::OpenError;
use freezes::{BeginFreeze, EndFreeze};
use inbox::{Finish, Prune, Receive, SetAside};
use line::{LineUp, Postpone};
pub use open::Seen;
use seal::Seal;
pub use trail::SqliteTrail;
use work::{Append, Begin, Close};
use writer::Writer;

/// The ledger and the inbox in one SQLite file, which no other process can open meanwhile.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Writer,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the database at `path`, and creates it in its folder if it is not there.
    ///
    /// # Errors
    /// [`OpenError`]: the folder is missing or read-only, another process has the
    /// database open, or the file is none of ours or from a newer program.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        open::open(path.as_ref()).await
    }

    /// What is at a path, without changing it: can a store be opened there?
    ///
    /// # Errors
    /// [`OpenError`]: why not.
    pub async fn look(path: impl AsRef<Path>) -> Result<Seen, OpenError> {
        open::look(path.as_ref()).await
    }

    /// Finishes what was queued, leaves one tidy file behind, and lets other processes in.
    /// Whoever uses the store afterwards gets an error.
    pub async fn close(&self) {
        // The writer goes last: the last connection folds the write-ahead log back into the file.
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[async_trait]
impl Ledger for SqliteStore {
    async fn begin(&self, key: &str, first: &Record, due: Timestamp) -> Result<Begun, LedgerError> {
        let begin = Begin::new(key, first, due).map_err(ledger)?;
        self.writer.run(begin).await.map_err(ledger)
    }

    async fn append(&self, records: &[Record], next: Next) -> Result<Appended, LedgerError> {
        match Append::new(records, next).map_err(ledger)? {
            Some(append) => self.writer.run(append).await.map_err(ledger),
            None => Ok(Appended::Done),
        }
    }

    async fn load(&self, operation: &OperationId) -> Result<Vec<Record>, LedgerError> {
        read::load(&self.readers, operation).await.map_err(ledger)
    }

    async fn by_message(
        &self,
        channel: &ChannelId,
        message: &MessageId,
    ) -> Result<Option<OperationId>, LedgerError> {
        read::by_message(&self.readers, channel, message).await.map_err(ledger)
    }

    async fn open(&self) -> Result<Vec<OperationId>, LedgerError> {
        read::open(&self.readers).await.map_err(ledger)
    }

    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<OperationId>, LedgerError> {
        read::due(&self.readers, now, most).await.map_err(ledger)
    }

    async fn postpone(
        &self,
        operation: &OperationId,
        head: Head,
        due: Option<Timestamp>,
    ) -> Result<(), LedgerError> {
        self.writer.run(Postpone::new(operation, head, due)).await.map_err(ledger)
    }

    async fn line_up(
        &self,
        lock: &LockKey,
        operation: &OperationId,
        head: Head,
    ) -> Result<Turn, LedgerError> {
        self.writer.run(LineUp::new(lock, operation, head)).await.map_err(ledger)
    }

    async fn close(&self, operation: &OperationId) -> Result<(), LedgerError> {
        self.writer.run(Close::new(operation)).await.map_err(ledger)
    }

    async fn unsealed(&self, most: usize) -> Result<Vec<Sealed>, LedgerError> {
        read::unsealed(&self.readers, most).await.map_err(ledger)
    }

    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, LedgerError> {
        let mut reader = self.readers.acquire().await.map_err(|error| ledger(error.into()))?;
        seal::last(&mut reader).await.map_err(ledger)
    }

    async fn seal(&self, checkpoint: &Checkpoint) -> Result<Appended, LedgerError> {
        self.writer.run(Seal(checkpoint.clone())).await.map_err(ledger)
    }

    fn is_exclusive(&self) -> bool {
        true
    }
}

#[async_trait]
impl Inbox for SqliteStore {
    async fn store(&self, delivery: &Delivery) -> Result<Stored, InboxError> {
        self.writer.receive(Receive::for_work(delivery.clone())).await.map_err(inbox)
    }

    async fn pass(&self, delivery: &Delivery) -> Result<Stored, InboxError> {
        self.writer.receive(Receive::for_nobody(delivery)).await.map_err(inbox)
    }

    async fn waiting(&self) -> Result<Vec<Delivery>, InboxError> {
        read::waiting(&self.readers).await.map_err(inbox)
    }

    async fn done(&self, key: &str) -> Result<(), InboxError> {
        self.writer.finish(Finish(key.to_owned())).await.map_err(inbox)
    }

    async fn set_aside(&self, key: &str) -> Result<(), InboxError> {
        self.writer.run(SetAside(key.to_owned())).await.map_err(inbox)
    }

    async fn aside(&self) -> Result<Vec<Delivery>, InboxError> {
        read::aside(&self.readers).await.map_err(inbox)
    }

    async fn prune(&self, keep: Keep) -> Result<(), InboxError> {
        // In small parts, so that nobody else waits for long.
        while self.writer.run(Prune(keep)).await.map_err(inbox)? == inbox::Pruned::Some {}
        Ok(())
    }
}

#[async_trait]
impl Freezes for SqliteStore {
    async fn standing(&self, now: Timestamp) -> Result<Vec<Freeze>, FreezesError> {
        freezes::standing(&self.readers, now).await.map_err(frozen)
    }

    async fn begin(&self, freeze: &Freeze) -> Result<(), FreezesError> {
        self.writer.run(BeginFreeze(freeze.clone())).await.map_err(frozen)
    }

    async fn end(&self, what: &Frozen) -> Result<(), FreezesError> {
        self.writer.run(EndFreeze(what.clone())).await.map_err(frozen)
    }
}

fn frozen(error: error::StoreError) -> FreezesError {
    FreezesError(Box::new(error))
}

fn ledger(error: error::StoreError) -> LedgerError {
    LedgerError(Box::new(error))
}

fn inbox(error: error::StoreError) -> InboxError {
    InboxError(Box::new(error))
}
