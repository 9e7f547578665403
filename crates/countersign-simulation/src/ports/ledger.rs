//! The ledger: the engine's own one in memory, reached through the gate. Whoever writes is written down.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::audit::{Checkpoint, Head, Record, Sealed};
use countersign_core::ids::{ChannelId, LockKey, MessageId, OperationId};
use countersign_core::operation::{Event, Outcome};
use countersign_engine::memory::MemoryLedger;
use countersign_engine::ports::{Appended, Begun, Ledger, LedgerError, Next, Turn};
use jiff::Timestamp;

use crate::gate::{OnPurpose, Port};

/// A ledger that fails, is slow, and loses answers.
#[derive(Debug)]
pub struct Books {
    pub(super) port: Port,
    pub(super) ledger: Arc<MemoryLedger>,
}

impl Books {
    fn wrote(&self, records: &[Record]) {
        let life = self.port.life;
        let mut world = self.port.shared.lock();
        for record in records {
            let tick = crate::gate::happens(&mut world, life, || {
                format!("wrote {} {} {}", record.operation, record.seq, words(&record.event))
            });
            let chain = world.history.chain(&record.operation);
            chain.written.push((tick, life));
            match &record.event {
                Event::Finished { outcome } => chain.is_unknown = matches!(outcome, Outcome::Unknown { .. }),
                Event::Resolved(_) => chain.is_unknown = false,
                _ => {}
            }
        }
    }
}

#[async_trait]
impl Ledger for Books {
    async fn begin(&self, key: &str, first: &Record, due: Timestamp) -> Result<Begun, LedgerError> {
        let effect = async {
            let begun = self.ledger.begin(key, first, due).await?;
            if begun == Begun::New {
                self.wrote(std::slice::from_ref(first));
            }
            Ok(begun)
        };
        self.port.call(effect, broken).await
    }

    async fn append(&self, records: &[Record], next: Next) -> Result<Appended, LedgerError> {
        let effect = async {
            let appended = self.ledger.append(records, next).await?;
            match appended {
                Appended::Done => self.wrote(records),
                Appended::Conflict => {
                    self.port.happens(|| "could not write: somebody else wrote".to_owned());
                }
            }
            Ok(appended)
        };
        self.port.call(effect, broken).await
    }

    async fn load(&self, operation: &OperationId) -> Result<Vec<Record>, LedgerError> {
        self.port.call(self.ledger.load(operation), broken).await
    }

    async fn by_message(
        &self,
        channel: &ChannelId,
        message: &MessageId,
    ) -> Result<Option<OperationId>, LedgerError> {
        self.port.call(self.ledger.by_message(channel, message), broken).await
    }

    async fn open(&self) -> Result<Vec<OperationId>, LedgerError> {
        self.port.call(self.ledger.open(), broken).await
    }

    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<OperationId>, LedgerError> {
        self.port.call(self.ledger.due(now, most), broken).await
    }

    async fn postpone(
        &self,
        operation: &OperationId,
        head: Head,
        due: Option<Timestamp>,
    ) -> Result<(), LedgerError> {
        self.port.call(self.ledger.postpone(operation, head, due), broken).await
    }

    async fn line_up(
        &self,
        lock: &LockKey,
        operation: &OperationId,
        head: Head,
    ) -> Result<Turn, LedgerError> {
        self.port.call(self.ledger.line_up(lock, operation, head), broken).await
    }

    async fn close(&self, operation: &OperationId) -> Result<(), LedgerError> {
        let effect = async {
            self.ledger.close(operation).await?;
            let mut world = self.port.shared.lock();
            let tick = crate::gate::happens(&mut world, self.port.life, || format!("closed {operation}"));
            world.history.chain(operation).closed.get_or_insert(tick);
            Ok(())
        };
        self.port.call(effect, broken).await
    }

    async fn unsealed(&self, most: usize) -> Result<Vec<Sealed>, LedgerError> {
        self.port.call(self.ledger.unsealed(most), broken).await
    }

    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, LedgerError> {
        self.port.call(self.ledger.last_checkpoint(), broken).await
    }

    async fn seal(&self, checkpoint: &Checkpoint) -> Result<Appended, LedgerError> {
        self.port.call(self.ledger.seal(checkpoint), broken).await
    }

    fn is_exclusive(&self) -> bool {
        self.ledger.is_exclusive()
    }
}

fn broken() -> LedgerError {
    LedgerError(Box::new(OnPurpose))
}

/// An event in a few words.
fn words(event: &Event) -> String {
    match event {
        Event::Requested(request) => format!("Requested {:?} by {}", request.sentence, request.caller.user),
        Event::Planned { fingerprint, .. } => format!("Planned {}", fingerprint.short()),
        Event::Drifted { fingerprint, .. } => format!("Drifted {}", fingerprint.short()),
        Event::Voted(vote) => {
            format!("Voted {} {:?} {}", vote.person.user, vote.verdict, vote.fingerprint.short())
        }
        Event::Withdrawn { person, because, .. } => format!("Withdrawn {} {because:?}", person.user),
        other => format!("{other:?}"),
    }
}
