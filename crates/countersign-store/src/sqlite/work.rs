//! What the writer can be asked for about operations.

use async_trait::async_trait;
use countersign_core::audit::{Head, Record};
use countersign_core::ids::{ChannelId, MessageId, OperationId};
use countersign_core::operation::Event;
use countersign_engine::ports::{Appended, Begun, Next, Place};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::error::StoreError;
use super::line;
use super::writer::Work;

/// Begins an operation.
pub(super) struct Begin {
    key: String,
    channel: ChannelId,
    message: Option<MessageId>,
    due: Timestamp,
    first: Row,
}

impl Begin {
    pub(super) fn new(key: &str, first: &Record, due: Timestamp) -> Result<Self, StoreError> {
        let Event::Requested(request) = &first.event else { return Err(StoreError::NoRequest) };
        if first.builds_on() != Head::start() || request.id != first.operation {
            return Err(StoreError::NoRequest);
        }
        let origin = &request.origin;
        Ok(Self {
            key: key.to_owned(),
            channel: origin.channel.clone(),
            message: origin.message.clone(),
            due,
            first: Row::of(first)?,
        })
    }
}

#[async_trait]
impl Work for Begin {
    type Answer = Begun;

    async fn run(&self, connection: &mut SqliteConnection) -> Result<Begun, StoreError> {
        let id = &self.first.operation;
        let found: Option<(String, String)> =
            sqlx::query_as("select id, key from operations where key = ?1 or id = ?2 order by key = ?1 desc")
                .bind(&self.key)
                .bind(id.to_string())
                .fetch_optional(&mut *connection)
                .await?;
        match found {
            Some((already, key)) if key == self.key => {
                let already = already.parse().map_err(|source| StoreError::Unreadable(Box::new(source)))?;
                return Ok(Begun::Already(already));
            }
            Some(_) => return Err(StoreError::Taken(id.clone())),
            None => {}
        }
        sqlx::query("insert into operations (id, key, channel, open, due) values (?1, ?2, ?3, 1, ?4)")
            .bind(id.to_string())
            .bind(&self.key)
            .bind(self.channel.as_str())
            .bind(millis(self.due))
            .execute(&mut *connection)
            .await?;
        self.first.insert(connection).await?;
        if let Some(message) = &self.message {
            name(connection, (&self.channel, message), id).await?;
        }
        Ok(Begun::New)
    }
}

/// Appends records of one operation.
pub(super) struct Append {
    operation: OperationId,
    head: Head,
    rows: Vec<Row>,
    next: Next,
}

impl Append {
    /// `None`: there is nothing to append.
    pub(super) fn new(records: &[Record], next: Next) -> Result<Option<Self>, StoreError> {
        let Some(first) = records.first() else { return Ok(None) };
        let mut pairs = records.iter().zip(records.iter().skip(1));
        if pairs.any(|(a, b)| a.head() != b.builds_on() || a.operation != b.operation) {
            return Err(StoreError::NoChain);
        }
        let rows = records.iter().map(Row::of).collect::<Result<_, _>>()?;
        Ok(Some(Self { operation: first.operation.clone(), head: first.builds_on(), rows, next }))
    }
}

#[async_trait]
impl Work for Append {
    type Answer = Appended;

    async fn run(&self, connection: &mut SqliteConnection) -> Result<Appended, StoreError> {
        let last: Option<(String, i64, String, bool)> = sqlx::query_as(
            "select channel, seq, hash, exists (select 1 from lines where lines.operation = id) \
             from operations join events on events.operation = id where id = ?1 order by seq desc limit 1",
        )
        .bind(self.operation.to_string())
        .fetch_optional(&mut *connection)
        .await?;
        let Some((channel, seq, hash, in_line)) = last else {
            return Err(StoreError::NoOperation(self.operation.clone()));
        };
        if (seq, hash) != (signed(self.head.seq), self.head.hash.to_string()) {
            return Ok(Appended::Conflict);
        }
        let channel = ChannelId::new(channel);
        for row in &self.rows {
            row.insert(connection).await?;
            if let Some(message) = &row.names {
                name(connection, (&channel, message), &self.operation).await?;
            }
        }
        sqlx::query("update operations set due = ?2, unsealed = 1 where id = ?1")
            .bind(self.operation.to_string())
            .bind(self.next.due.map(millis))
            .execute(&mut *connection)
            .await?;
        if in_line && self.next.place == Place::GivenUp {
            line::leave(connection, &self.operation.to_string()).await?;
        }
        Ok(Appended::Done)
    }
}

/// Marks an operation as closed.
pub(super) struct Close(String);

impl Close {
    pub(super) fn new(operation: &OperationId) -> Self {
        Self(operation.to_string())
    }
}

#[async_trait]
impl Work for Close {
    type Answer = ();

    async fn run(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query("update operations set open = 0, due = null where id = ?1")
            .bind(&self.0)
            .execute(&mut *connection)
            .await?;
        line::leave(connection, &self.0).await
    }
}

/// A record, ready to be inserted.
struct Row {
    operation: OperationId,
    seq: i64,
    at: String,
    body: String,
    prev: String,
    hash: String,
    names: Option<MessageId>,
}

impl Row {
    fn of(record: &Record) -> Result<Self, StoreError> {
        Ok(Self {
            operation: record.operation.clone(),
            seq: signed(record.seq),
            at: record.at.to_string(),
            body: serde_json::to_string(&record.event).map_err(StoreError::Unwritable)?,
            prev: record.prev.to_string(),
            hash: record.hash.to_string(),
            names: record.names().cloned(),
        })
    }

    async fn insert(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query(
            "insert into events (operation, seq, at, body, prev, hash) values (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .bind(self.operation.to_string())
        .bind(self.seq)
        .bind(&self.at)
        .bind(&self.body)
        .bind(&self.prev)
        .bind(&self.hash)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// The first operation that a message belongs to keeps it.
async fn name(
    connection: &mut SqliteConnection,
    (channel, message): (&ChannelId, &MessageId),
    operation: &OperationId,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into messages (channel, message, operation) values (?1, ?2, ?3) \
         on conflict (channel, message) do nothing",
    )
    .bind(channel.as_str())
    .bind(message.as_str())
    .bind(operation.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// A place in the chain as SQLite counts; one that no chain reaches matches nothing.
pub(super) fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// A time in milliseconds since 1970 (UTC), rounded up: nothing is due before its time.
pub(super) fn millis(time: Timestamp) -> i64 {
    time.as_millisecond() + i64::from(time.subsec_nanosecond().rem_euclid(1_000_000) > 0)
}
