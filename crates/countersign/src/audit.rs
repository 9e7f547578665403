//! The audit trail, read from outside: is it whole, and what stands in it?
//!
//! Each operation's records are a hash chain ([`countersign_core::audit`]). [`verify`] recomputes it, folds the
//! records into the operation once more, and looks for gaps between the operations.
//!
//! What it cannot see by itself: the newest operations cut off as a whole, or a trail that somebody with the file and
//! the time wrote anew from its first record on. Whoever keeps an export elsewhere can.

mod entry;

use countersign_core::audit::{self, Record};
use countersign_core::ids::OperationId;
use countersign_core::operation::Operation;
use countersign_engine::causes;
use countersign_store::sqlite::{Listed, Trail, TrailError};
use serde::Serialize;

pub use entry::{Entry, Filter, State};

/// What a check of the whole trail found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Operations looked at.
    pub operations: u64,
    /// Records looked at.
    pub records: u64,
    /// What is wrong, in the order of the trail: of each operation the first thing.
    pub faults: Vec<Fault>,
}

/// Something that nobody who keeps to the rules has done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Whose.
    pub operation: String,
    /// What, as a sentence.
    pub sentence: String,
}

/// Checks everything.
///
/// # Errors
/// The ledger cannot be read.
pub async fn verify(trail: &Trail) -> Result<Checked, TrailError> {
    let mut checked = Checked::default();
    let mut last = 0;
    loop {
        let page = trail.after(last).await?;
        if page.is_empty() {
            break;
        }
        for listed in page {
            if listed.number != last + 1 {
                checked.fault(&listed.id, missing(last + 1, listed.number - 1));
            }
            last = listed.number;
            checked.operations += 1;
            match one(trail, &listed).await {
                Ok(records) => checked.records += records,
                Err(sentence) => checked.fault(&listed.id, sentence),
            }
        }
    }
    for stray in trail.strays().await? {
        checked.fault(&stray, "It has records, but is not among the operations.".to_owned());
    }
    Ok(checked)
}

/// Walks through the operations in their order, and hands those that `filter` lets through to `each`. An operation whose
/// records cannot be read is skipped: [`verify`] names it.
///
/// # Errors
/// The ledger cannot be read, or what `each` says.
pub async fn walk<E>(
    trail: &Trail,
    filter: &Filter,
    mut each: impl FnMut(Entry, Vec<Record>) -> Result<(), E>,
) -> Result<Result<(), E>, TrailError> {
    let mut last = 0;
    loop {
        let page = trail.after(last).await?;
        if page.is_empty() {
            return Ok(Ok(()));
        }
        for Listed { number, id } in page {
            last = number;
            let Ok(id) = id.parse::<OperationId>() else { continue };
            let Ok(records) = trail.records(&id).await else { continue };
            let Ok(entry) = Entry::of(&records) else { continue };
            if filter.lets_through(&entry)
                && let Err(stopped) = each(entry, records)
            {
                return Ok(Err(stopped));
            }
        }
    }
}

impl Checked {
    fn fault(&mut self, operation: &str, sentence: String) {
        self.faults.push(Fault { operation: operation.to_owned(), sentence });
    }
}

async fn one(trail: &Trail, listed: &Listed) -> Result<u64, String> {
    let id: OperationId = listed.id.parse().map_err(|_| "Its id is none.".to_owned())?;
    let records = trail.records(&id).await.map_err(|error| {
        let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), causes::line);
        format!("A record cannot be read: {cause}.")
    })?;
    audit::verify(&records).map_err(|broken| {
        let line = broken.to_string();
        let mut letters = line.chars();
        let first: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
        format!("{first}{}.", letters.as_str())
    })?;
    Operation::fold(&records)
        .map_err(|error| format!("Its records make no sense: {}.", causes::line(&error)))?;
    Ok(u64::try_from(records.len()).unwrap_or(u64::MAX))
}

fn missing(from: i64, to: i64) -> String {
    match from == to {
        true => format!("Before it, operation number {from} is missing."),
        false => format!("Before it, operations number {from} to {to} are missing."),
    }
}
