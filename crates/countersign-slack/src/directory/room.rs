//! A channel, for whoever looks whether the bot can work in it.

use countersign_core::ids::ChannelId;
use countersign_core::policy::Reach;

use super::reach::reach;
use crate::WebApi;
use crate::payload::{filled, short, truth};
use crate::web_api::WebError;

const LONGEST_NAME: usize = 80;

/// A channel as the bot sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// What it is called, without `#`.
    pub name: Option<String>,
    /// Is the bot in it?
    pub is_member: bool,
    /// Is it archived?
    pub is_archived: bool,
    /// Whose people can be in it.
    pub reach: Reach,
}

impl WebApi {
    /// The channel; `None` when the bot sees no such channel: there is none, or it is private and the bot is not in it.
    ///
    /// # Errors
    /// All of [`WebError`] but `channel_not_found`.
    pub async fn room(&self, channel: &ChannelId) -> Result<Option<Room>, WebError> {
        let found = match self.channel(channel).await {
            Err(error) if error.code() == Some("channel_not_found") => return Ok(None),
            other => other?,
        };
        Ok(Some(Room {
            name: filled(&found, "/name").map(|name| short(name, LONGEST_NAME)),
            is_member: truth(&found, "/is_member") == Some(true),
            is_archived: truth(&found, "/is_archived") == Some(true),
            reach: reach(&found),
        }))
    }
}
