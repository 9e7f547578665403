//! The ledger for whoever reads it from outside: beside a bot that writes, or after it. Nothing is changed.

use std::path::Path;

use countersign_core::audit::Record;
use countersign_core::ids::OperationId;
use sqlx::SqlitePool;
use sqlx::sqlite::SqlitePoolOptions;

use super::{OpenError, open, read, schema};

/// So many operations are listed at once.
const PAGE: i64 = 1_000;

/// A ledger, to be read alone.
#[derive(Debug)]
pub struct Trail {
    reader: SqlitePool,
}

/// An operation's place in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number, in the order in which operations began: 1, 2, 3 and so on.
    pub number: i64,
    /// Its id, as it stands there.
    pub id: String,
}

/// The ledger cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the ledger cannot be read")]
pub struct TrailError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl Trail {
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
        schema::known(&mut connection, path).await?;
        drop(connection);
        Ok(Self { reader })
    }

    /// The operations after the one with this number (0 for the first page), in their order; none at the end.
    ///
    /// # Errors
    /// [`TrailError`].
    pub async fn after(&self, number: i64) -> Result<Vec<Listed>, TrailError> {
        let rows: Result<Vec<(i64, String)>, sqlx::Error> =
            sqlx::query_as("select number, id from operations where number > ?1 order by number limit ?2")
                .bind(number)
                .bind(PAGE)
                .fetch_all(&self.reader)
                .await;
        let rows = rows.map_err(|error| TrailError(error.into()))?;
        Ok(rows.into_iter().map(|(number, id)| Listed { number, id }).collect())
    }

    /// An operation's records in their order; none when it does not exist.
    ///
    /// # Errors
    /// [`TrailError`]; also when one of the records cannot be read as one.
    pub async fn records(&self, operation: &OperationId) -> Result<Vec<Record>, TrailError> {
        read::load(&self.reader, operation).await.map_err(|error| TrailError(error.into()))
    }

    /// Operations that have records and are not among the operations.
    ///
    /// # Errors
    /// [`TrailError`].
    pub async fn strays(&self) -> Result<Vec<String>, TrailError> {
        sqlx::query_scalar(
            "select distinct operation from events where operation not in (select id from operations) limit 100",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(|error| TrailError(error.into()))
    }
}
