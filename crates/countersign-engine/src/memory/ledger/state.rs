//! What the ledger in memory knows, and how it changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use countersign_core::audit::{Checkpoint, Head, Record, Sealed};
use countersign_core::ids::{ChannelId, LockKey, MessageId, OperationId};
use countersign_core::operation::Event;
use jiff::Timestamp;

use crate::ports::{Appended, Begun, LedgerError, Next, Place, Turn};

#[derive(Debug, Default)]
pub(super) struct State {
    chains: HashMap<OperationId, Chain>,
    keys: HashMap<String, OperationId>,
    messages: HashMap<(ChannelId, MessageId), OperationId>,
    /// In the order in which they began.
    open: Vec<OperationId>,
    due: BTreeSet<(Timestamp, OperationId)>,
    lines: BTreeMap<LockKey, Vec<OperationId>>,
    unsealed: BTreeSet<OperationId>,
    checkpoints: Vec<Checkpoint>,
}

#[derive(Debug)]
struct Chain {
    channel: ChannelId,
    records: Vec<Record>,
    due: Option<Timestamp>,
    line: Option<LockKey>,
}

impl Chain {
    fn head(&self) -> Head {
        self.records.last().map_or_else(Head::start, Record::head)
    }
}

/// Records that no ledger takes.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
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

impl State {
    pub(super) fn begin(&mut self, key: &str, first: &Record, due: Timestamp) -> Result<Begun, Broken> {
        let Event::Requested(request) = &first.event else { return Err(Broken::NoRequest) };
        if first.builds_on() != Head::start() || request.id != first.operation {
            return Err(Broken::NoRequest);
        }
        if let Some(already) = self.keys.get(key) {
            return Ok(Begun::Already(already.clone()));
        }
        if self.chains.contains_key(&first.operation) {
            return Err(Broken::Taken);
        }
        let id = first.operation.clone();
        let channel = request.origin.channel.clone();
        self.keys.insert(key.to_owned(), id.clone());
        if let Some(message) = &request.origin.message {
            self.name(&channel, message, &id);
        }
        self.open.push(id.clone());
        self.unsealed.insert(id.clone());
        let chain = Chain { channel, records: vec![first.clone()], due: None, line: None };
        self.chains.insert(id.clone(), chain);
        self.set_due(&id, Some(due));
        Ok(Begun::New)
    }

    pub(super) fn append(&mut self, records: &[Record], next: Next) -> Result<Appended, Broken> {
        let Some(first) = records.first() else { return Ok(Appended::Done) };
        let mut pairs = records.iter().zip(records.iter().skip(1));
        if pairs.any(|(a, b)| a.head() != b.builds_on() || a.operation != b.operation) {
            return Err(Broken::NoChain);
        }
        let id = &first.operation;
        let chain = self.chains.get_mut(id).ok_or(Broken::NoOperation)?;
        if chain.head() != first.builds_on() {
            return Ok(Appended::Conflict);
        }
        chain.records.extend_from_slice(records);
        let channel = chain.channel.clone();
        for message in records.iter().filter_map(Record::names) {
            self.name(&channel, message, id);
        }
        self.set_due(id, next.due);
        if next.place == Place::GivenUp {
            self.leave(id);
        }
        self.unsealed.insert(id.clone());
        Ok(Appended::Done)
    }

    pub(super) fn load(&self, operation: &OperationId) -> Vec<Record> {
        self.chains.get(operation).map(|chain| chain.records.clone()).unwrap_or_default()
    }

    pub(super) fn by_message(&self, channel: &ChannelId, message: &MessageId) -> Option<OperationId> {
        self.messages.get(&(channel.clone(), message.clone())).cloned()
    }

    pub(super) fn open(&self) -> Vec<OperationId> {
        self.open.clone()
    }

    pub(super) fn due(&self, now: Timestamp, most: usize) -> Vec<OperationId> {
        let due = self.due.iter().take_while(|(when, _)| *when <= now);
        due.take(most).map(|(_, id)| id.clone()).collect()
    }

    pub(super) fn postpone(&mut self, operation: &OperationId, head: Head, due: Option<Timestamp>) {
        if self.stands(operation, head) {
            self.set_due(operation, due);
        }
    }

    pub(super) fn line_up(&mut self, lock: &LockKey, operation: &OperationId, head: Head) -> Turn {
        if !self.stands(operation, head) {
            return Turn::Conflict;
        }
        let line = self.lines.entry(lock.clone()).or_default();
        if !line.contains(operation) {
            line.push(operation.clone());
        }
        let ahead = line.iter().take_while(|one| *one != operation).cloned().collect();
        if let Some(chain) = self.chains.get_mut(operation) {
            chain.line = Some(lock.clone());
        }
        Turn::After(ahead)
    }

    pub(super) fn close(&mut self, operation: &OperationId) {
        self.open.retain(|open| open != operation);
        self.set_due(operation, None);
        self.leave(operation);
    }

    pub(super) fn forget(&mut self, operation: &OperationId) {
        if self.open.contains(operation) {
            return;
        }
        self.chains.remove(operation);
        self.unsealed.remove(operation);
        self.keys.retain(|_, id| id != operation);
        self.messages.retain(|_, id| id != operation);
    }

    pub(super) fn unsealed(&self, most: usize) -> Vec<Sealed> {
        let heads = self.unsealed.iter().take(most).filter_map(|id| {
            let chain = self.chains.get(id)?;
            Some(Sealed::new(id.clone(), chain.head()))
        });
        heads.collect()
    }

    pub(super) fn last_checkpoint(&self) -> Option<Checkpoint> {
        self.checkpoints.last().cloned()
    }

    pub(super) fn seal(&mut self, checkpoint: &Checkpoint) -> Appended {
        if !checkpoint.follows(self.checkpoints.last()) {
            return Appended::Conflict;
        }
        for sealed in &checkpoint.heads {
            let moved_on =
                self.chains.get(&sealed.operation).is_none_or(|chain| chain.head() != sealed.head());
            if !moved_on {
                self.unsealed.remove(&sealed.operation);
            }
        }
        self.checkpoints.push(checkpoint.clone());
        Appended::Done
    }

    /// Is the operation open, and does its chain end there?
    fn stands(&self, operation: &OperationId, head: Head) -> bool {
        self.open.contains(operation) && self.chains.get(operation).is_some_and(|chain| chain.head() == head)
    }

    fn set_due(&mut self, operation: &OperationId, due: Option<Timestamp>) {
        let Some(chain) = self.chains.get_mut(operation) else { return };
        if let Some(before) = std::mem::replace(&mut chain.due, due) {
            self.due.remove(&(before, operation.clone()));
        }
        if let Some(due) = due {
            self.due.insert((due, operation.clone()));
        }
    }

    fn leave(&mut self, operation: &OperationId) {
        let Some(lock) = self.chains.get_mut(operation).and_then(|chain| chain.line.take()) else { return };
        if let Some(line) = self.lines.get_mut(&lock) {
            line.retain(|one| one != operation);
            if line.is_empty() {
                self.lines.remove(&lock);
            }
        }
    }

    /// The first operation that a message belongs to keeps it.
    fn name(&mut self, channel: &ChannelId, message: &MessageId, operation: &OperationId) {
        self.messages.entry((channel.clone(), message.clone())).or_insert_with(|| operation.clone());
    }
}
