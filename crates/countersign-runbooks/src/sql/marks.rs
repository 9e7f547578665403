//! The table that says which operations were done, written in the same transaction as their work.

use countersign_core::ids::OperationId;
use jiff::Timestamp;
use sqlx::SqliteConnection;

/// Creates the table if it is not there, and makes sure that it has the columns it should.
pub(super) async fn create(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "create table if not exists countersign_operations (\
         operation text not null primary key, applied_at text not null, summary text not null)",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query("select operation, applied_at, summary from countersign_operations limit 0")
        .execute(connection)
        .await?;
    Ok(())
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
