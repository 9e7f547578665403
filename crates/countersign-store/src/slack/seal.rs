//! What a card's metadata holds, sealed.
//!
//! Everybody in the workspace can read a message's metadata, and every app can write any into messages of its
//! own. So the state is encrypted and authenticated (AES-256-GCM) under the [`LedgerKey`]:
//!
//! ```text
//! {"mark": "op_…", "version": 1, "seal": base64( nonce ‖ AES-256-GCM( state ) )}
//! ```
//!
//! What is authenticated besides is the canonical JSON of `{"channel", "message", "version"}`, so that a seal
//! holds for one message alone. The state names its operation and how many events it had. A seal that does not
//! open says nothing about why.

use std::sync::Arc;

use aws_lc_rs::aead::{Aad, NONCE_LEN, Nonce};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use countersign_core::audit::{Head, Record};
use countersign_core::canonical::canonical_json;
use countersign_core::ids::{ChannelId, MessageId, OperationId};
use countersign_core::operation::{Event, Operation, Outcome, Phase};
use countersign_core::plan::Plan;
use countersign_engine::ports::Ids;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::LedgerKey;

/// The version of all this.
const VERSION: u64 = 1;
/// The longest seal, in characters. Slack does not say how much metadata it takes; 8,000 bytes of JSON in all
/// is what we rely on.
const LONGEST: usize = 7_600;
/// The longest plan that can be kept, in bytes of its JSON: with the request, the votes and the base64 around
/// it, it stays below [`LONGEST`].
pub(super) const LONGEST_PLAN: usize = 3_000;

/// A message: a seal holds for this one alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) channel: &'a ChannelId,
    pub(super) message: &'a MessageId,
}

/// What is kept of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) operation: OperationId,
    /// The mark of the natural key that began it.
    pub(super) key: String,
    /// How many events it had.
    pub(super) seq: u64,
    /// When it was sealed (UTC).
    pub(super) at: Timestamp,
    pub(super) state: State,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Something is left to do: the shortest history, and when it begins (UTC).
    Open { requested_at: Timestamp, events: Vec<Event> },
    /// Nothing is expected of anybody any more: the request's message.
    Over { root: Option<MessageId> },
}

/// The state is longer than a message's metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an operation's state does not fit into its card")]
pub(super) struct TooLong;

/// Seals and opens.
pub(super) struct Sealer {
    key: LedgerKey,
    ids: Arc<dyn Ids>,
}

impl Kept {
    /// What is to be kept of an operation that `key` began, at `now` (UTC).
    pub(super) fn of(operation: &Operation, key: &str, now: Timestamp) -> Self {
        let state = match operation.is_settled() {
            true => State::Over { root: operation.root.clone() },
            false => State::Open { requested_at: operation.requested_at, events: operation.retell() },
        };
        let (id, key, seq) = (operation.request.id.clone(), key.to_owned(), operation.head.seq);
        Self { operation: id, key, seq, at: now, state }
    }

    /// The message that the operation hangs off.
    pub(super) fn root(&self) -> Option<MessageId> {
        match &self.state {
            State::Over { root } => root.clone(),
            State::Open { .. } => Operation::fold(&self.records()).ok()?.root,
        }
    }

    /// Its history as a chain, the request first; none when it is over.
    pub(super) fn records(&self) -> Vec<Record> {
        let State::Open { requested_at, events } = &self.state else { return Vec::new() };
        let mut head = Head::start();
        let mut records = Vec::with_capacity(events.len());
        for event in events {
            let at = if records.is_empty() { *requested_at } else { self.at };
            let record = Record::after(head, self.operation.clone(), at, event.clone());
            head = record.head();
            records.push(record);
        }
        records
    }
}

impl Sealer {
    pub(super) fn new(key: LedgerKey, ids: Arc<dyn Ids>) -> Self {
        Self { key, ids }
    }

    /// The payload of a card's metadata.
    ///
    /// # Errors
    /// [`TooLong`], also without what can be spared.
    pub(super) fn seal(
        &self,
        place: Place<'_>,
        (operation, key): (&Operation, &str),
        now: Timestamp,
    ) -> Result<Value, TooLong> {
        let whole = self.seal_kept(place, &Kept::of(operation, key, now))?;
        let payload = match whole.len() <= LONGEST {
            true => whole,
            false => self.seal_kept(place, &Kept::of(&without_what_can_be_spared(operation), key, now))?,
        };
        if payload.len() > LONGEST {
            return Err(TooLong);
        }
        let mark = operation.request.id.to_string();
        Ok(json!({"mark": mark, "version": VERSION, "seal": payload}))
    }

    pub(super) fn seal_kept(&self, place: Place<'_>, kept: &Kept) -> Result<String, TooLong> {
        let mut nonce = [0; NONCE_LEN];
        nonce.iter_mut().zip(self.ids.random().to_le_bytes()).for_each(|(to, from)| *to = from);
        let mut state = serde_json::to_vec(kept).map_err(|_| TooLong)?;
        let nonced = Nonce::assume_unique_for_key(nonce);
        let cipher = self.key.cipher();
        cipher.seal_in_place_append_tag(nonced, Aad::from(bound(place)), &mut state).map_err(|_| TooLong)?;
        Ok(BASE64_STANDARD.encode([nonce.as_slice(), &state].concat()))
    }

    /// What this payload of a message's metadata keeps; `None`: we have not sealed that for this message.
    pub(super) fn open(&self, place: Place<'_>, payload: &Value) -> Option<Kept> {
        if payload.get("version").and_then(Value::as_u64) != Some(VERSION) {
            return None;
        }
        let seal = payload.get("seal").and_then(Value::as_str).filter(|seal| seal.len() <= LONGEST)?;
        let mut bytes = BASE64_STANDARD.decode(seal).ok()?;
        let (nonce, state) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let state = self.key.cipher().open_in_place(nonce, Aad::from(bound(place)), state).ok()?;
        serde_json::from_slice(state).ok()
    }
}

/// What a seal is bound to.
fn bound(place: Place<'_>) -> Vec<u8> {
    let Place { channel, message } = place;
    canonical_json(&json!({"channel": channel, "message": message, "version": VERSION})).into_bytes()
}

/// Without the plan that was overtaken and without the rows of a report: nothing is decided by them.
fn without_what_can_be_spared(operation: &Operation) -> Operation {
    let mut bare = operation.clone();
    // That there was another plan still counts, for whoever signed it.
    bare.overtaken = bare.overtaken.map(|_| Plan::default());
    if let Phase::Finished(Outcome::Succeeded(report)) = &mut bare.phase {
        report.table = None;
    }
    bare
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
