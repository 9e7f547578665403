//! What the app may do, each permission with the reason that it is asked for.

use super::{Need, Uses};

/// The scope of the app's token, which Socket Mode needs.
pub const APP_SCOPE: &str = "connections:write";

/// A permission of the bot's token.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// Slack's name for it.
    pub name: &'static str,
    /// When it is asked for.
    pub need: Need,
    /// What the bot does with it.
    pub why: &'static str,
}

/// All that the bot can ask for.
pub const SCOPES: [Scope; 14] = [
    scope("app_mentions:read", Need::Always, "Hear sentences that mention the bot."),
    scope("commands", Need::Always, "Offer slash commands."),
    scope("chat:write", Need::Always, "Post cards and answers, and edit them."),
    scope("users:read", Need::Always, "See whether a person is a member, a guest, a bot, or switched off."),
    scope("channels:read", Need::Always, "See who is in a public channel, and whether it is shared."),
    scope("groups:read", Need::Always, "The same for the private channels that the bot is in."),
    scope(
        "reactions:read",
        Need::Reactions,
        "Count ✅ and ❌ as votes, and read them once more before work begins.",
    ),
    scope("reactions:write", Need::Reactions, "Mark a request as taken, done or failed."),
    scope("usergroups:read", Need::Usergroups, "See who is in a user group that stands behind a group."),
    scope(
        "channels:history",
        Need::Messages,
        "Find a card again when Slack's answer was lost, instead of posting it twice; listen where `listen` says so.",
    ),
    scope("groups:history", Need::Messages, "The same for the private channels that the bot is in."),
    scope("im:history", Need::Messages, "Hear direct messages to the bot."),
    scope(
        "im:write",
        Need::Messages,
        "Write to a person first. Not made use of yet: a scope added later asks for approval again.",
    ),
    scope(
        "files:write",
        Need::Messages,
        "Attach what is too long for a message. Not made use of yet, as above.",
    ),
];

const fn scope(name: &'static str, need: Need, why: &'static str) -> Scope {
    Scope { name, need, why }
}

/// The scopes that are needed where the bot `uses` this.
pub(super) fn names(uses: Uses) -> Vec<&'static str> {
    Scope::needed(uses).map(|scope| scope.name).collect()
}

impl Scope {
    /// Those that are needed where the bot `uses` this.
    pub fn needed(uses: Uses) -> impl Iterator<Item = &'static Self> {
        SCOPES.iter().filter(move |scope| scope.need.is_in(uses))
    }
}
