//! Is the trail whole?

mod checkpoints;

use std::collections::HashMap;

use countersign_core::audit::{self, Head, Record};
use countersign_core::ids::OperationId;
use countersign_core::operation::Operation;
use countersign_engine::causes;
use countersign_engine::ports::{Chain, Trail, TrailError};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::Kept;
use checkpoints::Made;

/// What began so long before a checkpoint is sealed by then, however the clocks of several hosts differ.
const SEALED_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// What a check of the whole trail found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Operations looked at.
    pub operations: u64,
    /// Records looked at, of those operations that are in order.
    pub records: u64,
    /// Checkpoints looked at.
    pub checkpoints: u64,
    /// Until where all is as it was sealed; `None`: nowhere.
    pub proven: Option<Proven>,
    /// The newest checkpoint that is the one that was kept elsewhere, where everything until then is as it was.
    pub witnessed: Option<u64>,
    /// Records of sound operations that no checkpoint seals yet.
    pub newer: u64,
    /// What is wrong: of each operation the first thing.
    pub faults: Vec<Fault>,
}

/// The checkpoint until which all is as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proven {
    /// Its number.
    pub checkpoint: u64,
    /// When it was made (UTC).
    pub at: Timestamp,
}

/// Something that nobody who keeps to the rules has done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where: an operation's id, or `checkpoint 3`.
    pub place: String,
    /// What, as a sentence.
    pub sentence: String,
}

/// Checks everything, also against the checkpoints that were `kept` elsewhere.
///
/// # Errors
/// The ledger cannot be read.
pub async fn verify(trail: &dyn Trail, kept: &[Kept]) -> Result<Checked, TrailError> {
    let mut check = Check::default();
    check.read_checkpoints(trail).await?;
    check.compare(kept);
    let (mut from, mut last) = (None, 0);
    loop {
        let page = trail.chains(from.as_deref()).await?;
        for chain in &page.chains {
            check.count_on(chain, &mut last);
            check.chain(chain);
        }
        match page.next {
            Some(next) => from = Some(next),
            None => break,
        }
    }
    check.those_that_are_gone();
    for stray in trail.strays().await? {
        check.fault(&stray, "It has records, but is not among the operations.", None);
    }
    Ok(check.result(kept))
}

/// A head that a checkpoint sealed.
struct Seal {
    checkpoint: u64,
    head: Head,
}

/// A check under way.
#[derive(Default)]
struct Check {
    checked: Checked,
    /// The checkpoints, in their order, but for those that were changed.
    made: Vec<Made>,
    /// What they sealed, of the operations that were not looked at yet.
    seals: HashMap<OperationId, Vec<Seal>>,
    /// The first checkpoint that does not hold, or that sealed something that is not there any more.
    broken: Option<u64>,
}

impl Check {
    /// Notes what is wrong. `sealed_by` is the first checkpoint that says so.
    fn fault(&mut self, place: &str, sentence: impl Into<String>, sealed_by: Option<u64>) {
        self.checked.faults.push(Fault { place: place.to_owned(), sentence: sentence.into() });
        self.broken = [self.broken, sealed_by].into_iter().flatten().min();
    }

    /// Do the operations' numbers follow one another?
    fn count_on(&mut self, chain: &Chain, last: &mut u64) {
        let Some(number) = chain.number else { return };
        if number > *last + 1 {
            self.fault(&chain.id, missing(*last + 1, number - 1), None);
        }
        *last = number;
    }

