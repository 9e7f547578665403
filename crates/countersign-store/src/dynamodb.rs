//! The ledger and the inbox in one DynamoDB table, for any number of processes at once.
//!
//! Every write is one conditional request: an update of one item, or a transaction over several. Reads of an
//! operation are strongly consistent. The table is never scanned: what is open, due, unsealed or waiting stands
//! in a sparse index ([`table`]), and because an index may be a moment behind, nothing is decided by what it
//! says: it names items, and those are read, or written under a condition.
//!
//! A request whose answer was lost is sent again by the SDK. A write that decides something carries a mark of its
//! writer, so that a repetition that is refused because of the first one is known as our own.

mod append;
mod begin;
mod change;
mod delivery;
mod error;
mod event;
mod freezes;
mod inbox;
mod item;
mod line;
mod names;
mod open;
mod order;
mod read;
mod recent;
mod seal;
mod table;
#[cfg(test)]
mod tests;
mod trail;
mod transaction;

use std::sync::atomic::AtomicI64;

use async_trait::async_trait;
use countersign_core::audit::{Checkpoint, Head, Record, Sealed};
use countersign_core::ids::{ChannelId, LockKey, MessageId, OperationId};
use countersign_core::policy::{Freeze, Frozen};
use countersign_engine::ports::{
    Appended, Begun, Delivery, Freezes, FreezesError, Inbox, InboxError, Keep, Ledger, LedgerError, Next,
    Stored, Turn,
};
use jiff::Timestamp;

use error::StoreError;
pub use open::{Edges, OpenError, Seen, Settings};
use order::Order;
use recent::Recent;
use table::Table;
pub use trail::DynamoTrail;

/// The ledger and the inbox in a DynamoDB table, which other processes may use at the same time.
pub struct DynamoStore {
    table: Table,
    order: Order,
    /// What was done and came in before this (nanoseconds since 1970, UTC) is forgotten.
    forgotten: AtomicI64,
    /// Deliveries that were marked as done together with what was written for them.
    answered: Recent<String, ()>,
    /// The months (`2026-11`) that are known to be listed.
    months: Recent<String, ()>,
    /// Where operations were asked for.
    channels: Recent<OperationId, ChannelId>,
    /// The lines in which operations stand, as far as they were lined up here.
    lines: Recent<OperationId, LockKey>,
    /// Where messages lead to.
    messages: Recent<(ChannelId, MessageId), OperationId>,
    freezes: freezes::Answer,
}

impl DynamoStore {
    /// A store on the table that `settings` name, which must be there.
    ///
    /// # Errors
    /// [`OpenError`]: AWS does not answer or does not let us in, there is no such table, or it is another one.
    pub async fn open(settings: &Settings, edges: Edges) -> Result<Self, OpenError> {
        let table = open::connect(settings).await;
        open::must_be_ready(&table).await?;
        Ok(Self::on(table, edges))
    }

    /// What stands under the table's name, without changing it: can a store be opened there?
    ///
    /// # Errors
    /// [`OpenError`]: AWS does not answer or does not let us in.
    pub async fn look(settings: &Settings) -> Result<Seen, OpenError> {
        open::look(&open::connect(settings).await).await
    }

    /// Makes the table, paid by request, protected against deletion, and returns when it is ready.
    ///
    /// # Errors
    /// [`OpenError`]: there is one of that name, or AWS does not let us.
    pub async fn create(settings: &Settings) -> Result<(), OpenError> {
        open::create(&open::connect(settings).await).await
    }

    fn on(table: Table, edges: Edges) -> Self {
        Self {
            table,
            order: Order::new(edges),
            forgotten: AtomicI64::new(i64::MIN),
            answered: Recent::default(),
            months: Recent::default(),
            channels: Recent::default(),
            lines: Recent::default(),
            messages: Recent::default(),
            freezes: freezes::Answer::default(),
        }
    }
}

#[async_trait]
impl Ledger for DynamoStore {
    async fn begin(&self, key: &str, first: &Record, due: Timestamp) -> Result<Begun, LedgerError> {
        begin::begin(self, key, (first, due)).await.map_err(ledger)
    }

    async fn append(&self, records: &[Record], next: Next) -> Result<Appended, LedgerError> {
        append::append(self, None, (records, next)).await.map_err(ledger)
    }

