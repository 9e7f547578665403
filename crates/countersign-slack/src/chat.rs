//! The engine's [`Chat`] on Slack.

mod edits;
mod keeper;
mod search;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::ids::{ChannelId, MessageId, UserId};
use countersign_core::reply::Reply;
use countersign_engine::ports::{Chat, ChatError, Dialog, Marker, Post, Reaction, Search, Whisper};
use serde_json::{Value, json};

use crate::block_kit::{modal, render};
use crate::emoji::standard_name;
use crate::payload::{list, text};
use crate::web_api::{Content, NewMessage, Pace, Target, WebError};
use crate::{Me, WebApi};
use edits::Edits;
pub use keeper::{Keeper, Redrawn, payload_of};

/// The `event_type` of our messages' metadata.
const METADATA: &str = "countersign";

/// The bot's voice in one workspace.
pub struct SlackChat {
    api: WebApi,
    me: Me,
    reactions: Reactions,
    edits: Edits<Rendered>,
    keeper: Option<Arc<dyn Keeper>>,
}

/// Does the bot use reactions?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reactions {
    /// It marks requests, and reads votes.
    Used,
    /// It neither puts nor reads any, and needs no scope for them. People sign with buttons.
    Off,
}

/// A reply as Slack takes it: text and blocks.
type Rendered = (String, Value);

impl SlackChat {
    /// Speaks as `me` through `api`, whose token is the bot's, and at its pace.
    pub fn new(api: WebApi, me: Me) -> Self {
        let clock = Arc::clone(api.clock());
        let edits = match api.pace() {
            Pace::Tiers => Edits::paced(clock),
            Pace::Free => Edits::free(clock),
        };
        Self { api, me, reactions: Reactions::Used, edits, keeper: None }
    }

    /// The same voice, with or without reactions.
    pub fn with_reactions(self, reactions: Reactions) -> Self {
        Self { reactions, ..self }
    }

    async fn draw(
        &self,
        (channel, message): (&ChannelId, &MessageId),
        (text, blocks): &Rendered,
    ) -> edits::Drawn {
        // Asked for at the last moment, so that no older state is written over a newer one.
        let kept = match &self.keeper {
            Some(keeper) => keeper.payload(channel, message).await,
            None => None,
        };
        let metadata = kept.map(|payload| json!({"event_type": METADATA, "event_payload": payload}));
        let content = Content { text, blocks };
        self.api.update_message((channel, message), content, metadata.as_ref()).await.map_err(Arc::new)
    }
}

#[async_trait]
impl Chat for SlackChat {
    fn ahead(&self) -> Option<jiff::SignedDuration> {
        self.api.ahead()
    }

    async fn post(&self, post: Post<'_>) -> Result<MessageId, ChatError> {
        let (text, blocks) = render(post.reply);
        let metadata = post.mark.map(|mark| json!({"event_type": METADATA, "event_payload": {"mark": mark}}));
        let message = NewMessage {
            target: Target { channel: post.channel, thread: post.thread },
            content: Content { text: &text, blocks: &blocks },
            metadata: metadata.as_ref(),
        };
        let posted = self.api.post_message(message).await.map_err(failed)?;
        if self.keeper.is_some() {
            self.edits.remember((post.channel.clone(), posted.clone()), (text, blocks));
        }
        Ok(posted)
    }

    fn time_of(&self, message: &MessageId) -> Option<jiff::Timestamp> {
        crate::ts::time(message.as_str())
    }

    async fn edit(&self, channel: &ChannelId, message: &MessageId, reply: &Reply) -> Result<(), ChatError> {
        let draw = async |content: &Rendered| self.draw((channel, message), content).await;
        let key = (channel.clone(), message.clone());
        self.edits.edit(key, render(reply), draw).await.map_err(failed)
    }

    async fn find(&self, search: Search<'_>) -> Result<Option<MessageId>, ChatError> {
        self.search(&search).await.map_err(failed)
    }

    async fn mark(&self, channel: &ChannelId, message: &MessageId, marker: Marker) -> Result<(), ChatError> {
        if self.reactions == Reactions::Off {
            return Ok(());
        }
        let emoji = match marker {
            Marker::Taken => "eyes",
            Marker::Done => "white_check_mark",
            Marker::Failed => "x",
            Marker::Unknown => "question",
        };
        if self.keeper.as_ref().is_some_and(|keeper| keeper.has_marked(channel, message, emoji)) {
            return Ok(());
        }
        match self.api.add_reaction(channel, message, emoji).await {
            Err(error) if error.code() == Some("message_not_found") => Ok(()),
            other => other.map_err(failed),
        }
    }

    async fn reactions(&self, channel: &ChannelId, message: &MessageId) -> Result<Vec<Reaction>, ChatError> {
        if self.reactions == Reactions::Off {
            return Ok(Vec::new());
        }
        match self.api.reactions(channel, message).await {
            Ok(raw) => Ok(by_emoji(&raw)),
            Err(error) if error.code() == Some("message_not_found") => Ok(Vec::new()),
            Err(error) => Err(failed(error)),
        }
    }

    async fn whisper(&self, whisper: Whisper<'_>) -> Result<(), ChatError> {
        let (text, blocks) = render(whisper.reply);
        let target = Target { channel: whisper.channel, thread: whisper.thread };
        let content = Content { text: &text, blocks: &blocks };
        self.api.post_ephemeral(whisper.user, target, content).await.map_err(failed)
    }

    async fn answer(&self, reply_to: &str, reply: &Reply) -> Result<(), ChatError> {
        let (text, blocks) = render(reply);
        self.api.respond(reply_to, Content { text: &text, blocks: &blocks }).await.map_err(failed)
    }

    async fn show_home(&self, user: &UserId, reply: &Reply) -> Result<(), ChatError> {
        let (_, blocks) = render(reply);
        self.api.publish_home(user, &blocks).await.map_err(failed)
    }

    async fn ask(&self, trigger: &str, dialog: &Dialog) -> Result<(), ChatError> {
        let Some(view) = modal(dialog) else {
            return Err(ChatError::Refused("the dialog holds more than Slack brings back".into()));
        };
        self.api.open_view(trigger, &view).await.map_err(failed)
    }
}

/// One entry per emoji: Slack lists each skin tone apart.
fn by_emoji(raw: &[Value]) -> Vec<Reaction> {
    let mut reactions: Vec<Reaction> = Vec::new();
    for entry in raw {
        let Some(name) = text(entry, "/name").map(standard_name) else { continue };
        let at = reactions.iter().position(|reaction| reaction.emoji == name).unwrap_or(reactions.len());
        if at == reactions.len() {
            reactions.push(Reaction { emoji: name.to_owned(), users: Vec::new() });
        }
        let Some(reaction) = reactions.get_mut(at) else { continue };
        for user in list(entry, "/users").iter().filter_map(Value::as_str).map(UserId::new) {
            if !reaction.users.contains(&user) {
                reaction.users.push(user);
            }
        }
    }
    reactions
}

fn failed(error: impl Into<Arc<WebError>>) -> ChatError {
    let error = error.into();
    match &*error {
        WebError::Denied { code, .. } if code == "not_in_channel" => ChatError::NotAMember(error.into()),
        WebError::Denied { .. } | WebError::ForeignAddress => ChatError::Refused(error.into()),
        WebError::RateLimited { .. } => ChatError::Busy(error.into()),
        WebError::Unavailable { .. } => ChatError::Unavailable(error.into()),
        // An answer that cannot be read was given after the deed.
        WebError::Lost { .. } | WebError::Unreadable { .. } => ChatError::Lost(error.into()),
    }
}
