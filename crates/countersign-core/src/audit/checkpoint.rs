//! The chain over the chains: which operations there were, and how far each was.
//!
//! An operation's records are a chain of their own, so that several hosts can write at once. A checkpoint
//! seals the heads of all chains that have moved since the checkpoint before it, whose hash it covers:
//!
//! ```text
//! hash = SHA-256( {"at":…,"heads":[{"hash":…,"operation":…,"seq":…},…],"number":…,"prev":…} )
//! ```
//!
//! The encoding is that of a record. `heads` stand in the order of their operations' ids, each operation
//! once; `number` counts from 1; `prev` is 64 zeros for the first. Whoever keeps one checkpoint's hash
//! elsewhere can prove that nothing sealed until then was changed, removed or added later.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Hash, Head};
use crate::canonical::canonical_json;
use crate::ids::OperationId;

/// One link of the chain over the chains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Its place, from 1.
    pub number: u64,
    /// When it was made, by its maker's clock (UTC).
    pub at: Timestamp,
    /// The heads that it seals, in the order of their operations.
    pub heads: Vec<Sealed>,
    /// The hash of the checkpoint before it; zeros for the first.
    pub prev: Hash,
    /// The hash of this one.
    pub hash: Hash,
}

/// The head of one operation's chain, as a checkpoint found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The operation.
    pub operation: OperationId,
    /// Its last record's place then.
    pub seq: u64,
    /// Its last record's hash then.
    pub hash: Hash,
}

impl Sealed {
    /// The head of `operation`'s chain.
    pub fn new(operation: OperationId, head: Head) -> Self {
        Self { operation, seq: head.seq, hash: head.hash }
    }

    /// The head alone.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

impl Checkpoint {
    /// So many heads are in one at most. One that is not full sealed all that had moved until then.
    pub const MOST_HEADS: usize = 1_000;

    /// The checkpoint that follows `last` and seals `heads`, each operation once, in any order.
    pub fn after(last: Option<&Self>, at: Timestamp, mut heads: Vec<Sealed>) -> Self {
        heads.sort_by(|a, b| a.operation.cmp(&b.operation));
        let (number, prev) = last.map_or((0, Hash::zero()), |last| (last.number, last.hash));
        let mut checkpoint = Self { number: number + 1, at, heads, prev, hash: Hash::zero() };
        checkpoint.hash = checkpoint.computed_hash();
        checkpoint
    }

    /// Does it follow `last`, and does its text give its hash?
    pub fn follows(&self, last: Option<&Self>) -> bool {
        let (number, prev) = last.map_or((0, Hash::zero()), |last| (last.number, last.hash));
        self.number == number + 1 && self.prev == prev && self.is_itself()
    }

    /// Does its text give its hash?
    pub fn is_itself(&self) -> bool {
        self.computed_hash() == self.hash
    }

    fn computed_hash(&self) -> Hash {
        let Self { number, at, heads, prev, .. } = self;
        Hash::of_bytes(canonical_json(&Hashed { at, heads, number, prev }).as_bytes())
    }
}

/// What the hash covers.
#[derive(Serialize)]
struct Hashed<'a> {
    at: &'a Timestamp,
    heads: &'a [Sealed],
    number: &'a u64,
    prev: &'a Hash,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(number: u128) -> Sealed {
        let hash = Hash::of_bytes(&number.to_be_bytes());
        Sealed { operation: OperationId::from_parts(1_700_000_000_000, number), seq: 3, hash }
    }

    #[test]
    fn each_covers_the_one_before() {
        let first = Checkpoint::after(None, Timestamp::UNIX_EPOCH, vec![sealed(2), sealed(1)]);
        let second = Checkpoint::after(Some(&first), Timestamp::UNIX_EPOCH, vec![sealed(1)]);
        assert_eq!(first.heads, [sealed(1), sealed(2)], "in the order of their operations");
        assert!(first.follows(None) && second.follows(Some(&first)));
        assert!(!second.follows(None) && !first.follows(Some(&first)));
    }

    #[test]
    fn whatever_is_changed_breaks_it() {
        let first = Checkpoint::after(None, Timestamp::UNIX_EPOCH, vec![sealed(1), sealed(2)]);
        let mut without = first.clone();
        without.heads.pop();
        let mut later = first.clone();
        later.at = Timestamp::MAX;
        let mut shorter = first.clone();
        shorter.heads[0].seq = 2;
        let mut renumbered = first.clone();
        renumbered.number = 2;
        for changed in [without, later, shorter, renumbered] {
            assert!(!changed.follows(None), "{changed:?}");
        }
    }
}
