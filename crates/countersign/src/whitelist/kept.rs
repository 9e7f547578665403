//! The whitelist of `[whitelist]`, which the bot keeps itself.

use std::sync::Arc;

use ip_whitelist_manager::queued::Queued;
use tokio::task::JoinHandle;

use crate::bot::Bot;
use crate::config::{Config, Registry};

/// The whitelist that a configuration describes; nothing where it describes none.
#[derive(Default)]
pub struct Kept(Option<Keeping>);

struct Keeping {
    office: super::Office,
    notices: Arc<super::ChannelNotices>,
    queued: Arc<Queued>,
}

impl Kept {
    /// The whitelist of this configuration. Nothing is asked of AWS yet.
    #[cfg(feature = "aws")]
    pub fn of(config: &Config) -> Self {
        let keeping = config.whitelist().map(|kept| {
            let notices = Arc::new(super::ChannelNotices::new(kept.channel));
            let clock = Arc::new(countersign_engine::system::SystemClock);
            let queued = Arc::new(Queued::new(Arc::clone(&notices) as _));
            let office = kept.account.office(Arc::new(kept.aws), clock, Arc::clone(&queued) as _);
            Keeping { office, notices, queued }
        });
        Self(keeping)
    }

    /// None: this program was built without AWS, and the configuration's check says so.
    #[cfg(not(feature = "aws"))]
    pub fn of(_config: &Config) -> Self {
        Self(None)
    }

    /// `registry`, with its commands as runbooks: `whitelist.add` and the others.
    #[must_use]
    pub fn added_to(&self, mut registry: Registry) -> Registry {
        registry.extend(self.0.iter().flat_map(|keeping| super::runbooks(&keeping.office)));
        registry
    }

    /// Sweeps and compares until the task is aborted, and tells people through this bot.
    pub fn keep(self, bot: &Bot) -> Option<JoinHandle<()>> {
        let Keeping { office, notices, queued } = self.0?;
        notices.speaks_through(bot);
        Some(tokio::spawn(async move {
            tokio::join!(queued.tell_all(), office.whitelist.keep_without_a_stream());
        }))
    }
}
