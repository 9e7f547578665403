//! What the bot makes use of in Slack, and what therefore a scope or an event is needed for.

use crate::config::{Config, File};

/// What the bot makes use of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uses {
    /// Reactions, as markers and as votes.
    pub reactions: bool,
    /// Direct messages, and its own earlier messages.
    pub messages: bool,
    /// Sentences without a mention, in some channel.
    pub listening: bool,
    /// Slack's user groups.
    pub usergroups: bool,
}

impl Uses {
    /// What this configuration makes use of. User groups are in it as long as messages are, so that naming
    /// the first group does not need the app to be installed again.
    pub fn of(config: &Config) -> Self {
        let file = config.file();
        Self {
            reactions: file.slack.reactions,
            messages: file.slack.messages,
            listening: !file.access.listen.is_empty(),
            usergroups: file.slack.messages || names_usergroups(file),
        }
    }

    /// The least with which its commands work: mentions, slash commands and buttons.
    pub fn least(config: &Config) -> Self {
        Self {
            reactions: false,
            messages: false,
            listening: false,
            usergroups: names_usergroups(config.file()),
        }
    }
}

fn names_usergroups(file: &File) -> bool {
    file.groups.values().any(|group| group.usergroup().is_some())
}

/// What something is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// For everything.
    Always,
    /// For reactions.
    Reactions,
    /// For messages that mention nobody.
    Messages,
    /// For listening to channels.
    Listening,
    /// For user groups.
    Usergroups,
}

impl Need {
    /// Is it there, where the bot `uses` this?
    pub fn is_in(self, uses: Uses) -> bool {
        match self {
            Self::Always => true,
            Self::Reactions => uses.reactions,
            Self::Messages => uses.messages,
            Self::Listening => uses.listening,
            Self::Usergroups => uses.usergroups,
        }
    }

    /// What of the configuration asks for it, for a table.
    pub fn when(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Reactions => "`[slack] reactions`",
            Self::Messages => "`[slack] messages`",
            Self::Listening => "`[access] listen` names a channel",
            Self::Usergroups => "`[slack] messages`, or a group names a `usergroup`",
        }
    }
}
