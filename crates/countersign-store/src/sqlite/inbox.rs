//! What the writer can be asked for about deliveries.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use countersign_engine::ports::{Delivery, Keep, Stored};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::StoreError;
use super::writer::Work;

/// So many rows are forgotten in one transaction at most: others wait for it.
const PART: i64 = 1000;

/// So many rows are in one statement at most.
const MOST_ROWS: usize = 64;

/// Stores a delivery.
pub(super) struct Receive {
    delivery: Delivery,
    done: bool,
}

impl Receive {
    /// It waits until it is done.
    pub(super) fn for_work(delivery: Delivery) -> Self {
        Self { delivery, done: false }
    }

    /// It needs no work, so that its key is enough.
    pub(super) fn for_nobody(delivery: &Delivery) -> Self {
        let delivery = Delivery {
            key: delivery.key.clone(),
            kind: delivery.kind.clone(),
            payload: String::new(),
            received_at: delivery.received_at,
            retry: delivery.retry.clone(),
        };
        Self { delivery, done: true }
    }
}

#[async_trait]
impl Work for Receive {
    type Answer = Stored;

    async fn run(&self, connection: &mut SqliteConnection) -> Result<Stored, StoreError> {
        let stored = receive(connection, std::iter::once(self)).await?;
        Ok(stored.first().copied().unwrap_or(Stored::Seen))
    }
}

/// Stores deliveries, and says of each whether it was new.
pub(super) async fn receive<'a>(
    connection: &mut SqliteConnection,
    deliveries: impl Iterator<Item = &'a Receive>,
) -> Result<Vec<Stored>, Arc<sqlx::Error>> {
    let deliveries: Vec<&Receive> = deliveries.collect();
    let mut stored = Vec::with_capacity(deliveries.len());
    for part in parts(&deliveries) {
        let mut query = sqlx::query_scalar::<_, String>(insert(part.len()));
        for Receive { delivery, done } in part {
            let retry = delivery.retry.as_ref();
            query = query
                .bind(&delivery.key)
                .bind(&delivery.kind)
                .bind(&delivery.payload)
                .bind(delivery.received_at.to_string())
                .bind(done)
                .bind(retry.map(|retry| retry.number))
                .bind(retry.map(|retry| &retry.reason));
        }
        let mut new: HashSet<String> =
            query.fetch_all(&mut *connection).await.map_err(Arc::new)?.into_iter().collect();
        // Of two copies in one statement, the first is the one that was stored.
        stored.extend(part.iter().map(|receive| match new.remove(&receive.delivery.key) {
            true => Stored::New,
            false => Stored::Seen,
        }));
    }
    Ok(stored)
}

/// Marks a delivery as done. Its payload goes; its key stays.
pub(super) struct Finish(pub(super) String);

#[async_trait]
impl Work for Finish {
    type Answer = ();

    async fn run(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        Ok(finish(connection, std::iter::once(self)).await?)
    }
}

/// Marks deliveries as done.
pub(super) async fn finish<'a>(
    connection: &mut SqliteConnection,
    keys: impl Iterator<Item = &'a Finish>,
) -> Result<(), Arc<sqlx::Error>> {
    let keys: Vec<&str> = keys.map(|finish| finish.0.as_str()).collect();
    for part in parts(&keys) {
        let query = part.iter().fold(sqlx::query(update(part.len())), |query, key| query.bind(*key));
        query.execute(&mut *connection).await.map_err(Arc::new)?;
    }
    Ok(())
}

/// Cuts into parts of 64, 32, 16 and so on, so that there are few statements to prepare.
fn parts<T>(mut all: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = all.len().min(MOST_ROWS).checked_ilog2().map(|power| 1_usize << power)?;
        let (part, rest) = all.split_at(size);
        all = rest;
        Some(part)
    })
}

/// Inserts so many rows, and returns the keys of those that were new.
fn insert(rows: usize) -> AssertSqlSafe<String> {
    let values = vec!["(?, ?, ?, ?, ?, ?, ?)"; rows].join(", ");
    AssertSqlSafe(format!(
        "insert into inbox (key, kind, payload, received_at, done, retry, retry_reason) values {values} \
         on conflict (key) do nothing returning key"
    ))
}

/// Marks so many rows as done.
fn update(rows: usize) -> AssertSqlSafe<String> {
    let keys = vec!["?"; rows].join(", ");
    AssertSqlSafe(format!("update inbox set done = 1, payload = '' where done = 0 and key in ({keys})"))
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
