//! A bot without a database: Slack itself is its ledger.

use std::sync::Arc;

use countersign_core::ids::ChannelId;
use countersign_engine::causes;
use countersign_engine::memory::{MemoryFreezes, MemoryInbox};
use countersign_engine::pipeline::Attempt;
use countersign_store::slack::{Parts, Restarted, SlackStore};

use super::{Bot, Slack, StartError, World, web_api};
use crate::config::{Config, Registry};

/// What is heard of the reactions that nobody heard has no delivery of its own.
const NO_DELIVERY: &str = "read again after a start";

impl Bot {
    /// Connects everything, looks through the channels for what an earlier start left open, takes that up, and
    /// begins to listen. No file is written.
    ///
    /// # Errors
    /// [`StartError`] says which part is missing or broken.
    pub async fn start_without_database(
        slack: Slack,
        parts: Parts,
        (config, registry): (&Config, &Registry),
    ) -> Result<Self, StartError> {
        let (clock, ids) = (Arc::clone(&parts.clock), Arc::clone(&parts.ids));
        let web = web_api(&slack, &clock)?;
        let me = web.auth_test().await.map_err(StartError::Slack)?;
        let channels: Vec<ChannelId> = config.file().channels.values().map(ChannelId::new).collect();
        let found = SlackStore::open((web.clone(), me.clone()), parts, &channels).await;
        let Restarted { store, chat, missed } = found.map_err(|error| StartError::Resume(error.into()))?;
        let world = World {
            ledger: store,
            // A freeze by hand would be forgotten: the configuration has none.
            freezes: Arc::new(MemoryFreezes::default()),
            inbox: Arc::new(MemoryInbox::default()),
            clock,
            ids,
        };
        let bot = Self::run((slack, web, me), (chat, world), (config, registry)).await?;
        for envelope in &missed {
            if let Err(failure) = bot.engine.handle((NO_DELIVERY, Attempt::Again), envelope).await {
                let cause = causes::line(&failure);
                tracing::warn!(channel = %envelope.channel, cause, "a reaction could not be read again");
            }
        }
        Ok(bot)
    }
}
