//! The table of who may reach what until when.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Cause;
use crate::domain::{Environment, Row};

/// The table. Reads are strongly consistent, but for [`Table::in_environment`], which may miss what was written in
/// the last moment: what is to be changed because of it is asked for anew with [`Table::rows_of`].
#[async_trait]
pub trait Table: Send + Sync {
    /// All rows under this hash key, bad and expired ones included. The key is what a row says, in whatever form.
    async fn rows_of(&self, ip_address: &str) -> Result<Vec<Row>, TableError>;

    /// The rows under these keys, as far as there are any.
    async fn get(&self, keys: &[(String, Environment)]) -> Result<Vec<Row>, TableError>;

    /// All rows of one environment, by the index `environment-index`.
    async fn in_environment(&self, environment: &Environment) -> Result<Vec<Row>, TableError>;

    /// Writes the row if the one under its key is still `before` (`None`: there is none).
    async fn save(&self, row: &Row, before: Option<&Row>) -> Result<Saved, TableError>;

    /// Removes the row if it is still `before`.
    async fn remove(&self, before: &Row) -> Result<Saved, TableError>;

    /// Removes the row if its time was over at `now` (UTC), so that an extension at the last moment wins.
    async fn expire(&self, row: &Row, now: Timestamp) -> Result<Saved, TableError>;
}

/// What became of a conditional write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It was done.
    Done,
    /// Somebody else wrote that row meanwhile; nothing was done.
    Changed,
}

/// The table did not answer as it should.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It asks to be asked more slowly.
    #[error("the table asks for a pause")]
    Throttled(#[source] Cause),
    /// Anything else.
    #[error("the table cannot be read or written")]
    Failed(#[source] Cause),
}
