use std::sync::Mutex;

use async_trait::async_trait;
use countersign_core::audit::{Checkpoint, Head, Record, Sealed};
use countersign_core::ids::{ChannelId, LockKey, MessageId, OperationId};
use jiff::Timestamp;

use super::lock;
use crate::ports::{Appended, Begun, Ledger, LedgerError, Next, Turn};
use state::State;

mod state;

/// A ledger that is gone when the process ends.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    state: Mutex<State>,
    is_shared: bool,
}

impl MemoryLedger {
    /// A ledger that several engines write to: none of them takes another for dead.
    pub fn shared() -> Self {
        Self { is_shared: true, ..Self::default() }
    }

    /// Forgets an operation that is closed, its key and its messages with it. An open one stays.
    pub fn forget(&self, operation: &OperationId) {
        lock(&self.state).forget(operation);
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn begin(&self, key: &str, first: &Record, due: Timestamp) -> Result<Begun, LedgerError> {
        Ok(lock(&self.state).begin(key, first, due)?)
    }

    async fn append(&self, records: &[Record], next: Next) -> Result<Appended, LedgerError> {
        Ok(lock(&self.state).append(records, next)?)
    }

    async fn load(&self, operation: &OperationId) -> Result<Vec<Record>, LedgerError> {
        Ok(lock(&self.state).load(operation))
    }

    async fn by_message(
        &self,
        channel: &ChannelId,
        message: &MessageId,
    ) -> Result<Option<OperationId>, LedgerError> {
        Ok(lock(&self.state).by_message(channel, message))
    }

    async fn open(&self) -> Result<Vec<OperationId>, LedgerError> {
        Ok(lock(&self.state).open())
    }

    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<OperationId>, LedgerError> {
        Ok(lock(&self.state).due(now, most))
    }

    async fn postpone(
        &self,
        operation: &OperationId,
        head: Head,
        due: Option<Timestamp>,
    ) -> Result<(), LedgerError> {
        lock(&self.state).postpone(operation, head, due);
        Ok(())
    }

    async fn line_up(&self, key: &LockKey, operation: &OperationId, head: Head) -> Result<Turn, LedgerError> {
        Ok(lock(&self.state).line_up(key, operation, head))
    }

    async fn close(&self, operation: &OperationId) -> Result<(), LedgerError> {
        lock(&self.state).close(operation);
        Ok(())
    }

    async fn unsealed(&self, most: usize) -> Result<Vec<Sealed>, LedgerError> {
        Ok(lock(&self.state).unsealed(most))
    }

    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, LedgerError> {
        Ok(lock(&self.state).last_checkpoint())
    }

    async fn seal(&self, checkpoint: &Checkpoint) -> Result<Appended, LedgerError> {
        Ok(lock(&self.state).seal(checkpoint))
    }

    fn is_exclusive(&self) -> bool {
        !self.is_shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::ledger_contract!(async || (MemoryLedger::default(), ()));

    #[tokio::test]
    async fn what_is_forgotten_may_begin_again_and_what_is_open_stays() {
        let (ledger, first) = (MemoryLedger::default(), crate::contract::a_request());
        let at = Timestamp::UNIX_EPOCH;
        assert_eq!(ledger.begin("key", &first, at).await.unwrap(), Begun::New);
        ledger.forget(&first.operation);
        assert_eq!(ledger.load(&first.operation).await.unwrap(), std::slice::from_ref(&first));
        ledger.close(&first.operation).await.unwrap();
        ledger.forget(&first.operation);
        assert_eq!(ledger.load(&first.operation).await.unwrap(), []);
        assert_eq!(ledger.unsealed(10).await.unwrap(), []);
        assert_eq!(ledger.begin("key", &first, at).await.unwrap(), Begun::New);
    }
}
