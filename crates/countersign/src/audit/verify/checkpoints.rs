//! The chain of checkpoints, and what was kept of it elsewhere.

use countersign_core::audit::{Checkpoint, Hash, Sealed};
use countersign_engine::ports::{Trail, TrailError};
use jiff::Timestamp;

use super::{Check, Kept, Seal};

/// A checkpoint whose text gives its hash.
pub(super) struct Made {
    pub(super) number: u64,
    pub(super) at: Timestamp,
    hash: Hash,
    /// Had it no room for all that had moved?
    is_full: bool,
}

impl Made {
    /// Is it the one that was kept elsewhere?
    pub(super) fn is(&self, kept: &Kept) -> bool {
        self.number == kept.number && self.hash == kept.hash
    }

    /// The first of them that sealed all that there was at `when` (UTC).
    pub(super) fn that_sealed_all_from(made: &[Self], when: Timestamp) -> Option<u64> {
        // In the order of their numbers the times grow, but for clocks that were set back; a later one is as good.
        let from = made.partition_point(|made| made.at <= when);
        made.get(from..)?.iter().find(|made| !made.is_full && made.at > when).map(|made| made.number)
    }
}

impl Check {
    pub(super) async fn read_checkpoints(&mut self, trail: &dyn Trail) -> Result<(), TrailError> {
        let (mut after, mut last) = (0, None);
        loop {
            let page = trail.checkpoints(after).await?;
            if page.is_empty() {
                return Ok(());
            }
            for written in page {
                after = written.number;
                self.checked.checkpoints += 1;
                last = self.checkpoint((written.number, &written.text), last.as_ref());
            }
        }
    }

    /// Looks at one, and gives what the next one has to follow. After one that does not hold, what it is about to say
    /// is said already.
    fn checkpoint(&mut self, (number, text): (u64, &str), last: Option<&Checkpoint>) -> Option<Checkpoint> {
        let place = format!("checkpoint {number}");
        let broken_before = self.broken.is_some();
        let checkpoint: Checkpoint = match serde_json::from_str(text) {
            Ok(checkpoint) => checkpoint,
            Err(error) => {
                if !broken_before {
                    self.fault(&place, format!("It cannot be read: {error}."), Some(number));
                }
                return None;
            }
        };
        let expected = last.map_or(1, |last| last.number + 1);
        let follows = checkpoint.follows(last);
        if !broken_before && !follows {
            let sentence = match checkpoint.number {
                found if found != expected => {
                    format!("Checkpoint {found} stands where checkpoint {expected} belongs.")
                }
                _ => "It was changed after it was made.".to_owned(),
            };
            self.fault(&place, sentence, Some(expected.min(checkpoint.number)));
        }
        if follows || checkpoint.is_itself() {
            self.seal(checkpoint.number, &checkpoint.heads);
            self.made.push(Made {
                number: checkpoint.number,
                at: checkpoint.at,
                hash: checkpoint.hash,
                is_full: checkpoint.heads.len() >= Checkpoint::MOST_HEADS,
            });
        }
        // Its heads were noted; the next one needs its place and its hash.
        Some(Checkpoint { heads: Vec::new(), ..checkpoint })
    }

    /// Is each checkpoint that was kept elsewhere still the same?
    pub(super) fn compare(&mut self, kept: &[Kept]) {
        let mut differing: Vec<&Kept> =
            kept.iter().filter(|kept| !self.made.iter().any(|made| made.is(kept))).collect();
        differing.sort_by_key(|kept| kept.number);
        if let Some(first) = differing.first() {
            let sentence = match self.made.iter().any(|made| made.number == first.number) {
                true => "It is not the one that was kept elsewhere: what it seals was written anew.",
                false => "It was kept elsewhere, and is not in the ledger.",
            };
            self.fault(&format!("checkpoint {}", first.number), sentence, Some(first.number));
        }
        for kept in differing {
            self.seal(kept.number, &kept.heads);
        }
    }

    fn seal(&mut self, checkpoint: u64, heads: &[Sealed]) {
        for sealed in heads {
            let seals = self.seals.entry(sealed.operation.clone()).or_default();
            let at = seals.partition_point(|seal| seal.checkpoint <= checkpoint);
            seals.insert(at, Seal { checkpoint, head: sealed.head() });
        }
    }
}
