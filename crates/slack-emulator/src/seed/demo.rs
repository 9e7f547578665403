//! The demo workspace: a support team, two engineers, a guest and somebody from another company.

use super::{App, Channel, ChannelKind, Person, Role, Seed, SlashCommand, Team, Token, UserGroup};
use crate::delivery::Transport;
use crate::workspace::{ChannelId, TeamId, UserId};

impl Seed {
    /// Team `T0DEMO` with ana, ben, chloe, dmitri, gus, eve and the app "Backoffice Bot".
    pub fn demo() -> Self {
        Self {
            team: team("T0DEMO", "Acme Support", "acme"),
            other_teams: vec![team("T0OTHER", "Globex", "globex")],
            people: vec![
                person("ana", "Ana Alves", "Support"),
                person("ben", "Ben Baker", "Support"),
                person("chloe", "Chloe Chen", "Engineer"),
                person("dmitri", "Dmitri Danilov", "Engineer"),
                Person { role: Role::SingleChannelGuest, ..person("gus", "Gus Gray", "Contractor") },
                Person {
                    team: TeamId::new("T0OTHER"),
                    email: "eve@globex.example".into(),
                    ..person("eve", "Eve Evans", "Globex")
                },
            ],
            channels: vec![
                channel("GENERAL", "general", ["ANA", "BEN", "CHLOE", "DMITRI", "BOT"].as_slice()),
                Channel {
                    kind: ChannelKind::Private,
                    topic: "Changes to customers' accounts, signed by two".into(),
                    ..channel("BACKOFFICE", "backoffice", &["ANA", "BEN", "GUS", "EVE", "BOT"])
                },
                Channel {
                    kind: ChannelKind::Private,
                    topic: "Changes to what runs".into(),
                    ..channel("DEVELOPERS", "backoffice-developers", &["CHLOE", "DMITRI", "BOT"])
                },
            ],
            usergroups: vec![
                group("S0SUPPORT", "support", "Support", &["ANA", "BEN"]),
                group("S0ENGINEERS", "engineers", "Engineers", &["CHLOE", "DMITRI"]),
            ],
            app: app(),
        }
    }
}

impl Default for Seed {
    fn default() -> Self {
        Self::demo()
    }
}

fn app() -> App {
    App {
        id: "A0BACKOFFICE".into(),
        name: "Backoffice Bot".into(),
        handle: "backoffice-bot".into(),
        bot_user: UserId::new("U0BOT"),
        bot_id: "B0BOT".into(),
        bot_token: Token::new("xoxb-backoffice"),
        app_token: Token::new("xapp-backoffice"),
        signing_secret: Token::new("backoffice-signing-secret"),
        scopes: scopes(),
        events: events(),
        transport: Transport::Socket,
        commands: vec![
            command("/infra", "Infrastructure operations", "stop|start|status <environment>"),
            command("/bastion", "Bastion management", "create|status|extend|destroy <environment>"),
            command("/whitelist", "IP whitelist management", "add|remove|list …"),
        ],
    }
}

/// The scopes that the app's bot token has unless the seed says otherwise.
pub(super) fn scopes() -> Vec<String> {
    [
        "app_mentions:read",
        "commands",
        "chat:write",
        "reactions:read",
        "reactions:write",
        "users:read",
        "usergroups:read",
        "channels:read",
        "groups:read",
        "channels:history",
        "groups:history",
        "im:history",
        "im:write",
        "files:write",
    ]
    .map(String::from)
    .to_vec()
}

/// The bot events that the app is subscribed to unless the seed says otherwise.
pub(super) fn events() -> Vec<String> {
    [
        "app_mention",
        "message.channels",
        "message.groups",
        "message.im",
        "reaction_added",
        "reaction_removed",
        "member_joined_channel",
        "member_left_channel",
        "channel_shared",
        "channel_unshared",
        "user_change",
        "subteam_members_changed",
        "app_home_opened",
        "app_uninstalled",
        "tokens_revoked",
    ]
    .map(String::from)
    .to_vec()
}

fn team(id: &str, name: &str, domain: &str) -> Team {
    Team { id: TeamId::new(id), name: name.into(), domain: domain.into() }
}

fn person(name: &str, real_name: &str, title: &str) -> Person {
    Person {
        id: user(name),
        team: TeamId::new("T0DEMO"),
        name: name.into(),
        real_name: real_name.into(),
        title: title.into(),
        email: format!("{name}@acme.example"),
        role: Role::Member,
        deactivated: false,
        token: Some(Token::new(format!("xoxp-{name}"))),
        updated: 1,
    }
}

fn user(name: &str) -> UserId {
    UserId::new(format!("U0{}", name.to_uppercase()))
}

fn channel(id: &str, name: &str, members: &[&str]) -> Channel {
    Channel {
        id: ChannelId::new(format!("C0{id}")),
        name: name.into(),
        kind: ChannelKind::Public,
        topic: String::new(),
        members: members.iter().copied().map(user).collect(),
        archived: false,
        shared_with: Vec::new(),
        pending_with: Vec::new(),
    }
}

fn group(id: &str, handle: &str, name: &str, members: &[&str]) -> UserGroup {
    UserGroup {
        id: id.into(),
        handle: handle.into(),
        name: name.into(),
        members: members.iter().copied().map(user).collect(),
        updated: 1,
    }
}

fn command(command: &str, description: &str, usage_hint: &str) -> SlashCommand {
    SlashCommand { command: command.into(), description: description.into(), usage_hint: usage_hint.into() }
}
