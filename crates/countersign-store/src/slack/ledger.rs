//! The engine's ledger: in memory, and in Slack whatever a restart has to find.

use async_trait::async_trait;
use countersign_core::audit::{Checkpoint, Head, Record, Sealed};
use countersign_core::ids::{ChannelId, LockKey, MessageId, OperationId};
use countersign_core::operation::Event;
use countersign_engine::pipeline::root_mark;
use countersign_engine::ports::{Appended, Begun, Ledger, LedgerError, Next, Turn};
use countersign_slack::web_api::Reacted;
use jiff::Timestamp;

use super::SlackStore;
use super::markers::TAKEN;
use super::seal::LONGEST_PLAN;
use super::write::{Before, Refused};

#[async_trait]
impl Ledger for SlackStore {
    /// The bot's 👀 on the request says that the operation has begun, to all who hold its token, and after
    /// every restart.
    async fn begin(&self, key: &str, first: &Record, due: Timestamp) -> Result<Begun, LedgerError> {
        let mark = root_mark(key);
        let gate = self.book.gate(format!("key/{mark}"));
        let _held = gate.lock().await;
        if let Some(already) = self.book.begun_by(&mark) {
            return Ok(Begun::Already(already));
        }
        let Event::Requested(request) = &first.event else { return self.book.begin(&mark, first, due).await };
        if !self.book.memory.load(&first.operation).await?.is_empty() || request.id != first.operation {
            return self.book.begin(&mark, first, due).await;
        }
        let channel = &request.origin.channel;
        let message = request.origin.message.as_ref().ok_or(Refused::NoMessage)?;
        if !key.contains(message.as_str()) && self.has_an_earlier_root(&mark, (channel, message)).await? {
            return Ok(Begun::Already(first.operation.clone()));
        }
        if self.claim((channel, message), TAKEN).await? == Reacted::Before
            && !self.book.was_in_doubt(channel, message, TAKEN)
        {
            return Ok(Begun::Already(first.operation.clone()));
        }
        self.book.begin(&mark, first, due).await
    }

    async fn append(&self, records: &[Record], next: Next) -> Result<Appended, LedgerError> {
        let Some(first) = records.first() else { return Ok(Appended::Done) };
        let gate = self.book.gate(first.operation.to_string());
        let _held = gate.lock().await;
        if self.follows(records).await? {
            let operation = self.book.operation(&first.operation).await?.ok_or(Refused::NoHistory)?;
            if let Before::Instead(events) = self.write_before(&operation, records).await? {
                if events.is_empty() {
                    return Err(Refused::Unclear.into());
                }
                self.append_instead(&operation, events).await?;
                return Ok(Appended::Conflict);
            }
        }
        let appended = self.book.memory.append(records, next).await?;
        let shows = |record: &Record| matches!(record.event, Event::CardShown { .. } | Event::Renewed { .. });
        if appended == Appended::Done && records.iter().any(shows) {
            self.write_after(&first.operation).await;
        }
        Ok(appended)
    }

    async fn load(&self, operation: &OperationId) -> Result<Vec<Record>, LedgerError> {
        self.book.memory.load(operation).await
    }

    async fn by_message(
        &self,
        channel: &ChannelId,
        message: &MessageId,
    ) -> Result<Option<OperationId>, LedgerError> {
        self.book.memory.by_message(channel, message).await
    }

    async fn open(&self) -> Result<Vec<OperationId>, LedgerError> {
        self.book.memory.open().await
    }

    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<OperationId>, LedgerError> {
        self.book.memory.due(now, most).await
    }

    async fn postpone(
        &self,
        operation: &OperationId,
        head: Head,
        due: Option<Timestamp>,
    ) -> Result<(), LedgerError> {
        self.book.memory.postpone(operation, head, due).await
    }

    async fn line_up(
        &self,
        lock: &LockKey,
        operation: &OperationId,
        head: Head,
    ) -> Result<Turn, LedgerError> {
        self.book.memory.line_up(lock, operation, head).await
    }

    async fn close(&self, operation: &OperationId) -> Result<(), LedgerError> {
        self.book.close(operation).await
    }

    async fn unsealed(&self, most: usize) -> Result<Vec<Sealed>, LedgerError> {
        self.book.memory.unsealed(most).await
    }

    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, LedgerError> {
        self.book.memory.last_checkpoint().await
    }

    async fn seal(&self, checkpoint: &Checkpoint) -> Result<Appended, LedgerError> {
        self.book.memory.seal(checkpoint).await
    }

    /// Nothing keeps a second process away: in a rolling restart there are two for a moment.
    fn is_exclusive(&self) -> bool {
        false
    }

    fn longest_plan(&self) -> Option<usize> {
        Some(LONGEST_PLAN)
    }
}
