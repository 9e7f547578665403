//! The ledger for whoever reads it from outside: beside bots that write. Nothing is changed.

use countersign_core::audit::{Checkpoint, Record};
use countersign_core::ids::OperationId;

use super::item::Search;
use super::table::{CHECKPOINTS, Key, MONTHS, Table};
use super::{OpenError, Settings, open, read, seal};

/// So many operations or checkpoints are listed at once.
const PAGE: usize = 1_000;

/// A ledger, to be read alone.
#[derive(Debug)]
pub struct DynamoTrail {
    table: Table,
}

/// The ledger cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the ledger cannot be read")]
pub struct TrailError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl DynamoTrail {
    /// The ledger in the table that `settings` name.
    ///
    /// # Errors
    /// [`OpenError`]: there is none, it is another table, or AWS does not let us in.
    pub async fn open(settings: &Settings) -> Result<Self, OpenError> {
        let table = open::connect(settings).await;
        open::must_be_ready(&table).await?;
        Ok(Self { table })
    }

    /// The months in which operations began, the first one first: `2026-11`, by UTC.
    ///
    /// # Errors
    /// [`TrailError`].
    pub async fn months(&self) -> Result<Vec<String>, TrailError> {
        let found = self.table.keys(Search::partition(MONTHS)).await.map_err(trail)?;
        Ok(found.into_iter().map(|key| key.sort).collect())
    }

    /// The ids of the operations that began in a month, as they stand there, in the order of their ids: those
    /// after `last` (`""` for the first page); none at the end.
    ///
    /// # Errors
    /// [`TrailError`].
    pub async fn began_in(&self, month: &str, last: &str) -> Result<Vec<String>, TrailError> {
        let partition = Key::month_partition(month);
        // A sort key is never empty, and none of ours comes before this.
        let last = if last.is_empty() { "!" } else { last };
        let found = self.table.keys(Search::after(partition, last).at_most(PAGE)).await.map_err(trail)?;
        Ok(found.into_iter().map(|key| key.sort).collect())
    }

    /// An operation's records in their order; none when it does not exist.
    ///
    /// # Errors
    /// [`TrailError`]; also when one of the records cannot be read as one.
    pub async fn records(&self, operation: &OperationId) -> Result<Vec<Record>, TrailError> {
        read::load(&self.table, operation).await.map_err(trail)
    }

    /// The checkpoints after the one with this number (0 for the first page), in their order; none at the end.
    ///
    /// # Errors
    /// [`TrailError`]; also when one of them cannot be read as one.
    pub async fn checkpoints(&self, number: u64) -> Result<Vec<Checkpoint>, TrailError> {
        let last = Key::checkpoint(number).sort;
        let search = Search::after(CHECKPOINTS.to_owned(), &last).at_most(PAGE);
        let found = self.table.query(search).await.map_err(trail)?;
        found.iter().map(|item| seal::checkpoint(item).map_err(trail)).collect()
    }
}

fn trail(error: super::StoreError) -> TrailError {
    TrailError(Box::new(error))
}
