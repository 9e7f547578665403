//! The change feed: what a page must redraw. Each change names what moved; the reader then reads the state.

use super::ids::{ChannelId, Ts, UserId};

/// One step of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Grows by one with each change since the server started; a gap means that the reader fell behind.
    pub seq: u64,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A message or reply was posted.
    MessagePosted(MessageRef),
    /// Text, blocks or thread summary of a message changed.
    MessageChanged(MessageRef),
    /// A message is gone.
    MessageDeleted(MessageRef),
    /// A message's reactions changed.
    ReactionsChanged(MessageRef),
    /// An ephemeral message appeared, changed or went, for one person.
    EphemeralChanged {
        /// Who sees it.
        user: UserId,
        /// Where it is shown, and its own `ts`.
        message: MessageRef,
    },
    /// The stack of modals in front of a person changed.
    ModalsChanged {
        /// In front of whom.
        user: UserId,
    },
    /// A person's home tab changed.
    HomeChanged {
        /// Whose.
        user: UserId,
    },
    /// A channel was created, or its members changed.
    ChannelChanged {
        /// Which.
        channel: ChannelId,
    },
    /// An account changed, or the app was thrown out.
    PeopleChanged,
    /// Everything was set back to the seed.
    Reset,
}

/// Which message a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRef {
    /// Where it stands.
    pub channel: ChannelId,
    /// Which one.
    pub ts: Ts,
    /// The thread that it belongs to: the root's `ts`, also for the root itself once it has replies.
    pub thread_ts: Option<Ts>,
}

impl What {
    /// The channel that a change belongs to, if it belongs to one.
    pub fn channel(&self) -> Option<&ChannelId> {
        match self {
            Self::MessagePosted(message)
            | Self::MessageChanged(message)
            | Self::MessageDeleted(message)
            | Self::ReactionsChanged(message)
            | Self::EphemeralChanged { message, .. } => Some(&message.channel),
            Self::ChannelChanged { channel } => Some(channel),
            Self::ModalsChanged { .. } | Self::HomeChanged { .. } | Self::PeopleChanged | Self::Reset => None,
        }
    }
}
