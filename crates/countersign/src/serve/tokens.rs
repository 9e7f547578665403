//! Tokens that change while the bot runs.

use std::sync::Arc;

use countersign_engine::causes;
use countersign_engine::system::SystemClock;
use tokio::task::JoinHandle;

use crate::bot::Bot;
use crate::tokens::{Source, Tokens, watch};

/// Gives `bot` the tokens of `source` whenever they change; `now` it has.
pub(super) fn keep(source: Source, now: Tokens, bot: Arc<Bot>) -> JoinHandle<()> {
    let mut tokens = watch(source, now, Arc::new(SystemClock));
    tokio::spawn(async move {
        while tokens.changed().await.is_ok() {
            let new = tokens.borrow_and_update().clone();
            match bot.rotate(&new).await {
                Ok(()) => tracing::info!("the bot uses the new tokens"),
                Err(error) => tracing::error!(cause = causes::line(&error), "the new tokens are not in use"),
            }
        }
    })
}
