use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use countersign_core::audit::{Head, Record};
use countersign_core::ids::{ChannelId, MessageId, OperationId};
use countersign_core::operation::{Event, Request};

use super::lock;
use crate::ports::{Appended, Begun, Ledger, LedgerError};

/// A ledger that is gone when the process ends.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    chains: HashMap<OperationId, Chain>,
    keys: HashMap<String, OperationId>,
    messages: HashMap<(ChannelId, MessageId), OperationId>,
    /// In the order in which they began.
    open: Vec<OperationId>,
}

#[derive(Debug)]
struct Chain {
    channel: ChannelId,
    records: Vec<Record>,
}

impl State {
    fn begin(&mut self, key: &str, first: &Record, request: &Request) -> Begun {
        if let Some(already) = self.keys.get(key) {
            return Begun::Already(already.clone());
        }
        let id = first.operation.clone();
        let channel = request.origin.channel.clone();
        self.keys.insert(key.to_owned(), id.clone());
        self.name(&channel, &request.origin.message, &id);
        self.open.push(id.clone());
        self.chains.insert(id, Chain { channel, records: vec![first.clone()] });
        Begun::New
    }

    fn append(&mut self, first: &Record, records: &[Record]) -> Result<Appended, Broken> {
        let chain = self.chains.get_mut(&first.operation).ok_or(Broken::NoOperation)?;
        if chain.records.last().map(Record::head) != Some(before(first)) {
            return Ok(Appended::Conflict);
        }
        chain.records.extend_from_slice(records);
        let channel = chain.channel.clone();
        for record in records {
            if let Event::CardShown { message, .. } = &record.event {
                self.name(&channel, message, &record.operation);
            }
        }
        Ok(Appended::Done)
    }

    /// The first operation that a message belongs to keeps it.
    fn name(&mut self, channel: &ChannelId, message: &MessageId, operation: &OperationId) {
        self.messages.entry((channel.clone(), message.clone())).or_insert_with(|| operation.clone());
    }
}

/// Records that no ledger takes.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("an operation begins with a request of its own")]
    NoRequest,
    #[error("the operation's id is taken")]
    Taken,
    #[error("there is no such operation")]
    NoOperation,
    #[error("the records do not follow one another")]
    NoChain,
}

impl From<Broken> for LedgerError {
    fn from(broken: Broken) -> Self {
        Self(Box::new(broken))
    }
}

/// The head that `record` builds on.
fn before(record: &Record) -> Head {
    Head { seq: record.seq.saturating_sub(1), hash: record.prev }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn begin(&self, key: &str, first: &Record) -> Result<Begun, LedgerError> {
        let Event::Requested(request) = &first.event else { return Err(Broken::NoRequest.into()) };
        if before(first) != Head::start() || request.id != first.operation {
            return Err(Broken::NoRequest.into());
        }
        let mut state = lock(&self.state);
        if !state.keys.contains_key(key) && state.chains.contains_key(&first.operation) {
            return Err(Broken::Taken.into());
        }
        Ok(state.begin(key, first, request))
    }

    async fn append(&self, records: &[Record]) -> Result<Appended, LedgerError> {
        let Some(first) = records.first() else { return Ok(Appended::Done) };
        let mut pairs = records.iter().zip(records.iter().skip(1));
        if pairs.any(|(a, b)| a.head() != before(b) || a.operation != b.operation) {
            return Err(Broken::NoChain.into());
        }
        Ok(lock(&self.state).append(first, records)?)
    }

    async fn load(&self, operation: &OperationId) -> Result<Vec<Record>, LedgerError> {
        Ok(lock(&self.state).chains.get(operation).map(|chain| chain.records.clone()).unwrap_or_default())
    }

    async fn by_message(
        &self,
        channel: &ChannelId,
        message: &MessageId,
    ) -> Result<Option<OperationId>, LedgerError> {
        Ok(lock(&self.state).messages.get(&(channel.clone(), message.clone())).cloned())
    }

    async fn open(&self) -> Result<Vec<OperationId>, LedgerError> {
        Ok(lock(&self.state).open.clone())
    }

    async fn close(&self, operation: &OperationId) -> Result<(), LedgerError> {
        lock(&self.state).open.retain(|open| open != operation);
        Ok(())
    }

    fn is_exclusive(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::ledger_contract!(async || (MemoryLedger::default(), ()));
}
