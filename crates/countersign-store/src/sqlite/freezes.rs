//! Freezes by hand.

use async_trait::async_trait;
use countersign_core::policy::{Freeze, Frozen};
use jiff::Timestamp;
use sqlx::{SqliteConnection, SqlitePool};

use super::error::StoreError;
use super::work::millis;
use super::writer::Work;

/// Puts a freeze in force.
pub(super) struct BeginFreeze(pub(super) Freeze);

#[async_trait]
impl Work for BeginFreeze {
    type Answer = ();

    async fn run(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let Self(freeze) = self;
        sqlx::query("insert or replace into freezes (what, until, body) values (?1, ?2, ?3)")
            .bind(json(&freeze.what)?)
            .bind(millis(freeze.until))
            .bind(json(freeze)?)
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// Ends a freeze.
pub(super) struct EndFreeze(pub(super) Frozen);

#[async_trait]
impl Work for EndFreeze {
    type Answer = ();

    async fn run(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query("delete from freezes where what = ?1").bind(json(&self.0)?).execute(connection).await?;
        Ok(())
    }
}

/// The freezes that are not over, in the order of what they freeze.
pub(super) async fn standing(readers: &SqlitePool, now: Timestamp) -> Result<Vec<Freeze>, StoreError> {
    let bodies: Vec<String> = sqlx::query_scalar("select body from freezes where until > ?1")
        .bind(now.as_millisecond())
        .fetch_all(readers)
        .await?;
    let freezes: Result<Vec<Freeze>, _> = bodies.iter().map(|body| serde_json::from_str(body)).collect();
    let mut freezes = freezes.map_err(|source| StoreError::Unreadable(Box::new(source)))?;
    freezes.sort_by(|a, b| a.what.cmp(&b.what));
    Ok(freezes)
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::Unwritable)
}
