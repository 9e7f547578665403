//! What is read, past the writer.

use std::error::Error;

use countersign_core::audit::{Head, Record, Sealed};
use countersign_core::ids::{ChannelId, MessageId, OperationId};
use countersign_core::plan::Fingerprint;
use countersign_engine::ports::{Delivery, Retry};
use jiff::Timestamp;
use sqlx::SqlitePool;

use super::error::StoreError;

/// An operation's records, in the order of the chain.
pub(super) async fn load(readers: &SqlitePool, operation: &OperationId) -> Result<Vec<Record>, StoreError> {
    let rows: Vec<EventRow> =
        sqlx::query_as("select seq, at, body, prev, hash from events where operation = ?1 order by seq")
            .bind(operation.to_string())
            .fetch_all(readers)
            .await?;
    let record = |row: EventRow| {
        let seq = row.seq;
        row.record(operation).map_err(|source| StoreError::Damaged {
            operation: operation.clone(),
            seq,
            source,
        })
    };
    rows.into_iter().map(record).collect()
}

/// The operation to which a message belongs.
pub(super) async fn by_message(
    readers: &SqlitePool,
    channel: &ChannelId,
    message: &MessageId,
) -> Result<Option<OperationId>, StoreError> {
    let found: Option<String> =
        sqlx::query_scalar("select operation from messages where channel = ?1 and message = ?2")
            .bind(channel.as_str())
            .bind(message.as_str())
            .fetch_optional(readers)
            .await?;
    found.map(|id| operation_id(&id)).transpose()
}

/// The open operations, in the order in which they began.
pub(super) async fn open(readers: &SqlitePool) -> Result<Vec<OperationId>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar("select id from operations where open = 1 order by number")
        .fetch_all(readers)
        .await?;
    ids.iter().map(|id| operation_id(id)).collect()
}

/// The operations that are due, those that have been for longest first.
pub(super) async fn due(
    readers: &SqlitePool,
    now: Timestamp,
    most: usize,
) -> Result<Vec<OperationId>, StoreError> {
    let ids: Vec<String> =
        sqlx::query_scalar("select id from operations where due <= ?1 order by due, number limit ?2")
            .bind(now.as_millisecond())
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(readers)
            .await?;
    ids.iter().map(|id| operation_id(id)).collect()
}

/// Heads that no checkpoint has sealed, in the order in which their operations began.
pub(super) async fn unsealed(readers: &SqlitePool, most: usize) -> Result<Vec<Sealed>, StoreError> {
    let rows: Vec<(String, i64, String)> = sqlx::query_as(
        "select id, seq, hash from (select id, number from operations where unsealed = 1 order by number limit ?1) \
         join events on operation = id \
         where seq = (select max(seq) from events last where last.operation = id) order by number",
    )
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(readers)
    .await?;
    let sealed = |(id, seq, hash): (String, i64, String)| {
        let seq = u64::try_from(seq).map_err(unreadable)?;
        let hash = Fingerprint::try_from(hash).map_err(unreadable)?;
        Ok(Sealed::new(operation_id(&id)?, Head { seq, hash }))
    };
    rows.into_iter().map(sealed).collect()
}

/// The deliveries that wait, in the order in which they came.
pub(super) async fn waiting(readers: &SqlitePool) -> Result<Vec<Delivery>, StoreError> {
    let rows = sqlx::query_as(
        "select key, kind, payload, received_at, retry, retry_reason from inbox where done = 0 order by number",
    );
    rows.fetch_all(readers).await?.into_iter().map(DeliveryRow::delivery).collect()
}

/// The deliveries that were set aside, in the order in which they came.
pub(super) async fn aside(readers: &SqlitePool) -> Result<Vec<Delivery>, StoreError> {
    let rows = sqlx::query_as(
        "select key, kind, payload, received_at, retry, retry_reason from inbox where set_aside = 1 order by number",
    );
    rows.fetch_all(readers).await?.into_iter().map(DeliveryRow::delivery).collect()
}

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    key: String,
    kind: String,
    payload: String,
    received_at: String,
    retry: Option<u32>,
    retry_reason: Option<String>,
}

impl DeliveryRow {
    fn delivery(self) -> Result<Delivery, StoreError> {
        let reason = self.retry_reason.unwrap_or_default();
        Ok(Delivery {
            key: self.key,
            kind: self.kind,
            payload: self.payload,
            received_at: self.received_at.parse().map_err(unreadable)?,
            retry: self.retry.map(|number| Retry { number, reason }),
        })
    }
}

#[derive(sqlx::FromRow)]
struct EventRow {
    seq: i64,
    at: String,
    body: String,
    prev: String,
    hash: String,
}

impl EventRow {
    fn record(self, operation: &OperationId) -> Result<Record, Box<dyn Error + Send + Sync>> {
        Ok(Record {
            operation: operation.clone(),
            seq: u64::try_from(self.seq)?,
            at: self.at.parse()?,
            event: serde_json::from_str(&self.body)?,
            prev: Fingerprint::try_from(self.prev)?,
            hash: Fingerprint::try_from(self.hash)?,
        })
    }
}

fn operation_id(text: &str) -> Result<OperationId, StoreError> {
    text.parse().map_err(unreadable)
}

fn unreadable(error: impl Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unreadable(Box::new(error))
}
