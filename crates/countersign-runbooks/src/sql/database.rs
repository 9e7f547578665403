use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor as _, SqlSafeStr as _, Sqlite, SqliteConnection,
    SqlitePool, Transaction,
};

use super::error::{SqlError, code};
use super::marks;

/// How many connections read at the same time.
const READERS: u32 = 2;
/// How often a running statement looks at the time, in steps of SQLite's machine.
const STEPS: i32 = 1000;

/// A product's own database.
#[derive(Debug)]
pub struct Database {
    /// One, so that those who change something queue fairly instead of fighting for SQLite's lock.
    writer: SqlitePool,
    readers: SqlitePool,
    limits: Limits,
}

/// How long a database may keep people waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long to wait while somebody else has it locked.
    pub busy: Duration,
    /// How long one statement may run.
    pub statement: Duration,
}

impl Default for Limits {
    /// Five seconds and ten.
    fn default() -> Self {
        Self { busy: Duration::from_secs(5), statement: Duration::from_secs(10) }
    }
}

/// The database cannot be used. No text of it repeats the address, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Only SQLite is spoken so far.
    #[error("this kind of database is not supported; write `sqlite:` and the path of a file")]
    UnknownKind,
    /// There is no such file, and none is created.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// The file is no database, or a damaged one.
    #[error("{} is no SQLite database, or it is damaged", .0.display())]
    NotADatabase(PathBuf),
    /// Somebody else did not let go of it in time.
    #[error("{} is locked by another program", .0.display())]
    Locked(PathBuf),
    /// The table by which things are done only once cannot be made or used.
    #[error(
        "{} cannot hold the table countersign_operations, which makes sure that nothing is done twice",
        path.display()
    )]
    NoMarks {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: sqlx::Error,
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

impl Database {
    /// Opens `sqlite:PATH`; the file must exist. Creates the tables `countersign_operations` and
    /// `countersign_given_up` in it, if they are not there.
    ///
    /// # Errors
    /// [`DatabaseError`]: no such file, no database, locked for more than five seconds, or not writable.
    pub async fn open(url: &str) -> Result<Self, DatabaseError> {
        Self::open_with(url, Limits::default()).await
    }

    /// Like [`Database::open`], with limits of one's own.
    ///
    /// # Errors
    /// [`DatabaseError`], as there.
    pub async fn open_with(url: &str, limits: Limits) -> Result<Self, DatabaseError> {
        let path = path_of(url)?;
        if !path.is_file() {
            return Err(DatabaseError::Missing(path));
        }
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(limits.busy)
            .disable_statement_logging();
        prepare(&options, &path).await?;
        let pool = |size| {
            SqlitePoolOptions::new()
                .max_connections(size)
                .test_before_acquire(false)
                // Whoever had it before may have gone away in the middle of a statement.
                .before_acquire(|connection, _| {
                    Box::pin(async move { unwatch(connection).await.map(|()| true) })
                })
                .acquire_timeout(limits.busy + 2 * limits.statement)
        };
        Ok(Self {
            writer: pool(1).connect_lazy_with(options.clone()),
            readers: pool(READERS).connect_lazy_with(options.read_only(true)),
            limits,
        })
    }

    /// Has the database read a statement, which names tables and columns that must be there. It is not run.
    pub(super) async fn prepare(&self, key: &'static str, sql: &str) -> Result<(), SqlError> {
        let mut connection = self.reader().await?;
        // What people type is never part of a statement; this is the configuration's.
        let prepared = connection.prepare(AssertSqlSafe(sql.to_owned()).into_sql_str()).await;
        prepared.map(drop).map_err(|error| match self.explain(error) {
            SqlError::Database(source) => SqlError::Unfit { key, source },
            other => other,
        })
    }

    /// Begins a transaction that may write, and has SQLite's lock for it.
    /// When it is dropped, it is rolled back.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, SqlError> {
        let begun = self.writer.begin_with("begin immediate").await;
        begun.map_err(|error| self.explain(error))
    }

    /// A connection that cannot write.
    pub(super) async fn reader(&self) -> Result<PoolConnection<Sqlite>, SqlError> {
        self.readers.acquire().await.map_err(|error| self.explain(error))
    }

    /// From now on, stops what runs too long on `connection`. SQLite itself looks at the time,
    /// so that a statement really ends; giving up waiting for it would leave it running.
    pub(super) async fn watch(&self, connection: &mut SqliteConnection) -> Result<(), SqlError> {
        let end = Instant::now() + self.limits.statement;
        let mut handle = connection.lock_handle().await.map_err(|error| self.explain(error))?;
        handle.set_progress_handler(STEPS, move || Instant::now() < end);
        Ok(())
    }

    /// Ends the watch, lest it hits the next statement.
    pub(super) async fn unwatch(&self, connection: &mut SqliteConnection) -> Result<(), SqlError> {
        unwatch(connection).await.map_err(|error| self.explain(error))
    }

    /// What an error of the driver means.
    pub(super) fn explain(&self, error: sqlx::Error) -> SqlError {
        SqlError::from_driver(error, self.limits.statement)
    }
}

async fn unwatch(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    connection.lock_handle().await?.remove_progress_handler();
    Ok(())
}

/// `sqlite:PATH` or `sqlite://PATH`; a path may hold any character, so there are no options behind a `?`.
fn path_of(url: &str) -> Result<PathBuf, DatabaseError> {
    let path = url.strip_prefix("sqlite:").ok_or(DatabaseError::UnknownKind)?;
    Ok(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}

/// Makes sure that the file is a database, and that the table of marks is in it.
async fn prepare(options: &SqliteConnectOptions, path: &Path) -> Result<(), DatabaseError> {
    let failed = |source| explain(path, source);
    let mut connection = options.connect().await.map_err(failed)?;
    sqlx::query("select count(*) from sqlite_schema").execute(&mut connection).await.map_err(failed)?;
    let no_marks = |source: sqlx::Error| match code(&source) {
        Some(5 | 6) => DatabaseError::Locked(path.to_owned()),
        _ => DatabaseError::NoMarks { path: path.to_owned(), source },
    };
    marks::create(&mut connection).await.map_err(no_marks)?;
    connection.close().await.map_err(failed)
}

fn explain(path: &Path, source: sqlx::Error) -> DatabaseError {
    let path = path.to_owned();
    match code(&source) {
        Some(5 | 6) => DatabaseError::Locked(path),
        Some(11 | 26) => DatabaseError::NotADatabase(path),
        _ => DatabaseError::Failed { path, source },
    }
}
