//! One thing that a person did in chat, free of any chat product's types.
//!
//! The wire (for Slack: `countersign-slack`) makes envelopes out of payloads;
//! everything behind it reads envelopes alone. Text in an envelope is plain:
//! a mention of a person stands in it as `<@U123>`, of a channel as `<#C123>`,
//! links are their labels, and the mention of the bot at the front is gone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{ChannelId, MessageId, PersonId};

/// Who did what, where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// When it happened, by the chat product's clock (UTC).
    pub at: Timestamp,
    /// Who did it.
    pub person: PersonId,
    /// The channel in which it happened.
    pub channel: ChannelId,
    /// What they did.
    pub act: Act,
}

/// What a person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// They wrote a sentence.
    Said(Utterance),
    /// They put a reaction on a message, or took it back.
    Reacted {
        /// The message that carries the reaction.
        message: MessageId,
        /// The emoji's standard name without colons or skin tone (`white_check_mark`, `+1`).
        emoji: String,
        /// Put on or taken back.
        change: Change,
    },
    /// They pressed a button of ours.
    Pressed {
        /// The message with the button.
        message: MessageId,
        /// Which button: the name that the reply gave to it.
        action: String,
        /// What the reply stored in the button.
        value: String,
        /// With this the chat product lets us open a dialog, for a few seconds.
        trigger: Option<String>,
    },
    /// They opened the bot's home.
    OpenedHome,
    /// They brought the bot into the channel.
    Invited,
    /// They filled in a dialog of ours.
    Submitted {
        /// Which dialog: the name that the reply gave to it.
        dialog: String,
        /// What the reply stored in the dialog.
        value: String,
        /// What they typed.
        input: String,
    },
}

/// A sentence and how it was addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// The sentence, without the address.
    pub text: String,
    /// How the bot was addressed.
    pub address: Address,
    /// The message that carries the sentence; a slash command leaves none.
    pub message: Option<MessageId>,
    /// The thread in which the message stands, when it is not a root message.
    pub thread: Option<MessageId>,
}

/// How a sentence reached the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `@Backoffice Bot …`
    Mention,
    /// In a direct message.
    Direct,
    /// A slash command. Only its caller sees answers sent to `reply_to`.
    Slash {
        /// The command itself, with its slash: `/infra`.
        command: String,
        /// Where to answer the caller (Slack: the `response_url`).
        reply_to: String,
    },
    /// To nobody in particular, in a channel where the bot listens.
    Overheard,
}

/// A reaction was put on or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It stands there now.
    Added,
    /// It is gone.
    Removed,
}

/// The message that an operation hangs off, and the thread for its card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The channel.
    pub channel: ChannelId,
    /// The message with the sentence: it carries the marker. `None` for what was asked for at a terminal, as
    /// long as the chat product could not be told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// The root of the thread in which the message stands, when it is not a root itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<MessageId>,
}
