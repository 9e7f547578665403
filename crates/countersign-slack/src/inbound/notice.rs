//! What Slack tells the app about itself, and about where it works.

use countersign_core::ids::ChannelId;

use super::{Payload, Skip};
use crate::payload::list;

/// Nothing to answer, and something to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The app was removed from the workspace.
    Uninstalled,
    /// The bot's token was revoked.
    TokenRevoked,
    /// Slack drops events of this workspace for a while: there were too many.
    RateLimited,
    /// The channel is now shared with people of another organisation.
    Shared(ChannelId),
    /// The channel is not shared with another organisation any more.
    Unshared(ChannelId),
}

/// Reads the event `name`.
pub(super) fn read(payload: &Payload<'_>, name: &str) -> Skip {
    match name {
        "app_uninstalled" => Skip::Notice(Notice::Uninstalled),
        "tokens_revoked" => revoked(payload),
        "channel_shared" => channel(payload, Notice::Shared),
        "channel_unshared" => channel(payload, Notice::Unshared),
        _ => Skip::unknown(super::kind::EVENTS_API, Some(name)),
    }
}

/// A wrapper without an event: the notice that events are dropped comes like that.
pub(super) fn without_event(payload: &Payload<'_>) -> Skip {
    match payload.filled("/type") {
        Some("app_rate_limited") => Skip::Notice(Notice::RateLimited),
        Some("event_callback") | None => Skip::Unreadable("a wrapper without an event"),
        Some(other) => Skip::unknown(super::kind::EVENTS_API, Some(other)),
    }
}

/// The event names whose tokens they were: people's are of no use to the bot.
fn revoked(payload: &Payload<'_>) -> Skip {
    let ours = payload.me.user.as_str();
    let bots = list(payload.json, "/event/tokens/bot");
    match bots.iter().any(|bot| bot.as_str() == Some(ours)) {
        true => Skip::Notice(Notice::TokenRevoked),
        false => Skip::Ignored("tokens of others were revoked"),
    }
}

fn channel(payload: &Payload<'_>, notice: fn(ChannelId) -> Notice) -> Skip {
    match payload.needed("/event/channel", "a shared channel without its name") {
        Ok(channel) => Skip::Notice(notice(ChannelId::new(channel))),
        Err(skip) => skip,
    }
}
