//! What the writer can be asked for about deliveries.

use async_trait::async_trait;
use countersign_engine::ports::{Delivery, Keep, Stored};
use sqlx::SqliteConnection;

use super::error::StoreError;
use super::writer::Work;

/// So many rows are forgotten in one transaction at most: others wait for it.
const PART: i64 = 1000;

/// Stores a delivery.
pub(super) struct Receive(pub(super) Delivery);

#[async_trait]
impl Work for Receive {
    type Answer = Stored;

    async fn run(&self, connection: &mut SqliteConnection) -> Result<Stored, StoreError> {
        let retry = self.0.retry.as_ref();
        let inserted = sqlx::query(
            "insert into inbox (key, kind, payload, received_at, done, retry, retry_reason) \
             values (?1, ?2, ?3, ?4, 0, ?5, ?6) on conflict (key) do nothing",
        )
        .bind(&self.0.key)
        .bind(&self.0.kind)
        .bind(&self.0.payload)
        .bind(self.0.received_at.to_string())
        .bind(retry.map(|retry| retry.number))
        .bind(retry.map(|retry| &retry.reason))
        .execute(connection)
        .await?;
        Ok(match inserted.rows_affected() {
            0 => Stored::Seen,
            _ => Stored::New,
        })
    }
}

/// Marks a delivery as done. Its payload goes; its key stays.
pub(super) struct Finish(pub(super) String);

#[async_trait]
impl Work for Finish {
    type Answer = ();

    async fn run(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query("update inbox set done = 1, payload = '' where key = ?1 and done = 0")
            .bind(&self.0)
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// Marks a delivery as done, and keeps its payload.
pub(super) struct SetAside(pub(super) String);

#[async_trait]
impl Work for SetAside {
    type Answer = ();

    async fn run(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query("update inbox set done = 1, set_aside = 1 where key = ?1 and done = 0")
            .bind(&self.0)
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// Forgets a part of what need not be kept.
pub(super) struct Prune(pub(super) Keep);

/// What pruning found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pruned {
    /// A part; there may be more.
    Some,
    /// Nothing.
    Nothing,
}

#[async_trait]
impl Work for Prune {
    type Answer = Pruned;

    async fn run(&self, connection: &mut SqliteConnection) -> Result<Pruned, StoreError> {
        // Whole seconds compare as text, which fractions of them do not.
        let since = self.0.since.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let forgotten = sqlx::query(
            "delete from inbox where substr(received_at, 1, 19) < ?1 \
             and number in (select number from inbox where done = 1 order by number limit ?2)",
        )
        .bind(since)
        .bind(PART)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "update inbox set set_aside = 0, payload = '' where set_aside = 1 and number <= \
             (select number from inbox where set_aside = 1 order by number desc limit 1 offset ?1)",
        )
        .bind(i64::try_from(self.0.set_aside).unwrap_or(i64::MAX))
        .execute(connection)
        .await?;
        Ok(match forgotten.rows_affected() {
            0 => Pruned::Nothing,
            _ => Pruned::Some,
        })
    }
}
