//! What stands in a channel.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::{ChannelId, FileId, Ts, UserId};

/// A message of a channel, or a reply in a thread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Where it stands.
    pub channel: ChannelId,
    /// Its identity within the channel.
    pub ts: Ts,
    /// The root of its thread; a root names itself once it has replies, or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_ts: Option<Ts>,
    /// The person or bot user who wrote it.
    pub author: UserId,
    /// Written with the app's token; shown with the bot's profile.
    #[serde(default)]
    pub from_app: bool,
    /// Slack mrkdwn, with `&`, `<` and `>` escaped.
    pub text: String,
    /// Block Kit blocks, each with a `block_id`.
    #[serde(default)]
    pub blocks: Vec<Value>,
    /// Legacy attachments.
    #[serde(default)]
    pub attachments: Vec<Value>,
    /// Data that the app attached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Who edited it last, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<Edited>,
    /// Emoji in the order in which they first appeared.
    #[serde(default)]
    pub reactions: Vec<Reaction>,
    /// What kind of message this is, when it is not an ordinary one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtype: Option<Subtype>,
    /// Files shared with it.
    #[serde(default)]
    pub files: Vec<FileId>,
    /// The identity that the writing client gave it; people's messages have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_msg_id: Option<String>,
}

impl Message {
    /// Whether it is a reply, and not the root of a thread.
    pub fn is_reply(&self) -> bool {
        self.thread_ts.is_some_and(|root| root != self.ts)
    }

    /// Whether it stands in the channel itself, and not only in a thread.
    pub fn in_channel(&self) -> bool {
        !self.is_reply() || self.subtype == Some(Subtype::ThreadBroadcast)
    }

    /// The root of the thread that a reply to this message belongs to.
    pub fn thread_root(&self) -> Ts {
        self.thread_ts.unwrap_or(self.ts)
    }
}

/// Messages that are not plain sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subtype {
    /// "… has joined the channel".
    ChannelJoin,
    /// A reply that is also shown in the channel.
    ThreadBroadcast,
    /// What is left of a deleted message that has replies.
    Tombstone,
    /// A message that shares a file.
    FileShare,
}

impl Subtype {
    /// As Slack writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChannelJoin => "channel_join",
            Self::ThreadBroadcast => "thread_broadcast",
            Self::Tombstone => "tombstone",
            Self::FileShare => "file_share",
        }
    }
}

/// An edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// Who edited.
    pub user: UserId,
    /// When.
    pub ts: Ts,
}

/// Data attached to a message by an app: `{event_type, event_payload}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// What it is about.
    pub event_type: String,
    /// A JSON object.
    pub event_payload: Value,
}

/// One emoji under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// Without colons; `thumbsup` is stored as `+1`, a skin tone as `+1::skin-tone-2`.
    pub name: String,
    /// Who put it there, in order.
    pub users: Vec<UserId>,
}

/// The replies to a message, in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadSummary {
    /// How many replies.
    pub reply_count: usize,
    /// Their authors, each once, in order of their first reply.
    pub reply_users: Vec<UserId>,
    /// The newest reply.
    pub latest_reply: Ts,
}

/// A message that one person alone sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ephemeral {
    /// Where it is shown.
    pub channel: ChannelId,
    /// Its identity.
    pub ts: Ts,
    /// Who sees it.
    pub user: UserId,
    /// The thread in which it is shown, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_ts: Option<Ts>,
    /// The app, or Slack itself (for example "… failed with the error dispatch_failed").
    pub author: EphemeralAuthor,
    /// Slack mrkdwn.
    pub text: String,
    /// Block Kit blocks.
    #[serde(default)]
    pub blocks: Vec<Value>,
}

/// Who speaks in an ephemeral message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EphemeralAuthor {
    /// The app.
    App,
    /// Slack itself.
    Slack,
}
