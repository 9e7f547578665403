use std::path::Path;

use sqlx::{Connection, SqliteConnection};

use super::OpenError;

/// Marks a file as ours: `CSLG` in ASCII.
const APPLICATION_ID: i64 = 0x4353_4c47;

/// What leads from one schema to the next. Never change one that was released: add another.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_ledger_and_inbox.sql"),
    include_str!("../../migrations/0002_retries_and_set_aside.sql"),
    include_str!("../../migrations/0003_due_lines_checkpoints.sql"),
    include_str!("../../migrations/0004_freezes.sql"),
];

/// The first schema in which checkpoints are kept.
pub(super) const WITH_CHECKPOINTS: i64 = 3;

/// Brings the database up to the schema of this program, or leaves it as it is and says why not.
pub(super) async fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let failed = |source| super::open::explain(path, source);
    let found = known(connection, path).await?;
    let done = usize::try_from(found).unwrap_or(0);
    for (number, migration) in (1_i64..).zip(MIGRATIONS).skip(done) {
        step(connection, migration, number).await.map_err(failed)?;
    }
    Ok(())
}

/// The schema's number, if this program knows it.
pub(super) async fn known(connection: &mut SqliteConnection, path: &Path) -> Result<i64, OpenError> {
    let found = version(connection, path).await?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    Ok(found)
}

/// The number of the last migration that the database went through; 0 for an empty file.
async fn version(connection: &mut SqliteConnection, path: &Path) -> Result<i64, OpenError> {
    let failed = |source| super::open::explain(path, source);
    let number = |sql: &'static str| sqlx::query_scalar::<_, i64>(sql);
    let application = number("pragma application_id").fetch_one(&mut *connection).await.map_err(failed)?;
    let version = number("pragma user_version").fetch_one(&mut *connection).await.map_err(failed)?;
    let things = number("select count(*) from sqlite_schema").fetch_one(connection).await.map_err(failed)?;
    match (application, version, things) {
        (APPLICATION_ID, version, _) if version > 0 => Ok(version),
        (0, 0, 0) => Ok(0),
        _ => Err(OpenError::Foreign(path.to_owned())),
    }
}

async fn step(
    connection: &mut SqliteConnection,
    migration: &'static str,
    number: i64,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("begin immediate").await?;
    sqlx::raw_sql(migration).execute(&mut *transaction).await?;
    // A pragma takes no parameters; both numbers are ours.
    let mark = format!("pragma application_id = {APPLICATION_ID}; pragma user_version = {number}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(mark)).execute(&mut *transaction).await?;
    transaction.commit().await
}
