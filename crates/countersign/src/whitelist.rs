//! The whitelist in this process: its commands as runbooks, and its notices in a channel.

mod kept;

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use countersign_core::ids::ChannelId;
use countersign_engine::Engine;
use countersign_engine::ports::Runbook;
use countersign_runbooks::service::Local;
use ip_whitelist_manager::commands::{Office, services};
use ip_whitelist_manager::ports::{Cause, Notice, Notices};
use ip_whitelist_manager::telling;

use crate::bot::Bot;
use crate::config::Registry;

pub use kept::Kept;

/// Tells a channel through the bot, once there is one.
pub struct ChannelNotices {
    channel: ChannelId,
    voice: OnceLock<Arc<Engine>>,
}

impl ChannelNotices {
    /// Notices for this channel, unheard until [`ChannelNotices::speaks_through`].
    pub fn new(channel: ChannelId) -> Self {
        Self { channel, voice: OnceLock::new() }
    }

    /// From now on the bot says them. Only the first one does.
    pub fn speaks_through(&self, bot: &Bot) {
        let _ = self.voice.set(Arc::clone(bot.engine()));
    }
}

#[async_trait]
impl Notices for ChannelNotices {
    async fn tell(&self, notice: &Notice) -> Result<(), Cause> {
        let voice = self.voice.get().ok_or("the bot does not speak yet")?;
        Ok(voice.announce(&self.channel, &telling::reply(notice)).await?)
    }
}

/// The whitelist's commands, by the names that a configuration gives them.
pub fn runbooks(office: &Office) -> Registry {
    let local = |(name, service): (&str, _)| (name.to_owned(), Arc::new(Local(service)) as Arc<dyn Runbook>);
    services(office).into_iter().map(local).collect()
}
