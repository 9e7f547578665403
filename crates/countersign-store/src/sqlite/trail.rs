//! The ledger for whoever reads it from outside: beside a bot that writes, or after it. Nothing is changed.

use std::path::Path;

use async_trait::async_trait;
use countersign_core::audit::Written;
use countersign_core::ids::OperationId;
use countersign_engine::ports::{Chain, Page, Trail, TrailError, WrittenCheckpoint};
use sqlx::SqlitePool;
use sqlx::sqlite::SqlitePoolOptions;

use super::{OpenError, open, schema};

/// So many operations come with one page.
const OPERATIONS: usize = 500;
/// So many checkpoints come at once.
const CHECKPOINTS: i64 = 50;

/// A ledger in a SQLite file, to be read alone.
#[derive(Debug)]
pub struct SqliteTrail {
    reader: SqlitePool,
    /// Was it written by a program that made checkpoints?
    has_checkpoints: bool,
}

impl SqliteTrail {
    /// Opens the ledger at `path`, which must be there.
    ///
    /// # Errors
    /// [`OpenError`]: there is none, or it is somebody else's.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        if !path.is_file() {
            return Err(OpenError::Missing(path.to_owned()));
        }
        let reader = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(open::for_reading(path));
        let mut connection = reader.acquire().await.map_err(|source| open::explain(path, source))?;
        let has_checkpoints = schema::known(&mut connection, path).await? >= schema::WITH_CHECKPOINTS;
        drop(connection);
        Ok(Self { reader, has_checkpoints })
    }
}

/// A record.
#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at: String,
    body: String,
    prev: String,
    hash: String,
}

impl Row {
    fn written(self) -> Written {
        let seq = u64::try_from(self.seq).unwrap_or_default();
        Written { seq, at: self.at, event: self.body, prev: self.prev, hash: self.hash }
    }
}

/// The records of an operation from one text. Neither JSON nor a time or a hash contains what stands between
/// them; where somebody put it into one, there are more pieces than records, and what comes of it is no chain.
fn split(text: &str, count: i64) -> Vec<Written> {
    let pieces = text.split('\u{1e}');
    if i64::try_from(pieces.clone().count()) != Ok(count) {
        let (at, prev, hash) = Default::default();
        return vec![Written { seq: 1, at, event: text.to_owned(), prev, hash }];
    }
    let mut records: Vec<Written> = pieces
        .map(|piece| {
            let mut fields = piece.splitn(5, '\u{1f}');
            let mut field = || fields.next().unwrap_or_default().to_owned();
            let seq = field().parse().unwrap_or_default();
            let (at, prev, hash) = (field(), field(), field());
            Written { seq, at, event: field(), prev, hash }
        })
        .collect();
    // They come as they stand in the index; the database does not promise it.
    records.sort_by_key(|record| record.seq);
    records
}

#[async_trait]
impl Trail for SqliteTrail {
    async fn chains(&self, from: Option<&str>) -> Result<Page, TrailError> {
        let after: i64 = match from {
            Some(from) => from.parse().map_err(|error| failed(Box::new(error)))?,
            // Nothing that stands there is overlooked, whatever its number.
            None => i64::MIN,
        };
        // One row for each operation: a row for each record costs more than all that is done with it afterwards.
        let rows: Vec<(i64, String, i64, Option<String>)> = sqlx::query_as(
            "select number, id, count(seq), \
             group_concat(seq || char(31) || at || char(31) || prev || char(31) || hash || char(31) || body, \
             char(30)) \
             from (select number, id from operations where number > ?1 order by number limit ?2) \
             left join events on operation = id group by number order by number",
        )
        .bind(after)
        .bind(i64::try_from(OPERATIONS).unwrap_or(i64::MAX))
        .fetch_all(&self.reader)
        .await
        .map_err(database)?;
        let last = rows.last().map(|(number, ..)| *number);
        let next = last.filter(|_| rows.len() == OPERATIONS).map(|number| number.to_string());
        let chain = |(number, id, count, text): (i64, String, i64, Option<String>)| Chain {
            id,
            number: u64::try_from(number).ok(),
            records: text.map_or_else(Vec::new, |text| split(&text, count)),
        };
        Ok(Page { chains: rows.into_iter().map(chain).collect(), next })
    }

    async fn records(&self, operation: &OperationId) -> Result<Vec<Written>, TrailError> {
        let rows: Vec<Row> =
            sqlx::query_as("select seq, at, body, prev, hash from events where operation = ?1 order by seq")
                .bind(operation.to_string())
                .fetch_all(&self.reader)
                .await
                .map_err(database)?;
        Ok(rows.into_iter().map(Row::written).collect())
    }

    async fn checkpoints(&self, after: u64) -> Result<Vec<WrittenCheckpoint>, TrailError> {
        if !self.has_checkpoints {
            return Ok(Vec::new());
        }
        let rows: Vec<(i64, String)> =
            sqlx::query_as("select number, body from checkpoints where number > ?1 order by number limit ?2")
                .bind(i64::try_from(after).unwrap_or(i64::MAX))
                .bind(CHECKPOINTS)
                .fetch_all(&self.reader)
                .await
                .map_err(database)?;
        let written =
            |(number, text)| WrittenCheckpoint { number: u64::try_from(number).unwrap_or_default(), text };
        Ok(rows.into_iter().map(written).collect())
    }

    async fn strays(&self) -> Result<Vec<String>, TrailError> {
        // From id to id, and not through all records.
        sqlx::query_scalar(
            "with recursive ids (id) as (select min(operation) from events union all \
             select (select min(operation) from events where operation > id) from ids where id is not null) \
             select id from ids where id is not null and id not in (select id from operations) limit 100",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(database)
    }
}

fn database(error: sqlx::Error) -> TrailError {
    failed(Box::new(error))
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> TrailError {
    TrailError(error)
}
