//! State that somebody keeps in the bot's own messages.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::ids::{ChannelId, MessageId};
use countersign_engine::ports::ChatError;
use serde_json::Value;

use super::edits::Drawn;
use super::{METADATA, Rendered, SlackChat, failed};
use crate::Me;
use crate::payload::text;

/// Keeps state in the metadata of the bot's messages, and marks messages by itself.
#[async_trait]
pub trait Keeper: Send + Sync {
    /// What the metadata of a message is to hold from now on, as an object; `None`: what it holds. Everybody in
    /// the workspace can read it.
    async fn payload(&self, channel: &ChannelId, message: &MessageId) -> Option<Value>;

    /// Is this emoji of the bot's known to stand on the message? Then it need not be put there.
    fn has_marked(&self, channel: &ChannelId, message: &MessageId, emoji: &str) -> bool;
}

impl SlackChat {
    /// The same voice, with a keeper that is asked whenever a message is edited.
    pub fn with_keeper(self, keeper: Arc<dyn Keeper>) -> Self {
        Self { keeper: Some(keeper), ..self }
    }

    /// Draws a message of the bot's once more as it stands, so that it holds what its keeper says now. `thread`
    /// is the root above it.
    ///
    /// # Errors
    /// As for an edit.
    pub async fn redraw(
        &self,
        channel: &ChannelId,
        (thread, message): (&MessageId, &MessageId),
    ) -> Result<Redrawn, ChatError> {
        let key = (channel.clone(), message.clone());
        let draw = async |content: &Rendered| self.draw((channel, message), content).await;
        if let Some(drawn) = self.edits.again(key.clone(), draw).await {
            return redrawn(drawn);
        }
        let Some(found) = self.api.reply(channel, (thread, message)).await.map_err(failed)? else {
            return Ok(Redrawn::Gone);
        };
        let says = text(&found, "/text").unwrap_or_default().to_owned();
        let blocks = found.pointer("/blocks").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
        let draw = async |content: &Rendered| self.draw((channel, message), content).await;
        redrawn(self.edits.edit(key, (says, blocks), draw).await)
    }
}

/// What became of drawing a message once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redrawn {
    /// It holds what its keeper says.
    Drawn,
    /// It is not there any more.
    Gone,
}

fn redrawn(drawn: Drawn) -> Result<Redrawn, ChatError> {
    match drawn {
        Ok(()) => Ok(Redrawn::Drawn),
        Err(error) if matches!(error.code(), Some("message_not_found" | "cant_update_message")) => {
            Ok(Redrawn::Gone)
        }
        Err(error) => Err(failed(error)),
    }
}

/// What a message's metadata holds, if the bot `me` itself wrote the message. Any app can copy its metadata
/// into a message of its own.
pub fn payload_of<'a>(message: &'a Value, me: &Me) -> Option<&'a Value> {
    let ours = me.wrote(message) && text(message, "/metadata/event_type") == Some(METADATA);
    message.pointer("/metadata/event_payload").filter(|_| ours)
}
