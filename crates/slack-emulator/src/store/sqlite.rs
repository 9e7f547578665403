//! The SQLite file: WAL, so that a write costs one append; what was answered survives `kill -9`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::mpsc;

use super::lock::Lock;
use super::{Entry, Note, Publisher};
use crate::workspace::State;
use crate::workspace::tx::Batch;

/// How many waiting batches share one transaction.
const GROUP: usize = 256;

/// Why a workspace file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another emulator has it open.
    #[error("Another emulator is using {}; stop it, or choose another folder with --data.", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be opened or made.
    #[error("{} cannot be opened or made.", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// SQLite cannot read it.
    #[error("{} cannot be read as a workspace; move it away, or start anew with --fresh.", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
    /// A record in it is not what it should be.
    #[error(
        "{} holds a {record} that cannot be understood; move the file away, or start anew with --fresh.",
        path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Kind and id of the record.
        record: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// A file that was opened and read.
pub(crate) struct Opened {
    pub(crate) state: State,
    pub(crate) writer: Writer,
}

/// Saves batches into the file.
pub(crate) struct Writer {
    connection: SqliteConnection,
    /// What is not saved yet, in order.
    backlog: Vec<Batch>,
    _lock: Lock,
}

/// Opens a file, makes its table if needed, and lays what it holds over `state`.
pub(crate) async fn open(path: &Path, mut state: State) -> Result<Opened, StoreError> {
    let lock = Lock::take(path)?;
    let unreadable = |source| StoreError::Unreadable { path: path.into(), source };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(Duration::from_secs(2));
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(unreadable)?;
    let migrated = sqlx::migrate!("./migrations").run(&mut connection).await;
    migrated.map_err(|wrong| unreadable(wrong.into()))?;
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("select kind, id, body from record order by kind, id")
            .fetch_all(&mut connection)
            .await
            .map_err(unreadable)?;
    for (kind, id, body) in rows {
        state.restore(&kind, &id, &body).map_err(|source| StoreError::Corrupt {
            path: path.into(),
            record: format!("{kind} {id}"),
            source,
        })?;
    }
    Ok(Opened { state, writer: Writer { connection, backlog: Vec::new(), _lock: lock } })
}

/// Deletes a workspace file, unless another emulator is using it. A missing file is fine.
///
/// # Errors
/// [`StoreError::Locked`] or [`StoreError::Unusable`].
pub fn forget(path: &Path) -> Result<(), StoreError> {
    let _lock = Lock::take(path)?;
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(ending);
        match std::fs::remove_file(path.with_file_name(name)) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Unusable { path: path.into(), source });
            }
            _ => {}
        }
    }
    Ok(())
}

impl Writer {
    /// Saves until it is told to stop.
    pub(super) async fn run(mut self, mut notes: mpsc::UnboundedReceiver<Note>, publisher: Arc<Publisher>) {
        let mut group = Vec::new();
        let mut stopped = false;
        while !stopped && notes.recv_many(&mut group, GROUP).await > 0 {
            let mut entries = Vec::new();
            for note in group.drain(..) {
                match note {
                    Note::Save(entry) if !stopped => entries.push(entry),
                    Note::Save(_) => {}
                    Note::Stop => stopped = true,
                }
            }
            self.save_all(entries, &publisher).await;
        }
        if let Err(wrong) = self.connection.close().await {
            tracing::warn!(error = &wrong as &dyn std::error::Error, "the workspace file did not close well");
        }
    }

    /// Saves batches in one transaction, then publishes them.
    async fn save_all(&mut self, entries: Vec<Entry>, publisher: &Publisher) {
        let mut waiting = Vec::new();
        for entry in entries {
            self.backlog.push(entry.batch);
            waiting.push(entry.saved);
        }
        if let Err(wrong) = self.save().await {
            tracing::error!(error = &wrong as &dyn std::error::Error, "the workspace could not be saved");
            return;
        }
        for batch in self.backlog.drain(..) {
            publisher.publish(batch);
        }
        for saved in waiting {
            let _ = saved.send(());
        }
    }

    /// Saves everything that is not saved yet; what fails is tried again with the next batch.
    async fn save(&mut self) -> Result<(), sqlx::Error> {
        let mut transaction = self.connection.begin().await?;
        for row in self.backlog.iter().flat_map(|batch| &batch.rows) {
            let query = match &row.body {
                Some(body) => sqlx::query(
                    "insert into record (kind, id, body) values (?, ?, ?)
                     on conflict (kind, id) do update set body = excluded.body",
                )
                .bind(row.kind)
                .bind(&row.id)
                .bind(body),
                None => {
                    sqlx::query("delete from record where kind = ? and id = ?").bind(row.kind).bind(&row.id)
                }
            };
            query.execute(&mut *transaction).await?;
        }
        transaction.commit().await
    }
}
