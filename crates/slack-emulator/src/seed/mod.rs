//! What a workspace starts with: plain data, so that it can stand in a JSON file (`--seed FILE`).
//!
//! People, channels and the app come from the seed, with what was changed since laid over them; messages, reactions
//! and views come from the store.

mod demo;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::delivery::Transport;
use crate::workspace::{ChannelId, TeamId, UserId};

/// Everything that exists before the first message.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The workspace that the app is installed in.
    pub team: Team,
    /// Workspaces connected through shared channels.
    #[serde(default)]
    pub other_teams: Vec<Team>,
    /// People of all these workspaces; the app's bot user is not among them.
    pub people: Vec<Person>,
    /// Channels with their members; direct messages are opened later.
    pub channels: Vec<Channel>,
    /// User groups.
    #[serde(default)]
    pub usergroups: Vec<UserGroup>,
    /// The one app of the workspace.
    pub app: App,
}

/// A workspace.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// For example `T0DEMO`.
    pub id: TeamId,
    /// What people call it.
    pub name: String,
    /// The first part of its address.
    pub domain: String,
}

/// A person, or the app's bot user.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// For example `U0ANA`.
    pub id: UserId,
    /// The workspace that the account belongs to.
    pub team: TeamId,
    /// The handle, for example `ana`.
    pub name: String,
    /// The full name, also shown as the display name.
    pub real_name: String,
    /// What the person does.
    #[serde(default)]
    pub title: String,
    /// The e-mail address.
    #[serde(default)]
    pub email: String,
    /// Member, guest or bot.
    #[serde(default)]
    pub role: Role,
    /// A deactivated account; its token answers `account_inactive`.
    #[serde(default)]
    pub deactivated: bool,
    /// The token that acts as this person; none for accounts nobody drives.
    #[serde(default)]
    pub token: Option<Token>,
    /// When the account was last changed (Unix seconds).
    #[serde(default = "long_ago")]
    pub updated: i64,
}

/// What kind of account a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A full member.
    #[default]
    Member,
    /// A workspace admin.
    Admin,
    /// A guest in several channels (`is_restricted`).
    Guest,
    /// A guest in one channel (`is_restricted` and `is_ultra_restricted`).
    SingleChannelGuest,
    /// A bot user.
    Bot,
}

/// A channel.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// For example `C0GENERAL`.
    pub id: ChannelId,
    /// Without the number sign.
    pub name: String,
    /// Public, private or direct.
    #[serde(default)]
    pub kind: ChannelKind,
    /// The line under the name.
    #[serde(default)]
    pub topic: String,
    /// Members in the order in which they joined; the bot user may be among them.
    pub members: Vec<UserId>,
    /// No messages are taken any more.
    #[serde(default)]
    pub archived: bool,
    /// Other workspaces that it is shared with, beside those that its members come from.
    #[serde(default)]
    pub shared_with: Vec<TeamId>,
    /// Other workspaces that were asked to share it and have not answered.
    #[serde(default)]
    pub pending_with: Vec<TeamId>,
}

/// Who can see a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Everyone of the workspace but guests.
    #[default]
    Public,
    /// Its members alone.
    Private,
    /// A direct message between two accounts.
    Direct,
}

/// A user group, mentioned as `@handle`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserGroup {
    /// For example `S0SUPPORT`.
    pub id: String,
    /// Mention handle.
    pub handle: String,
    /// Full name.
    pub name: String,
    /// Members.
    pub members: Vec<UserId>,
    /// When it was last changed (Unix seconds).
    #[serde(default = "long_ago")]
    pub updated: i64,
}

/// The app that is being developed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// For example `A0BACKOFFICE`.
    pub id: String,
    /// The bot's display name.
    pub name: String,
    /// The bot's handle.
    pub handle: String,
    /// The bot user, for example `U0BOT`.
    pub bot_user: UserId,
    /// The bot id (`B…`) that messages carry.
    pub bot_id: String,
    /// `xoxb-…`
    pub bot_token: Token,
    /// `xapp-…`
    pub app_token: Token,
    /// The key that signs HTTP requests to the app.
    pub signing_secret: Token,
    /// Scopes of the bot token.
    #[serde(default = "demo::scopes")]
    pub scopes: Vec<String>,
    /// Subscribed bot events, such as `app_mention` or `message.groups`.
    #[serde(default = "demo::events")]
    pub events: Vec<String>,
    /// How Slack reaches the app at the start.
    #[serde(default)]
    pub transport: Transport,
    /// Slash commands.
    #[serde(default)]
    pub commands: Vec<SlashCommand>,
}

/// A slash command of the app.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlashCommand {
    /// With the slash.
    pub command: String,
    /// One line.
    pub description: String,
    /// Shown while typing.
    #[serde(default)]
    pub usage_hint: String,
}

/// A token or key; it serialises, but `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

/// When a seed says nothing of it.
fn long_ago() -> i64 {
    1
}

impl Token {
    /// Wraps the text of a token.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token itself, for a place that must show or compare it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this token, in time that depends on the length alone.
    pub(crate) fn matches(&self, other: &str) -> bool {
        let (ours, theirs) = (self.0.as_bytes(), other.as_bytes());
        ours.len() == theirs.len() && ours.iter().zip(theirs).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
