//! Whom the whitelist tells what happened.

use async_trait::async_trait;

use super::Cause;
use crate::domain::{Entry, Row};

/// Somebody to tell: the channel through the bot, or an incoming webhook.
#[async_trait]
pub trait Notices: Send + Sync {
    /// Tells them. That it failed is logged, and holds nothing up.
    async fn tell(&self, notice: &Notice) -> Result<(), Cause>;
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A network is let through now.
    Added(Entry),
    /// A network is not let through any more: somebody removed it.
    Removed(Entry),
    /// A network is not let through any more: its time is over.
    Expired(Entry),
    /// A network's time will be over within a day.
    Ending(Entry),
    /// A row was written that is not let through.
    Quarantined {
        /// The row.
        row: Row,
        /// Why.
        why: String,
    },
    /// A group could not be brought in line; it is tried again.
    Behind {
        /// The group, as people know it.
        group: String,
        /// Why.
        why: String,
    },
}
