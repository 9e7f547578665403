//! Where something is asked for, as the chat product's directory says.

use crate::ids::ChannelId;

/// A channel and who can be in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The channel.
    pub channel: ChannelId,
    /// Whose people can be in it.
    pub reach: Reach,
}

/// Whose people can be in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// People of the home organisation alone.
    Home,
    /// It is shared with another organisation, or an invitation to share it is on its way.
    Shared,
    /// The bot cannot see the channel, so that nobody knows.
    Unseen,
}

impl Place {
    /// A channel of the home organisation alone.
    pub fn home(channel: ChannelId) -> Self {
        Self { channel, reach: Reach::Home }
    }
}
