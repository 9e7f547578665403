//! Talking back.

use async_trait::async_trait;
use countersign_core::ids::{ChannelId, MessageId, UserId};
use countersign_core::reply::Reply;
use jiff::{SignedDuration, Timestamp};

use super::Cause;

/// A message to post.
#[derive(Debug, Clone)]
pub struct Post<'a> {
    /// Where.
    pub channel: &'a ChannelId,
    /// In the thread under this message.
    pub thread: Option<&'a MessageId>,
    /// What.
    pub reply: &'a Reply,
    /// A mark by which [`Chat::find`] finds the message again; people do not see it.
    pub mark: Option<&'a str>,
}

/// A search for one of the bot's own messages.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    /// Where.
    pub channel: &'a ChannelId,
    /// In the thread under this message; `None`: among the channel's own messages.
    pub thread: Option<&'a MessageId>,
    /// Not older than this (UTC).
    pub since: Timestamp,
    /// The mark with which it was posted.
    pub mark: &'a str,
}

/// A message for one person alone.
#[derive(Debug, Clone)]
pub struct Whisper<'a> {
    /// Where they are.
    pub channel: &'a ChannelId,
    /// In the thread under this message.
    pub thread: Option<&'a MessageId>,
    /// Who.
    pub user: &'a UserId,
    /// What.
    pub reply: &'a Reply,
}

/// A dialog with one line to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialog {
    /// Its name, as it comes back in the envelope.
    pub name: &'static str,
    /// What comes back with it.
    pub value: String,
    /// What stands on top.
    pub title: String,
    /// What it asks.
    pub question: String,
    /// The only text that it takes, if there is only one: the chat product says so in the dialog when
    /// something else is typed. Whoever gets the answer checks it all the same.
    pub expected: Option<String>,
}

/// The bot's reaction on the root message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// It is in hand.
    Taken,
    /// It was done.
    Done,
    /// It was not done: it failed, was stopped, or cannot be.
    Failed,
    /// Nobody knows whether it was done.
    Unknown,
}

/// Who put one emoji on a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji's standard name without skin tone.
    pub emoji: String,
    /// Everyone who put it there.
    pub users: Vec<UserId>,
}

/// The bot's voice.
#[async_trait]
pub trait Chat: Send + Sync {
    /// How far our clock is ahead of the chat product's (behind: negative), if that is known.
    fn ahead(&self) -> Option<SignedDuration> {
        None
    }

    /// Posts a message and says which it is.
    async fn post(&self, post: Post<'_>) -> Result<MessageId, ChatError>;

    /// When a message was posted, by the chat product's clock (UTC), if its id tells.
    fn time_of(&self, message: &MessageId) -> Option<Timestamp>;

    /// Replaces what one of the bot's messages says.
    async fn edit(&self, channel: &ChannelId, message: &MessageId, reply: &Reply) -> Result<(), ChatError>;

    /// The bot's own message with this mark. A search that may have missed it fails; it does not say `None`.
    async fn find(&self, search: Search<'_>) -> Result<Option<MessageId>, ChatError>;

    /// Puts a marker on a message. It is no error if it is there already, or if the message is gone.
    async fn mark(&self, channel: &ChannelId, message: &MessageId, marker: Marker) -> Result<(), ChatError>;

    /// Everyone's reactions on a message, asked now; none when the message is gone.
    async fn reactions(&self, channel: &ChannelId, message: &MessageId) -> Result<Vec<Reaction>, ChatError>;

    /// Says something to one person alone.
    async fn whisper(&self, whisper: Whisper<'_>) -> Result<(), ChatError>;

    /// Answers a slash command where it was typed; its caller alone sees it.
    async fn answer(&self, reply_to: &str, reply: &Reply) -> Result<(), ChatError>;

    /// Draws the bot's home as this person sees it.
    async fn show_home(&self, user: &UserId, reply: &Reply) -> Result<(), ChatError>;

    /// Opens a dialog for the person behind `trigger`.
    async fn ask(&self, trigger: &str, dialog: &Dialog) -> Result<(), ChatError>;
}

/// The chat product did not take it.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// It said no, and would again.
    #[error("the chat refused")]
    Refused(#[source] Cause),
    /// It said no, since the bot is not in the channel.
    #[error("the bot is not in the channel")]
    NotAMember(#[source] Cause),
    /// It did not answer.
    #[error("the chat did not answer")]
    Unavailable(#[source] Cause),
    /// It is there, and asks to come back later.
    #[error("the chat asks to come back later")]
    Busy(#[source] Cause),
    /// It may or may not have done it: look before doing it again.
    #[error("the chat's answer was lost")]
    Lost(#[source] Cause),
}
