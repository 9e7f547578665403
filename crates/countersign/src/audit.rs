//! The audit trail, read from outside: is it whole, and what stands in it?
//!
//! Each operation's records are a hash chain ([`countersign_core::audit`]), and checkpoints seal the heads of the
//! chains. [`verify`] recomputes all of it from the text that is kept, and folds the records into the operations once
//! more.
//!
//! What it cannot see by itself: a trail that somebody with the file and the time wrote anew from its first record
//! to its last checkpoint, and what was cut off after the last checkpoint. Against the first helps a checkpoint that
//! was kept elsewhere ([`Kept`]).

mod csv;
mod entry;
mod kept;
mod verify;

use countersign_core::audit::{self, Record, Written};
use countersign_core::ids::OperationId;
use countersign_core::operation::Operation;
use countersign_engine::ports::{Trail, TrailError};

pub use csv::{HEADER as CSV_HEADER, rows as csv_rows};
pub use entry::{Entry, Environments, Filter, State};
pub use kept::{Kept, KeptError};
pub use verify::{Checked, Fault, Proven, verify};

/// One operation of the trail.
pub struct Found {
    /// It, as one line.
    pub entry: Entry,
    /// Its records.
    pub records: Vec<Record>,
    /// The same records, as they are kept.
    pub written: Vec<Written>,
}

impl Found {
    fn of(id: &str, written: Vec<Written>) -> Option<Self> {
        let records = audit::read(&id.parse::<OperationId>().ok()?, &written).ok()?;
        let entry = Entry::of(&Operation::fold(&records).ok()?);
        Some(Self { entry, records, written })
    }
}

/// Walks through the operations in their order, and hands those that `filter` lets through to `each`. Gives the ids of
/// those that were skipped, whatever the filter: their records are not in order, so that nobody can say what they are.
/// [`verify`] says what is wrong with them.
///
/// # Errors
/// The ledger cannot be read, or what `each` says.
pub async fn walk<E>(
    trail: &dyn Trail,
    filter: &Filter,
    mut each: impl FnMut(Found) -> Result<(), E>,
) -> Result<Result<Vec<String>, E>, TrailError> {
    let (mut from, mut skipped) = (None, Vec::new());
    loop {
        let page = trail.chains(from.as_deref()).await?;
        for chain in page.chains {
            let Some(found) = Found::of(&chain.id, chain.records) else {
                skipped.push(chain.id);
                continue;
            };
            if filter.lets_through(&found)
                && let Err(stopped) = each(found)
            {
                return Ok(Err(stopped));
            }
        }
        match page.next {
            Some(next) => from = Some(next),
            None => return Ok(Ok(skipped)),
        }
    }
}
