//! What the writer can be asked for about due times and lines for locks.

use async_trait::async_trait;
use countersign_core::audit::Head;
use countersign_core::ids::{LockKey, OperationId};
use countersign_engine::ports::Turn;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::error::StoreError;
use super::work::{millis, signed};
use super::writer::Work;

/// An operation whose chain is to end at a head still.
#[derive(Debug, Clone)]
struct Standing {
    operation: String,
    head: Head,
}

impl Standing {
    fn new(operation: &OperationId, head: Head) -> Self {
        Self { operation: operation.to_string(), head }
    }

    /// Does it end there, and is the operation open?
    async fn holds(&self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let holds: bool = sqlx::query_scalar(
            "select exists (select 1 from operations join events on operation = id \
             where id = ?1 and open = 1 and seq = ?2 and hash = ?3 \
             and not exists (select 1 from events later where later.operation = ?1 and later.seq > ?2))",
        )
        .bind(&self.operation)
        .bind(signed(self.head.seq))
        .bind(self.head.hash.to_string())
        .fetch_one(connection)
        .await?;
        Ok(holds)
    }
}

/// Puts an operation off.
pub(super) struct Postpone {
    standing: Standing,
    due: Option<Timestamp>,
}

impl Postpone {
    pub(super) fn new(operation: &OperationId, head: Head, due: Option<Timestamp>) -> Self {
        Self { standing: Standing::new(operation, head), due }
    }
}

#[async_trait]
impl Work for Postpone {
    type Answer = ();

    async fn run(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        if self.standing.holds(connection).await? {
            sqlx::query("update operations set due = ?2 where id = ?1")
                .bind(&self.standing.operation)
                .bind(self.due.map(millis))
                .execute(connection)
                .await?;
        }
        Ok(())
    }
}

/// Lines an operation up for a lock.
pub(super) struct LineUp {
    standing: Standing,
    lock: LockKey,
}

impl LineUp {
    pub(super) fn new(lock: &LockKey, operation: &OperationId, head: Head) -> Self {
        Self { standing: Standing::new(operation, head), lock: lock.clone() }
    }
}

#[async_trait]
impl Work for LineUp {
    type Answer = Turn;

    async fn run(&self, connection: &mut SqliteConnection) -> Result<Turn, StoreError> {
        if !self.standing.holds(connection).await? {
            return Ok(Turn::Conflict);
        }
        sqlx::query("insert into lines (lock, operation) values (?1, ?2) on conflict (operation) do nothing")
            .bind(self.lock.as_str())
            .bind(&self.standing.operation)
            .execute(&mut *connection)
            .await?;
        let ahead: Vec<String> = sqlx::query_scalar(
            "select operation from lines where lock = ?1 \
             and number < (select number from lines where operation = ?2) order by number",
        )
        .bind(self.lock.as_str())
        .bind(&self.standing.operation)
        .fetch_all(connection)
        .await?;
        let ahead: Result<Vec<OperationId>, _> = ahead.iter().map(|id| id.parse()).collect();
        ahead.map(Turn::After).map_err(|source| StoreError::Unreadable(Box::new(source)))
    }
}

/// Takes an operation out of its line.
pub(super) async fn leave(connection: &mut SqliteConnection, operation: &str) -> Result<(), StoreError> {
    sqlx::query("delete from lines where operation = ?1").bind(operation).execute(connection).await?;
    Ok(())
}
