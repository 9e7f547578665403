//! Where operations are kept, and what came in: a file of this process's own, or a table that several share.

use std::path::Path;
use std::sync::Arc;

use countersign_engine::ports::Trail;
use countersign_engine::system::{OsIds, SystemClock};
#[cfg(feature = "dynamodb")]
use countersign_store::dynamodb::{self, DynamoStore, Edges};
use countersign_store::sqlite::{self, SqliteStore, SqliteTrail};

use crate::bot::World;
#[cfg(feature = "dynamodb")]
use crate::config::Dynamodb;
use crate::config::{self, Config, Keeps};

/// An open store.
pub enum Store {
    /// A file.
    File(Arc<SqliteStore>),
    /// A DynamoDB table.
    #[cfg(feature = "dynamodb")]
    Table(Arc<DynamoStore>),
}

/// The store cannot be opened. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file.
    #[error(transparent)]
    File(#[from] sqlite::OpenError),
    /// The table.
    #[cfg(feature = "dynamodb")]
    #[error(transparent)]
    Table(#[from] dynamodb::OpenError),
    /// The configuration says that Slack itself is the ledger.
    #[error("Slack itself is the ledger, and there is nothing to open beside it")]
    InSlack,
    /// The configuration names a table.
    #[cfg(not(feature = "dynamodb"))]
    #[error("this countersign was built without DynamoDB")]
    NotBuilt,
}

impl Store {
    /// Opens what the configuration names; `file` is the ledger's file, where it is one.
    ///
    /// # Errors
    /// [`OpenError`]: why not.
    pub async fn open(config: &Config, file: &Path) -> Result<Self, OpenError> {
        match config.keeps() {
            Keeps::File => Ok(Self::File(Arc::new(SqliteStore::open(file).await?))),
            #[cfg(feature = "dynamodb")]
            Keeps::Table(table) => {
                let edges = Edges { clock: Arc::new(SystemClock), ids: Arc::new(OsIds) };
                Ok(Self::Table(Arc::new(DynamoStore::open(&settings(table), edges).await?)))
            }
            #[cfg(not(feature = "dynamodb"))]
            Keeps::Table(_) => Err(OpenError::NotBuilt),
            Keeps::Slack => Err(OpenError::InSlack),
        }
    }

    /// What a bot works with, on this store and with this machine's clock and randomness.
    pub fn world(&self) -> World {
        let (ledger, inbox, freezes) = match self {
            Self::File(store) => (Arc::clone(store) as _, Arc::clone(store) as _, Arc::clone(store) as _),
            #[cfg(feature = "dynamodb")]
            Self::Table(store) => (Arc::clone(store) as _, Arc::clone(store) as _, Arc::clone(store) as _),
        };
        World { ledger, inbox, freezes, clock: Arc::new(SystemClock), ids: Arc::new(OsIds) }
    }

    /// Finishes what was queued, and lets other processes in.
    pub async fn close(&self) {
        match self {
            Self::File(store) => store.close().await,
            // Every write was finished when it was answered.
            #[cfg(feature = "dynamodb")]
            Self::Table(_) => {}
        }
    }
}

/// The ledger that belongs to a configuration, to be read alone, and what to call it; `file` is its file, where it
/// is one. A configuration that cannot be read names no table.
///
/// # Errors
/// [`OpenError`]: why not.
pub async fn trail(config: &Path, file: &Path) -> Result<(Box<dyn Trail>, String), OpenError> {
    let config = config::read(config).ok();
    match config.as_ref().map(Config::keeps) {
        None | Some(Keeps::File) => {
            Ok((Box::new(SqliteTrail::open(file).await?), file.display().to_string()))
        }
        #[cfg(feature = "dynamodb")]
        Some(Keeps::Table(table)) => {
            let trail = dynamodb::DynamoTrail::open(&settings(table)).await?;
            Ok((Box::new(trail), table.table.clone()))
        }
        #[cfg(not(feature = "dynamodb"))]
        Some(Keeps::Table(_)) => Err(OpenError::NotBuilt),
        Some(Keeps::Slack) => Err(OpenError::InSlack),
    }
}

/// The table as the store takes it.
#[cfg(feature = "dynamodb")]
pub(crate) fn settings(table: &Dynamodb) -> dynamodb::Settings {
    let Dynamodb { table, region, endpoint } = table.clone();
    dynamodb::Settings { table, region, endpoint }
}