    fn chain(&mut self, chain: &Chain) {
        self.checked.operations += 1;
        let Ok(id) = chain.id.parse::<OperationId>() else {
            return self.fault(&chain.id, "Its id is none.", None);
        };
        let seals = self.seals.remove(&id).unwrap_or_default();
        let first_seal_from =
            |seq| seals.iter().find(|seal| seal.head.seq >= seq).map(|seal| seal.checkpoint);
        match audit::read(&id, &chain.records) {
            Ok(records) => {
                if let Some((sentence, by)) = not_as_sealed(&records, &seals, self.broken) {
                    self.fault(&chain.id, sentence, Some(by));
                } else if let Err(error) = Operation::fold(&records) {
                    let sentence = format!("Its records make no sense: {}.", causes::line(&error));
                    self.fault(&chain.id, sentence, seals.first().map(|seal| seal.checkpoint));
                } else if let Some(sentence) = self.added_later(&records, &seals) {
                    self.fault(&chain.id, sentence, None);
                } else {
                    let (length, sealed) =
                        (count(records.len()), seals.iter().map(|seal| seal.head.seq).max());
                    self.checked.records += length;
                    self.checked.newer += length.saturating_sub(sealed.unwrap_or_default());
                }
            }
            Err(broken) => {
                let by = first_seal_from(broken.seq());
                self.fault(&chain.id, sentence_of(&broken.to_string()), by);
            }
        }
    }

    /// Does it say that it began before a checkpoint that would have sealed it?
    fn added_later(&self, records: &[Record], seals: &[Seal]) -> Option<String> {
        let began = records.first()?.at;
        let sealed = seals.first().map(|seal| seal.checkpoint);
        let due = Made::that_sealed_all_from(&self.made, began.saturating_add(SEALED_WITHIN).ok()?)?;
        sealed.is_none_or(|sealed| sealed > due).then(|| {
            format!(
                "It says that it began before checkpoint {due}, which did not find it: it was added later."
            )
        })
    }

    fn those_that_are_gone(&mut self) {
        let mut gone: Vec<(OperationId, Vec<Seal>)> = self.seals.drain().collect();
        gone.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (id, seals) in gone {
            let Some(first) = seals.first() else { continue };
            let by = first.checkpoint;
            self.fault(&id.to_string(), format!("It is gone, although checkpoint {by} sealed it."), Some(by));
        }
    }

    fn result(mut self, kept: &[Kept]) -> Checked {
        let holds = |number: u64| self.broken.is_none_or(|broken| number < broken);
        let proven = self.made.iter().rev().find(|made| holds(made.number));
        self.checked.proven = proven.map(|made| Proven { checkpoint: made.number, at: made.at });
        let same = |kept: &&Kept| self.made.iter().any(|made| made.is(kept)) && holds(kept.number);
        self.checked.witnessed = kept.iter().filter(same).map(|kept| kept.number).max();
        self.checked
    }
}

/// The first seal that does not fit the records: what was done, and the checkpoint that says so. That a checkpoint fits
/// which does not hold itself says nothing.
fn not_as_sealed(records: &[Record], seals: &[Seal], broken: Option<u64>) -> Option<(String, u64)> {
    let mut fits = 0;
    for Seal { checkpoint, head } in seals {
        let index = usize::try_from(head.seq).ok()?.checked_sub(1)?;
        match records.get(index) {
            Some(record) if record.hash == head.hash => {
                if broken.is_none_or(|broken| *checkpoint < broken) {
                    fits = fits.max(head.seq);
                }
            }
            Some(_) => {
                let (first, last) = (fits + 1, head.seq);
                let which = if first >= last {
                    format!("Record {last}")
                } else {
                    format!("One of the records {first} to {last}")
                };
                let sentence = format!(
                    "{which} is not the one that checkpoint {checkpoint} sealed: it was changed, and the rest was written anew."
                );
                return Some((sentence, *checkpoint));
            }
            None => {
                let first = records.len() + 1;
                let sentence = format!("Record {first} is gone, although checkpoint {checkpoint} sealed it.");
                return Some((sentence, *checkpoint));
            }
        }
    }
    None
}

/// An error's line as a sentence.
fn sentence_of(line: &str) -> String {
    let mut letters = line.chars();
    let first: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
    format!("{first}{}.", letters.as_str())
}

fn missing(from: u64, to: u64) -> String {
    match from == to {
        true => format!("Before it, operation number {from} is missing."),
        false => format!("Before it, operations number {from} to {to} are missing."),
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
