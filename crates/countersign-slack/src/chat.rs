//! The engine's [`Chat`] on Slack.

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use countersign_core::ids::{ChannelId, MessageId, UserId};
use countersign_core::reply::Reply;
use countersign_engine::ports::{Chat, ChatError, Dialog, Marker, Post, Reaction, Search, Whisper};
use serde_json::{Value, json};

use crate::block_kit::{modal, render};
use crate::emoji::standard_name;
use crate::payload::{list, text};
use crate::web_api::{Content, Found, NewMessage, Target, WebError};
use crate::{Me, WebApi};

/// The `event_type` of our messages' metadata.
const METADATA: &str = "countersign";
/// Pages of a thread (200 messages each) that are searched for a message of ours.
const MOST_PAGES: usize = 20;

/// The bot's voice in one workspace.
#[derive(Debug, Clone)]
pub struct SlackChat {
    api: WebApi,
    me: Me,
}

impl SlackChat {
    /// Speaks as `me` through `api`, whose token is the bot's.
    pub fn new(api: WebApi, me: Me) -> Self {
        Self { api, me }
    }

    /// Did the bot itself write this message? Any app can copy its metadata.
    fn is_mine(&self, message: &Value) -> bool {
        text(message, "/bot_id") == Some(self.me.bot_id.as_str())
            || text(message, "/user") == Some(self.me.user.as_str())
    }

    async fn page_of(&self, search: &Search<'_>, page: Option<&str>) -> Result<Found, WebError> {
        match search.thread {
            Some(root) => self.api.replies(search.channel, root, page).await,
            None => self.api.history(search.channel, search.since, page).await,
        }
    }

    fn carries(&self, message: &Value, mark: &str) -> bool {
        self.is_mine(message)
            && text(message, "/metadata/event_type") == Some(METADATA)
            && text(message, "/metadata/event_payload/mark") == Some(mark)
    }
}

#[async_trait]
impl Chat for SlackChat {
    async fn post(&self, post: Post<'_>) -> Result<MessageId, ChatError> {
        let (text, blocks) = render(post.reply);
        let metadata = post.mark.map(|mark| json!({"event_type": METADATA, "event_payload": {"mark": mark}}));
        let message = NewMessage {
            target: Target { channel: post.channel, thread: post.thread },
            content: Content { text: &text, blocks: &blocks },
            metadata: metadata.as_ref(),
        };
        self.api.post_message(message).await.map_err(failed)
    }

    fn time_of(&self, message: &MessageId) -> Option<jiff::Timestamp> {
        crate::ts::time(message.as_str())
    }

    async fn edit(&self, channel: &ChannelId, message: &MessageId, reply: &Reply) -> Result<(), ChatError> {
        let (text, blocks) = render(reply);
        let content = Content { text: &text, blocks: &blocks };
        self.api.update_message(channel, message, content).await.map_err(failed)
    }

    async fn find(&self, search: Search<'_>) -> Result<Option<MessageId>, ChatError> {
        let mut page = None;
        for _ in 0..MOST_PAGES {
            let found = match self.page_of(&search, page.as_deref()).await {
                Ok(found) => found,
                // With its root, the thread is gone, and so is the message.
                Err(error) if error.code() == Some("thread_not_found") => return Ok(None),
                Err(error) => return Err(failed(error)),
            };
            let ours = found.messages.iter().find(|message| self.carries(message, search.mark));
            if let Some(ts) = ours.and_then(|message| text(message, "/ts")) {
                return Ok(Some(MessageId::new(ts)));
            }
            match found.next {
                Some(next) => page = Some(next),
                None => return Ok(None),
            }
        }
        Err(ChatError::Unavailable("there are too many messages to be searched".into()))
    }

    async fn mark(&self, channel: &ChannelId, message: &MessageId, marker: Marker) -> Result<(), ChatError> {
        let emoji = match marker {
            Marker::Taken => "eyes",
            Marker::Done => "white_check_mark",
            Marker::Failed => "x",
            Marker::Unknown => "question",
        };
        match self.api.add_reaction(channel, message, emoji).await {
            Err(error) if error.code() == Some("message_not_found") => Ok(()),
            other => other.map_err(failed),
        }
    }

    async fn reactions(&self, channel: &ChannelId, message: &MessageId) -> Result<Vec<Reaction>, ChatError> {
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

fn failed(error: WebError) -> ChatError {
    match &error {
        WebError::Denied { .. } | WebError::ForeignAddress => ChatError::Refused(error.into()),
        WebError::RateLimited { .. } | WebError::Unavailable { .. } => ChatError::Unavailable(error.into()),
        // An answer that cannot be read was given after the deed.
        WebError::Lost { .. } | WebError::Unreadable { .. } => ChatError::Lost(error.into()),
    }
}
