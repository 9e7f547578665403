//! What the app is told, each kind of event with what the bot does about it.

use super::{Need, Uses};

/// A kind of event that Slack sends the bot.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// Slack's name for it.
    pub name: &'static str,
    /// When it is asked for.
    pub need: Need,
    /// What the bot does about it.
    pub why: &'static str,
}

/// All that the bot can ask for.
pub const EVENTS: [Event; 12] = [
    event("app_mention", Need::Always, "A sentence for the bot."),
    event("app_home_opened", Need::Always, "Show what you may run, and what waits for you."),
    event("member_joined_channel", Need::Always, "Say hello where the bot is invited."),
    event(
        "channel_shared",
        Need::Always,
        "A channel is open to another organisation from now on: refuse votes in it.",
    ),
    event("channel_unshared", Need::Always, "And it is not any more."),
    event("tokens_revoked", Need::Always, "Say so in the log and in /healthz."),
    event("app_uninstalled", Need::Always, "The same."),
    event("reaction_added", Need::Reactions, "A vote."),
    event("reaction_removed", Need::Reactions, "A vote taken back."),
    event("message.im", Need::Messages, "A direct message to the bot."),
    event("message.channels", Need::Listening, "A sentence without a mention, in a public channel."),
    event("message.groups", Need::Listening, "The same in a private channel."),
];

const fn event(name: &'static str, need: Need, why: &'static str) -> Event {
    Event { name, need, why }
}

/// The events that are needed where the bot `uses` this.
pub(super) fn names(uses: Uses) -> Vec<&'static str> {
    EVENTS.iter().filter(|event| event.need.is_in(uses)).map(|event| event.name).collect()
}
