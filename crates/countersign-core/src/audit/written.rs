//! Records as they are kept: the hash is taken of the text as it stands, so that nothing can be slipped in that
//! reading would overlook, and what an older program wrote keeps its hash.

use super::{BrokenChain, Head, Record, hash_of};
use crate::ids::OperationId;
use crate::operation::Event;

/// A record of an operation, as a store keeps it. Nothing of it was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its place, from 1.
    pub seq: u64,
    /// When it was written: RFC 3339 in UTC.
    pub at: String,
    /// The event, as JSON.
    pub event: String,
    /// The hash of the record before it, as 64 hex digits.
    pub prev: String,
    /// Its own hash.
    pub hash: String,
}

/// Reads an operation's records in their order, and checks their chain.
///
/// # Errors
/// The first record that was changed, removed, added or moved, or that cannot be read.
pub fn read(operation: &OperationId, written: &[Written]) -> Result<Vec<Record>, BrokenChain> {
    let id = operation.to_string();
    let mut head = Head::start();
    let mut prev = head.hash.hex();
    let mut records = Vec::with_capacity(written.len());
    for one in written {
        if one.seq != head.seq + 1 {
            return Err(BrokenChain::OutOfPlace { expected: head.seq + 1, found: one.seq });
        }
        let unreadable = |error: &dyn std::fmt::Display| BrokenChain::Unreadable(one.seq, error.to_string());
        let hash =
            hash_of((&id, one.seq), &one.at, &one.event, &one.prev).map_err(|error| unreadable(&error))?;
        let text = hash.hex();
        if one.prev.as_bytes() != prev || one.hash.as_bytes() != text {
            return Err(BrokenChain::Changed(one.seq));
        }
        let at = one.at.parse().map_err(|error: jiff::Error| unreadable(&error))?;
        let event: Event = serde_json::from_str(&one.event).map_err(|error| unreadable(&error))?;
        let record = Record { operation: operation.clone(), seq: one.seq, at, event, prev: head.hash, hash };
        head = record.head();
        prev = text;
        records.push(record);
    }
    Ok(records)
}
