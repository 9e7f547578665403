use std::path::PathBuf;
use std::sync::Arc;

use countersign_core::ids::OperationId;

/// The store cannot be opened. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database's folder is not there.
    #[error("the folder {} does not exist; create it, or choose another --data folder", .0.display())]
    NoFolder(PathBuf),
    /// There is no ledger to read.
    #[error("there is no ledger at {}; name its folder with --data DIR", .0.display())]
    Missing(PathBuf),
    /// The folder or a file in it cannot be written.
    #[error("{} cannot be written; check who owns it and whether the disk is full", path.display())]
    NotWritable {
        /// What cannot be written.
        path: PathBuf,
        /// What the operating system or SQLite says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another process has it open.
    #[error(
        "{} is in use by another countersign; stop that one or choose another --data folder",
        .0.display()
    )]
    InUse(PathBuf),
    /// The file is there and is no database, or its first pages are damaged.
    #[error(
        "{} is no SQLite database, or it is damaged; put a backup in its place or move it away",
        .0.display()
    )]
    NotADatabase(PathBuf),
    /// The file is a database of some other program.
    #[error("{} is a database of another program; choose another --data folder", .0.display())]
    Foreign(PathBuf),
    /// A newer program wrote it.
    #[error(
        "{} was written by a newer countersign (its schema is {found}, this one knows {known}); use that one",
        path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema's number.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// SQLite says something else.
    #[error("{} cannot be opened", path.display())]
    Failed {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: sqlx::Error,
    },
}

/// Why the store did not do what it was asked; the cause inside a port's error.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error("the store is closed")]
    Closed,
    #[error("an operation begins with a request of its own")]
    NoRequest,
    #[error("the id of {0} is taken")]
    Taken(OperationId),
    #[error("there is no operation {0}")]
    NoOperation(OperationId),
    #[error("the records do not follow one another")]
    NoChain,
    #[error("record {seq} of {operation} cannot be read back")]
    Damaged {
        operation: OperationId,
        seq: i64,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("a stored value cannot be read back")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("a value cannot be stored")]
    Unwritable(#[source] serde_json::Error),
    /// Shared by everybody whose work was in the transaction that failed.
    #[error("the database did not do it")]
    Database(#[source] Arc<sqlx::Error>),
}

impl From<Arc<sqlx::Error>> for StoreError {
    fn from(error: Arc<sqlx::Error>) -> Self {
        Self::Database(error)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}
