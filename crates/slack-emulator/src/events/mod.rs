//! What the app is told of: each happening becomes the events that the app is subscribed to, in Slack's wrapper,
//! and goes into the outbox within the same change.

use crate::seed::Channel;
use crate::workspace::tx::Tx;
use crate::workspace::{ChannelId, HomeTab, Message, UserId};

/// Whether an emoji came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reacted {
    /// It came.
    Added,
    /// It went.
    Removed,
}

pub(crate) fn message_posted(_tx: &mut Tx<'_>, _message: &Message) {}
pub(crate) fn message_changed(_tx: &mut Tx<'_>, _after: &Message, _before: &Message) {}
pub(crate) fn message_deleted(_tx: &mut Tx<'_>, _message: &Message) {}
pub(crate) fn reaction(_tx: &mut Tx<'_>, _what: Reacted, _who: (&UserId, &str), _message: &Message) {}
pub(crate) fn member_joined(_tx: &mut Tx<'_>, _c: &Channel, _user: &UserId, _inviter: Option<&UserId>) {}
pub(crate) fn app_home_opened(_tx: &mut Tx<'_>, _user: &UserId, _channel: &ChannelId, _tab: HomeTab) {}
