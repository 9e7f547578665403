use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection, SqlitePool};

use super::lock::{self, Lock};
use super::writer::Writer;
use super::{OpenError, SqliteStore, schema};

/// How long to wait for somebody who looks into the file with another tool.
const BUSY: Duration = Duration::from_secs(5);

/// Each costs a thread and two megabytes of cache at most; reads are short.
const READERS: u32 = 2;

/// Opens the store, in the order in which the checks disturb the file the least.
pub(super) async fn open(path: &Path) -> Result<SqliteStore, OpenError> {
    let path = real_path(path)?;
    let lock = Lock::take(&path).await?;
    create(&path)?;
    let connection = connect(&path).await?;
    Ok(SqliteStore { writer: Writer::start(connection, lock), readers: readers(&path) })
}

/// What is at a path before anything is opened there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// A store that can be opened.
    Store,
    /// Nothing, and a store can be made.
    Nothing,
    /// A store that another process has open.
    InUse,
}

/// Looks without changing what is there; the lock's file is made if there is none.
pub(super) async fn look(path: &Path) -> Result<Seen, OpenError> {
    let path = real_path(path)?;
    let _lock = match Lock::take(&path).await {
        Err(OpenError::InUse(_)) => return Ok(Seen::InUse),
        other => other?,
    };
    match OpenOptions::new().read(true).write(true).open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Seen::Nothing),
        Err(source) => return Err(OpenError::NotWritable { path, source: source.into() }),
        Ok(_) => {}
    }
    let mut connection =
        options(&path).read_only(true).connect().await.map_err(|source| explain(&path, source))?;
    schema::known(&mut connection, &path).await.map(|_| Seen::Store)
}

/// The path without links, so that two names of one file meet at one lock.
fn real_path(path: &Path) -> Result<PathBuf, OpenError> {
    if let Ok(path) = path.canonicalize() {
        return Ok(path);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match (folder.canonicalize(), path.file_name()) {
        (Ok(real), Some(name)) if real.is_dir() => Ok(real.join(name)),
        _ => Err(OpenError::NoFolder(folder.to_owned())),
    }
}

/// SQLite would create the file readable for everyone.
fn create(path: &Path) -> Result<(), OpenError> {
    match lock::private(OpenOptions::new().write(true).create_new(true)).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(OpenError::NotWritable { path: path.to_owned(), source: source.into() }),
    }
}

async fn connect(path: &Path) -> Result<SqliteConnection, OpenError> {
    let failed = |source| explain(path, source);
    let mut connection =
        options(path).synchronous(SqliteSynchronous::Full).connect().await.map_err(failed)?;
    schema::migrate(&mut connection, path).await?;
    // What a person said waits in the inbox; once it is done, none of it stays in the file.
    sqlx::query("pragma secure_delete = on").execute(&mut connection).await.map_err(failed)?;
    // After the check that the file is ours: the mode stays with the file.
    sqlx::query("pragma journal_mode = wal").execute(&mut connection).await.map_err(failed)?;
    Ok(connection)
}

fn readers(path: &Path) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(BUSY)
        .test_before_acquire(false)
        .connect_lazy_with(options(path).read_only(true))
}

/// A connection that cannot write.
pub(super) fn for_reading(path: &Path) -> SqliteConnectOptions {
    options(path).read_only(true)
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .disable_statement_logging()
}

/// What an error on opening means for the person who starts the program.
pub(super) fn explain(path: &Path, source: sqlx::Error) -> OpenError {
    let path = path.to_owned();
    // The primary result code is the low byte of the extended one (sqlite.org/rescode.html).
    let code = source.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    match code.map(|code| code & 0xff) {
        Some(5 | 6) => OpenError::InUse(path),
        Some(8 | 13 | 14) => OpenError::NotWritable { path, source: source.into() },
        Some(11 | 26) => OpenError::NotADatabase(path),
        _ => OpenError::Failed { path, source },
    }
}
