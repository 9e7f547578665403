//! The tables that say which operations were done, written in the same transaction as their work, and which runs
//! were given up for dead: those do nothing any more, should they wake up.

use countersign_core::ids::OperationId;
use jiff::Timestamp;
use sqlx::SqliteConnection;

/// Creates the tables if they are not there, and makes sure that they have the columns they should.
pub(super) async fn create(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "create table if not exists countersign_operations (\
         operation text not null primary key, applied_at text not null, summary text not null)",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query("select operation, applied_at, summary from countersign_operations limit 0")
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "create table if not exists countersign_given_up (\
         operation text not null primary key, fence integer not null)",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query("select operation, fence from countersign_given_up limit 0").execute(connection).await?;
    Ok(())
}

/// Gives up every run of an operation up to and including this claim.
pub(super) async fn give_up(
    connection: &mut SqliteConnection,
    operation: &OperationId,
    fence: u64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into countersign_given_up (operation, fence) values (?1, ?2) \
         on conflict (operation) do update set fence = max(fence, excluded.fence)",
    )
    .bind(operation.to_string())
    .bind(number(fence))
    .execute(connection)
    .await?;
    Ok(())
}

/// Was the run under this claim given up?
pub(super) async fn is_given_up(
    connection: &mut SqliteConnection,
    operation: &OperationId,
    fence: u64,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "select exists (select 1 from countersign_given_up where operation = ?1 and fence >= ?2)",
    )
    .bind(operation.to_string())
    .bind(number(fence))
    .fetch_one(connection)
    .await
}

/// A claim's number as SQLite holds it; claims are counted from 1, and never come near its end.
fn number(fence: u64) -> i64 {
    i64::try_from(fence).unwrap_or(i64::MAX)
}

/// The summary of an operation that was done.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    operation: &OperationId,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select summary from countersign_operations where operation = ?1")
        .bind(operation.to_string())
        .fetch_optional(connection)
        .await
}

/// Marks an operation as done at `now` (UTC), once the transaction commits.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    operation: &OperationId,
    (now, summary): (Timestamp, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into countersign_operations (operation, applied_at, summary) values (?1, ?2, ?3)")
        .bind(operation.to_string())
        .bind(now.to_string())
        .bind(summary)
        .execute(connection)
        .await?;
    Ok(())
}
