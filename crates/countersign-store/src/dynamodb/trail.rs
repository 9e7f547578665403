//! The ledger for whoever reads it from outside: beside bots that write. Nothing is changed.
//!
//! Operations are listed by the month in which they began, and within it by their ids.

use async_trait::async_trait;
use countersign_core::audit::Written;
use countersign_core::ids::OperationId;
use countersign_engine::ports::{Chain, Page, Trail, TrailError, WrittenCheckpoint};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::error::StoreError;
use super::item::{Search, text};
use super::table::{CHECKPOINTS, EVENT, Item, Key, MONTHS, SORT, Table};
use super::{OpenError, Settings, open};

/// So many operations come with one page.
const OPERATIONS: usize = 200;
/// So many operations are read side by side.
const AT_ONCE: usize = 16;
/// So many checkpoints come at once.
const MOST_CHECKPOINTS: usize = 50;

/// A ledger in a DynamoDB table, to be read alone.
#[derive(Debug)]
pub struct DynamoTrail {
    table: Table,
}

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

    async fn months(&self) -> Result<Vec<String>, StoreError> {
        let found = self.table.keys(Search::partition(MONTHS)).await?;
        Ok(found.into_iter().map(|key| key.sort).collect())
    }

    /// The ids of the operations that began in a month, after the one with the id `last`.
    async fn began_in(&self, month: &str, last: &str) -> Result<Vec<String>, StoreError> {
        let search = Search::after(Key::month_partition(month), last).at_most(OPERATIONS);
        Ok(self.table.keys(search).await?.into_iter().map(|key| key.sort).collect())
    }

    async fn chain(&self, id: String) -> Result<Chain, StoreError> {
        let records = self.written(&id).await?;
        Ok(Chain { id, number: None, records })
    }

    async fn written(&self, id: &str) -> Result<Vec<Written>, StoreError> {
        let items = self.table.query(Search::beginning(Key::chain_partition(id), EVENT)).await?;
        items.iter().map(written).collect()
    }

    async fn page(&self, from: Option<&str>) -> Result<Page, StoreError> {
        let (first, last) = from.and_then(|from| from.split_once('/')).unwrap_or(("", FIRST));
        let mut last = last;
        for month in self.months().await?.into_iter().filter(|month| month.as_str() >= first) {
            let after = if month == first { std::mem::replace(&mut last, FIRST) } else { FIRST };
            let ids = self.began_in(&month, after).await?;
            if let Some(next) = ids.last().map(|id| format!("{month}/{id}")) {
                let chains = futures_util::stream::iter(ids.into_iter().map(|id| self.chain(id)));
                let chains = chains.buffered(AT_ONCE).try_collect().await?;
                return Ok(Page { chains, next: Some(next) });
            }
        }
        Ok(Page { chains: Vec::new(), next: None })
    }

    async fn kept(&self, after: u64) -> Result<Vec<WrittenCheckpoint>, StoreError> {
        let search = Search::after(CHECKPOINTS.to_owned(), &Key::checkpoint(after).sort);
        let items = self.table.query(search.at_most(MOST_CHECKPOINTS)).await?;
        let kept = |item: &Item| {
            let number = text(item, SORT)?.parse().map_err(StoreError::unreadable)?;
            Ok(WrittenCheckpoint { number, text: text(item, "body")?.to_owned() })
        };
        items.iter().map(kept).collect()
    }
}

/// A sort key is never empty, and no operation's id comes before this.
const FIRST: &str = "!";

#[async_trait]
impl Trail for DynamoTrail {
    async fn chains(&self, from: Option<&str>) -> Result<Page, TrailError> {
        self.page(from).await.map_err(trail)
    }

    async fn records(&self, operation: &OperationId) -> Result<Vec<Written>, TrailError> {
        self.written(&operation.to_string()).await.map_err(trail)
    }

    async fn checkpoints(&self, after: u64) -> Result<Vec<WrittenCheckpoint>, TrailError> {
        self.kept(after).await.map_err(trail)
    }

    /// None: only a scan would find them. An operation that was taken off its month's list is missed by the
    /// checkpoint that sealed it.
    async fn strays(&self) -> Result<Vec<String>, TrailError> {
        Ok(Vec::new())
    }
}

/// A record as it is kept; what does not stand there is empty, and so is found.
fn written(item: &Item) -> Result<Written, StoreError> {
    let of = |name| text(item, name).unwrap_or_default().to_owned();
    let seq = text(item, SORT)?.trim_start_matches(EVENT).parse().map_err(StoreError::unreadable)?;
    Ok(Written { seq, at: of("at"), event: of("body"), prev: of("prev"), hash: of("hash") })
}

fn trail(error: StoreError) -> TrailError {
    TrailError(Box::new(error))
}
