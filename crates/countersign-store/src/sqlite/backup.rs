//! A copy of the ledger, made while a bot writes to it.
//!
//! SQLite copies everything as it stood in one moment (`vacuum into`); the writer goes on meanwhile. The copy is
//! written under another name, flushed, and named last, so that a file with the name is a whole one.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sqlx::{ConnectOptions as _, Connection as _};

use super::{OpenError, lock, open, schema};

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// So many operations.
    pub operations: i64,
    /// So many events of theirs.
    pub events: i64,
}

/// The backup could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] OpenError),
    /// Something has that name.
    #[error("there is a file {} already; choose another name, since a backup is never overwritten", .0.display())]
    Exists(PathBuf),
    /// The file cannot be written.
    #[error("{} cannot be written; check its folder, who owns it, and whether the disk is full", path.display())]
    NotWritable {
        /// What cannot be written.
        path: PathBuf,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The copy is no ledger.
    #[error("the copy does not hold; nothing was written to {}", path.display())]
    Broken {
        /// Where it was to be.
        path: PathBuf,
        /// What SQLite says of it.
        #[source]
        source: sqlx::Error,
    },
}

/// Copies the ledger at `from` to a new file at `to`, which its owner alone may read.
///
/// # Errors
/// [`BackupError`]; then there is no file at `to`.
pub async fn backup(from: &Path, to: &Path) -> Result<Copied, BackupError> {
    if !from.is_file() {
        return Err(OpenError::Missing(from.to_owned()).into());
    }
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let part = beside(to);
    let copied = copy(from, &part, to).await;
    let named = copied.and_then(|copied| name(&part, to).map(|()| copied));
    if named.is_err() {
        // It is of no use to anybody; if it cannot be removed, the next one with this name says so.
        let _ = std::fs::remove_file(&part);
    }
    named
}

async fn copy(from: &Path, part: &Path, to: &Path) -> Result<Copied, BackupError> {
    // SQLite would make it readable for everybody; it takes a file that is empty.
    lock::private(OpenOptions::new().write(true).create_new(true))
        .open(part)
        .map_err(|source| not_writable(part, source))?;
    let mut ledger = open::for_reading(from).connect().await.map_err(|source| open::explain(from, source))?;
    schema::known(&mut ledger, from).await?;
    let name = part.to_str().ok_or_else(|| not_writable(part, "its name is not UTF-8"))?;
    sqlx::query("vacuum into ?1")
        .bind(name)
        .execute(&mut ledger)
        .await
        .map_err(|source| not_writable(part, source))?;
    ledger.close().await.map_err(|source| open::explain(from, source))?;
    look(part).await.map_err(|source| BackupError::Broken { path: to.to_owned(), source })
}

/// Reads the copy from one end to the other.
async fn look(part: &Path) -> Result<Copied, sqlx::Error> {
    let mut copy = open::for_reading(part).connect().await?;
    let whole: String = sqlx::query_scalar("pragma integrity_check(1)").fetch_one(&mut copy).await?;
    if whole != "ok" {
        return Err(sqlx::Error::Protocol(whole));
    }
    let (operations, events) =
        sqlx::query_as("select (select count(*) from operations), (select count(*) from events)")
            .fetch_one(&mut copy)
            .await?;
    copy.close().await?;
    Ok(Copied { operations, events })
}

/// Gives the copy its name, once all of it is on the disk. A name that was taken meanwhile is left alone.
fn name(part: &Path, to: &Path) -> Result<(), BackupError> {
    let flushed = File::open(part).and_then(|file| file.sync_all());
    flushed.map_err(|source| not_writable(part, source))?;
    std::fs::hard_link(part, to).map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => BackupError::Exists(to.to_owned()),
        _ => not_writable(to, source),
    })?;
    std::fs::remove_file(part).map_err(|source| not_writable(part, source))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| not_writable(folder, source))
}

fn beside(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn not_writable(path: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> BackupError {
    BackupError::NotWritable { path: path.to_owned(), source: source.into() }
}
