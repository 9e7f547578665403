//! What the process knows: operations in memory, and what of them goes into their cards.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use countersign_core::audit::Record;
use countersign_core::ids::{ChannelId, MessageId, OperationId};
use countersign_core::operation::Operation;
use countersign_engine::memory::MemoryLedger;
use countersign_engine::ports::{Begun, Clock, Ledger as _, LedgerError};
use countersign_slack::Keeper;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::seal::{Place, Sealer, TooLong};

/// What is closed is still known for this long: for whoever asks about it.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// Of what is closed, so many operations are remembered at most.
const MOST_REMEMBERED: usize = 1_000;
/// From this many gates on, those that nobody stands at are forgotten.
const MANY_GATES: usize = 512;

/// A marker that is known to stand on a message.
type Mark = (ChannelId, MessageId, &'static str);

pub(super) struct Book {
    pub(super) memory: MemoryLedger,
    pub(super) sealer: Sealer,
    pub(super) clock: Arc<dyn Clock>,
    lease: SignedDuration,
    state: Mutex<State>,
    gates: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

#[derive(Default)]
struct State {
    /// Operations by the mark of the key that began them, and back.
    operations: HashMap<String, OperationId>,
    keys: HashMap<OperationId, String>,
    marks: HashSet<Mark>,
    /// Markers that we tried to put, and never heard whether that was done.
    doubts: HashSet<Mark>,
    /// What is being written into a card, and stands in memory when it stands there.
    coming: HashMap<OperationId, Vec<Record>>,
    closed: VecDeque<(Timestamp, OperationId)>,
}

impl Book {
    pub(super) fn new(sealer: Sealer, clock: Arc<dyn Clock>, lease: SignedDuration) -> Self {
        Self {
            lease,
            memory: MemoryLedger::shared(),
            sealer,
            clock,
            state: Mutex::default(),
            gates: Mutex::default(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Until when another process is left alone that may be alive, since something was seen of it now.
    pub(super) fn lease_from_now(&self) -> Timestamp {
        self.now() + self.lease
    }

    /// Only one task at a time holds the gate with this name.
    pub(super) fn gate(&self, name: String) -> Arc<tokio::sync::Mutex<()>> {
        let mut gates = lock(&self.gates);
        if gates.len() >= MANY_GATES {
            gates.retain(|_, gate| Arc::strong_count(gate) > 1);
        }
        Arc::clone(gates.entry(name).or_default())
    }

    /// The operation that a key began.
    pub(super) fn begun_by(&self, key: &str) -> Option<OperationId> {
        lock(&self.state).operations.get(key).cloned()
    }

    /// Takes an operation into memory, due at `due` (UTC).
    pub(super) async fn begin(
        &self,
        key: &str,
        first: &Record,
        due: Timestamp,
    ) -> Result<Begun, LedgerError> {
        let begun = self.memory.begin(key, first, due).await?;
        if begun == Begun::New {
            let mut state = lock(&self.state);
            state.operations.insert(key.to_owned(), first.operation.clone());
            state.keys.insert(first.operation.clone(), key.to_owned());
        }
        Ok(begun)
    }

    /// The operation as it stands; `None`: it is not known, or its records do not add up.
    pub(super) async fn operation(&self, id: &OperationId) -> Result<Option<Operation>, LedgerError> {
        Ok(Operation::fold(&self.memory.load(id).await?).ok())
    }

    /// The marker stands on the message.
    pub(super) fn marked(&self, channel: &ChannelId, message: &MessageId, emoji: &'static str) {
        lock(&self.state).marks.insert((channel.clone(), message.clone(), emoji));
    }

    pub(super) fn unmarked(&self, channel: &ChannelId, message: &MessageId, emoji: &'static str) {
        lock(&self.state).marks.remove(&(channel.clone(), message.clone(), emoji));
    }

    /// We may have put the marker there, and may not.
    pub(super) fn doubt(&self, channel: &ChannelId, message: &MessageId, emoji: &'static str) {
        lock(&self.state).doubts.insert((channel.clone(), message.clone(), emoji));
    }

    /// Had we tried to put the marker there? True once.
    pub(super) fn was_in_doubt(&self, channel: &ChannelId, message: &MessageId, emoji: &'static str) -> bool {
        lock(&self.state).doubts.remove(&(channel.clone(), message.clone(), emoji))
    }

    /// These records are about to be written into the operation's card; none: they are not any more.
    pub(super) fn expect(&self, operation: &OperationId, records: &[Record]) {
        let coming = &mut lock(&self.state).coming;
        match records {
            [] => coming.remove(operation),
            records => coming.insert(operation.clone(), records.to_vec()),
        };
    }

    /// What the operation's card is to hold now, with what is about to be written into it. `None`: it has none.
    pub(super) async fn sealed(&self, id: &OperationId) -> Result<Option<Sealed>, LedgerError> {
        let mut records = self.memory.load(id).await?;
        let (key, coming) = {
            let state = lock(&self.state);
            (state.keys.get(id).cloned(), state.coming.get(id).cloned().unwrap_or_default())
        };
        records.extend(coming);
        let (Some(key), Ok(operation)) = (key, Operation::fold(&records)) else { return Ok(None) };
        let Some(card) = &operation.card else { return Ok(None) };
        let place = Place { channel: &operation.request.origin.channel, message: &card.message };
        let payload = self.sealer.seal(place, (&operation, &key), self.now());
        Ok(Some(Sealed { card: card.message.clone(), payload }))
    }

    /// The operation needs nothing more; what has been closed for long is forgotten.
    pub(super) async fn close(&self, operation: &OperationId) -> Result<(), LedgerError> {
        self.memory.close(operation).await?;
        let now = self.now();
        let old: Vec<OperationId> = {
            let mut state = lock(&self.state);
            if state.keys.contains_key(operation) && !state.closed.iter().any(|(_, id)| id == operation) {
                state.closed.push_back((now, operation.clone()));
            }
            let too_many = state.closed.len().saturating_sub(MOST_REMEMBERED);
            let long_ago = |at: Timestamp| now.duration_since(at) > REMEMBERED;
            let old = state.closed.iter().enumerate();
            let count = old.take_while(|(place, (at, _))| *place < too_many || long_ago(*at)).count();
            state.closed.drain(..count).map(|(_, id)| id).collect()
        };
        for id in old {
            self.forget(&id).await?;
        }
        Ok(())
    }

    /// Its markers in Slack say all that has to be known of it from now on.
    async fn forget(&self, id: &OperationId) -> Result<(), LedgerError> {
        let operation = self.operation(id).await?;
        self.memory.forget(id);
        let mut state = lock(&self.state);
        if let Some(key) = state.keys.remove(id) {
            state.operations.remove(&key);
        }
        if let Some(operation) = operation {
            let card = operation.card.map(|card| card.message);
            let messages: Vec<MessageId> = operation.root.into_iter().chain(card).collect();
            state.marks.retain(|(_, message, _)| !messages.contains(message));
            state.doubts.retain(|(_, message, _)| !messages.contains(message));
        }
        Ok(())
    }
}

/// What goes into a card.
pub(super) struct Sealed {
    pub(super) card: MessageId,
    pub(super) payload: Result<Value, TooLong>,
}

#[async_trait]
impl Keeper for Book {
    async fn payload(&self, channel: &ChannelId, message: &MessageId) -> Option<Value> {
        let id = self.memory.by_message(channel, message).await.ok()??;
        let sealed = self.sealed(&id).await.ok()??;
        if sealed.card != *message {
            return None;
        }
        let payload = sealed.payload.inspect_err(|_| {
            tracing::error!(operation = %id, "a state is too long for its card, which keeps an older one");
        });
        payload.ok()
    }

    fn has_marked(&self, channel: &ChannelId, message: &MessageId, emoji: &str) -> bool {
        let marks = &lock(&self.state).marks;
        marks.iter().any(|(c, m, e)| (c, m, *e) == (channel, message, emoji))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
