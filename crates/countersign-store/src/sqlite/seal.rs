//! What the writer can be asked for about checkpoints.

use async_trait::async_trait;
use countersign_core::audit::Checkpoint;
use countersign_engine::ports::Appended;
use sqlx::SqliteConnection;

use super::error::StoreError;
use super::work::signed;
use super::writer::Work;

/// Keeps a checkpoint.
pub(super) struct Seal(pub(super) Checkpoint);

#[async_trait]
impl Work for Seal {
    type Answer = Appended;

    async fn run(&self, connection: &mut SqliteConnection) -> Result<Appended, StoreError> {
        let Self(checkpoint) = self;
        if !checkpoint.follows(last(connection).await?.as_ref()) {
            return Ok(Appended::Conflict);
        }
        for sealed in &checkpoint.heads {
            sqlx::query(
                "update operations set unsealed = 0 where id = ?1 \
                 and not exists (select 1 from events where operation = ?1 and seq > ?2)",
            )
            .bind(sealed.operation.to_string())
            .bind(signed(sealed.seq))
            .execute(&mut *connection)
            .await?;
        }
        let body = serde_json::to_string(checkpoint).map_err(StoreError::Unwritable)?;
        sqlx::query("insert into checkpoints (number, body, hash) values (?1, ?2, ?3)")
            .bind(signed(checkpoint.number))
            .bind(body)
            .bind(checkpoint.hash.to_string())
            .execute(connection)
            .await?;
        Ok(Appended::Done)
    }
}

/// The newest checkpoint.
pub(super) async fn last(connection: &mut SqliteConnection) -> Result<Option<Checkpoint>, StoreError> {
    let body: Option<String> =
        sqlx::query_scalar("select body from checkpoints order by number desc limit 1")
            .fetch_optional(connection)
            .await?;
    body.map(|body| serde_json::from_str(&body))
        .transpose()
        .map_err(|source| StoreError::Unreadable(Box::new(source)))
}
