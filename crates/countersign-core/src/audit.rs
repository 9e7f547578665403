//! The chain that makes the trail provable.
//!
//! Every event of an operation becomes a [`Record`] whose hash covers the
//! record before it. The encoding that is hashed is JSON with the keys of
//! every object in ascending byte order, no white space, and serde_json's
//! escapes and numbers ([`canonical_json`](crate::canonical::canonical_json)):
//!
//! ```text
//! hash = SHA-256( {"at":…,"event":…,"operation":…,"prev":…,"seq":…} )
//! ```
//!
//! `at` is RFC 3339 in UTC, `prev` 64 hex digits (zeros for the first record),
//! `seq` counts from 1.

mod checkpoint;
mod written;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::canonical::{NotJson, append_canonical};
use crate::ids::{MessageId, OperationId};
use crate::operation::Event;
use crate::plan::Fingerprint;

pub use checkpoint::{Checkpoint, Sealed};
pub use written::{Written, read};

/// A link of the chain: the SHA-256 of a record.
pub type Hash = Fingerprint;

/// One event in its place in the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The operation whose event it is.
    pub operation: OperationId,
    /// Its place, from 1.
    pub seq: u64,
    /// When it was written, by the writer's clock (UTC).
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// The hash of the record before it; zeros for the first.
    pub prev: Hash,
    /// The hash of this record.
    pub hash: Hash,
}

/// The end of an operation's chain: what the next record builds on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last record's place; 0 when there is none.
    pub seq: u64,
    /// The last record's hash; zeros when there is none.
    pub hash: Hash,
}

impl BrokenChain {
    /// The place of the first record that is not as it was.
    pub fn seq(&self) -> u64 {
        match self {
            Self::OutOfPlace { expected, .. } => *expected,
            Self::Changed(seq) | Self::Unreadable(seq, _) => *seq,
        }
    }
}

impl Head {
    /// The head of a chain with no records.
    pub fn start() -> Self {
        Self { seq: 0, hash: Hash::zero() }
    }
}

impl Record {
    /// The record that follows `head`.
    pub fn after(head: Head, operation: OperationId, at: Timestamp, event: Event) -> Self {
        let mut record =
            Self { operation, seq: head.seq + 1, at, event, prev: head.hash, hash: Hash::zero() };
        record.hash = record.computed_hash();
        record
    }

    /// The head on which this record builds.
    pub fn builds_on(&self) -> Head {
        Head { seq: self.seq.saturating_sub(1), hash: self.prev }
    }

    /// The message that leads to the operation from this record on.
    pub fn names(&self) -> Option<&MessageId> {
        match &self.event {
            Event::CardShown { message, .. } | Event::RootShown { message } => Some(message),
            _ => None,
        }
    }

    /// The head of a chain that ends with this record.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }

    fn computed_hash(&self) -> Hash {
        let (operation, at) = (self.operation.to_string(), self.at.to_string());
        // What serde_json writes is JSON.
        let event = serde_json::to_string(&self.event).unwrap_or_default();
        hash_of((&operation, self.seq), &at, &event, &self.prev.to_string()).unwrap_or(Hash::zero())
    }
}

/// The hash of the record at a place.
///
/// # Errors
/// The event is no JSON.
fn hash_of((operation, seq): (&str, u64), at: &str, event: &str, prev: &str) -> Result<Hash, NotJson> {
    let mut text = String::with_capacity(event.len() + 256);
    text.extend([r#"{"at":""#, at, r#"","event":"#]);
    let mut text = append_canonical(event, text)?;
    text.extend([
        r#","operation":""#,
        operation,
        r#"","prev":""#,
        prev,
        r#"","seq":"#,
        &seq.to_string(),
        "}",
    ]);
    Ok(Hash::of_bytes(text.as_bytes()))
}

/// The first record of an operation that does not fit the chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokenChain {
    /// A record is missing, added or moved.
    #[error("record {found} stands where record {expected} belongs")]
    OutOfPlace {
        /// The place that should be next.
        expected: u64,
        /// The place that the record claims.
        found: u64,
    },
    /// A record's text does not give its hash, or does not build on the one before it.
    #[error("record {0} was changed after it was written")]
    Changed(u64),
    /// A record's text is none that this program, or an older one, ever wrote.
    #[error("record {0} cannot be read: {1}")]
    Unreadable(u64, String),
}

/// Checks an operation's records in their order.
///
/// # Errors
/// The first record that was changed, removed, added or moved.
pub fn verify(records: &[Record]) -> Result<(), BrokenChain> {
    let mut head = Head::start();
    for record in records {
        if record.seq != head.seq + 1 {
            return Err(BrokenChain::OutOfPlace { expected: head.seq + 1, found: record.seq });
        }
        if record.prev != head.hash || record.computed_hash() != record.hash {
            return Err(BrokenChain::Changed(record.seq));
        }
        head = record.head();
    }
    Ok(())
}

#[cfg(test)]
mod vector_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::canonical_json;

    fn chain() -> Vec<Record> {
        let operation = OperationId::from_parts(1_700_000_000_000, 7);
        let mut head = Head::start();
        (1..=4)
            .map(|n| {
                let event = Event::CardShown {
                    message: MessageId::new(format!("{n}")),
                    shown_at: Timestamp::UNIX_EPOCH,
                };
                let record =
                    Record::after(head, operation.clone(), Timestamp::from_second(n).unwrap(), event);
                head = record.head();
                record
            })
            .collect()
    }

    #[test]
    fn an_untouched_chain_verifies() {
        assert_eq!(verify(&chain()), Ok(()));
    }

    #[test]
    fn a_record_hashes_as_the_value_that_it_is() {
        for record in chain() {
            let value = serde_json::json!({
                "operation": record.operation, "seq": record.seq, "at": record.at,
                "event": record.event, "prev": record.prev,
            });
            assert_eq!(Hash::of_bytes(canonical_json(&value).as_bytes()), record.hash);
        }
    }

    #[test]
    fn every_change_is_found_where_it_is() {
        let mut changed = chain();
        changed[2].event = Event::Stopped { stop: crate::operation::Stop::NotSignedInTime };
        assert_eq!(verify(&changed), Err(BrokenChain::Changed(3)));

        let mut rehashed = changed.clone();
        rehashed[2].hash = rehashed[2].computed_hash();
        assert_eq!(verify(&rehashed), Err(BrokenChain::Changed(4)));

        let mut removed = chain();
        removed.remove(1);
        assert_eq!(verify(&removed), Err(BrokenChain::OutOfPlace { expected: 2, found: 3 }));

        let mut moved = chain();
        moved.swap(1, 2);
        assert_eq!(verify(&moved), Err(BrokenChain::OutOfPlace { expected: 2, found: 3 }));
    }
}