    async fn append_for(
        &self,
        delivery: &str,
        records: &[Record],
        next: Next,
    ) -> Result<Appended, LedgerError> {
        append::append(self, Some(delivery), (records, next)).await.map_err(ledger)
    }

    async fn load(&self, operation: &OperationId) -> Result<Vec<Record>, LedgerError> {
        read::load(&self.table, operation).await.map_err(ledger)
    }

    async fn by_message(
        &self,
        channel: &ChannelId,
        message: &MessageId,
    ) -> Result<Option<OperationId>, LedgerError> {
        read::by_message(self, channel, message).await.map_err(ledger)
    }

    async fn open(&self) -> Result<Vec<OperationId>, LedgerError> {
        read::open(&self.table).await.map_err(ledger)
    }

    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<OperationId>, LedgerError> {
        read::due(&self.table, now, most).await.map_err(ledger)
    }

    async fn postpone(
        &self,
        operation: &OperationId,
        head: Head,
        due: Option<Timestamp>,
    ) -> Result<(), LedgerError> {
        append::postpone(&self.table, operation, (head, due)).await.map_err(ledger)
    }

    async fn line_up(
        &self,
        lock: &LockKey,
        operation: &OperationId,
        head: Head,
    ) -> Result<Turn, LedgerError> {
        line::line_up(self, lock, (operation, head)).await.map_err(ledger)
    }

    async fn close(&self, operation: &OperationId) -> Result<(), LedgerError> {
        append::close(self, operation).await.map_err(ledger)
    }

    async fn unsealed(&self, most: usize) -> Result<Vec<Sealed>, LedgerError> {
        read::unsealed(&self.table, most).await.map_err(ledger)
    }

    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, LedgerError> {
        seal::last(&self.table).await.map_err(ledger)
    }

    async fn seal(&self, checkpoint: &Checkpoint) -> Result<Appended, LedgerError> {
        seal::seal(&self.table, checkpoint).await.map_err(ledger)
    }

    fn is_exclusive(&self) -> bool {
        false
    }
}

#[async_trait]
impl Inbox for DynamoStore {
    async fn store(&self, delivery: &Delivery) -> Result<Stored, InboxError> {
        inbox::store(self, delivery).await.map_err(inbox_error)
    }

    async fn pass(&self, delivery: &Delivery) -> Result<Stored, InboxError> {
        inbox::pass(self, delivery).await.map_err(inbox_error)
    }

    async fn waiting(&self) -> Result<Vec<Delivery>, InboxError> {
        inbox::waiting(&self.table).await.map_err(inbox_error)
    }

    async fn done(&self, key: &str) -> Result<(), InboxError> {
        if self.answered.take(key).is_some() {
            return Ok(());
        }
        inbox::done(self, key).await.map_err(inbox_error)
    }

    async fn set_aside(&self, key: &str) -> Result<(), InboxError> {
        inbox::set_aside(self, key).await.map_err(inbox_error)
    }

    async fn aside(&self) -> Result<Vec<Delivery>, InboxError> {
        inbox::aside(self).await.map_err(inbox_error)
    }

    async fn prune(&self, keep: Keep) -> Result<(), InboxError> {
        inbox::prune(self, keep).await.map_err(inbox_error)
    }
}

#[async_trait]
impl Freezes for DynamoStore {
    async fn standing(&self, now: Timestamp) -> Result<Vec<Freeze>, FreezesError> {
        freezes::standing(self, now).await.map_err(freezes_error)
    }

    async fn refresh(&self, now: Timestamp) -> Result<(), FreezesError> {
        freezes::ask(self, now).await.map(drop).map_err(freezes_error)
    }

    async fn begin(&self, freeze: &Freeze) -> Result<(), FreezesError> {
        freezes::begin(self, freeze).await.map_err(freezes_error)
    }

    async fn end(&self, what: &Frozen) -> Result<(), FreezesError> {
        freezes::end(self, what).await.map_err(freezes_error)
    }
}

fn freezes_error(error: StoreError) -> FreezesError {
    FreezesError(Box::new(error))
}

fn ledger(error: StoreError) -> LedgerError {
    LedgerError(Box::new(error))
}

fn inbox_error(error: StoreError) -> InboxError {
    InboxError(Box::new(error))
}
