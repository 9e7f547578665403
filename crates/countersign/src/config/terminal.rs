//! What the file says about terminals and emergencies, checked against the rest of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use countersign_core::command::spec::{CommandName, Scope};
use countersign_core::ids::{ChannelId, GroupName, UserId};
use countersign_core::policy::{self, BreakGlass};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Config;
use super::Keeps;
use super::error::ConfigError;
use super::file::Name;
use crate::terminal::who::passwd;

/// Terminals: who may run and sign what at them. Left out: nobody, and nothing.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Terminal {
    /// The people, with their Slack user ids. While Slack does not answer, this list vouches for them.
    #[serde(default)]
    pub people: Vec<Person>,
    /// Names from `[channels]`, or `["*"]`: their commands may be run and signed at terminals.
    #[serde(default)]
    pub channels: Vec<Name>,
    /// A file with the key that `countersign token` signs with, relative to the configuration file.
    #[serde(default)]
    pub token_key_file: Option<PathBuf>,
    /// Ids of tokens that hold no more; `countersign token` prints them.
    #[serde(default)]
    pub revoked: Vec<String>,
    /// May members of the group that owns the ledger's folder connect to the running program, too? Otherwise only the
    /// user that runs it.
    #[serde(default)]
    pub group_may_connect: bool,
}

/// A person at terminals.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Their Slack user id: `U0123456789`.
    #[schemars(with = "String")]
    pub slack: Spanned<String>,
    /// What they are called; without it, their Unix user or their Slack id.
    #[serde(default)]
    pub name: Option<String>,
    /// Their Unix user on this machine, by name or number; without it they need a token.
    #[serde(default)]
    pub unix: Option<UnixUser>,
}

/// A Unix user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "the name or the number of a Unix user")]
pub enum UnixUser {
    /// By number.
    Number(u32),
    /// By name, as `/etc/passwd` has it.
    Name(String),
}

/// Emergencies: fewer signatures, a loud notice, and a review. Left out: none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Emergencies {
    /// Members of any of these groups may.
    pub who: Vec<Name>,
    /// So many other people must still sign: 0 or 1.
    #[serde(default = "one")]
    #[schemars(with = "u8")]
    pub others: Spanned<u8>,
    /// For these commands, by name.
    #[serde(default)]
    pub commands: Vec<Name>,
    /// And for all commands of these channels: names from `[channels]`, or `["*"]`.
    #[serde(default)]
    pub channels: Vec<Name>,
    /// Slack user ids of people who are told, one by one.
    #[serde(default)]
    pub notify: Vec<String>,
    /// Where it is told: a name from `[channels]`. Without it, where the command belongs.
    #[serde(default)]
    pub channel: Option<Name>,
}

fn one() -> Spanned<u8> {
    Spanned::new(0..0, 1)
}

impl Person {
    /// What they are called.
    pub fn name(&self) -> &str {
        match (&self.name, &self.unix) {
            (Some(name), _) | (None, Some(UnixUser::Name(name))) => name,
            (None, _) => self.slack.get_ref(),
        }
    }
}

impl Config {
    /// What terminals are allowed.
    pub(super) fn terminal_policy(&self) -> policy::Terminal {
        let terminal = self.file.terminal.as_ref();
        let people = terminal.into_iter().flat_map(|one| &one.people);
        policy::Terminal {
            people: people.map(|person| UserId::new(person.slack.get_ref())).collect(),
            channels: terminal.map_or(Scope::Only(BTreeSet::new()), |one| {
                self.named_channels(&one.channels, &mut Vec::new())
            }),
        }
    }

    /// What emergencies are allowed.
    pub(super) fn break_glass_policy(&self) -> Option<BreakGlass> {
        let file = self.file.break_glass.as_ref()?;
        let named = |names| self.named_channels(names, &mut Vec::new());
        let channel = file.channel.as_ref().and_then(|Name(name)| self.file.channels.get(name.get_ref()));
        Some(BreakGlass {
            who: file.who.iter().map(|Name(name)| GroupName::new(name.get_ref())).collect(),
            others: *file.others.get_ref(),
            commands: file.commands.iter().map(|Name(name)| CommandName::new(name.get_ref())).collect(),
            channels: named(&file.channels),
            notify: file.notify.iter().map(UserId::new).collect(),
            channel: channel.map(ChannelId::new),
        })
    }

    /// The key that tokens are signed with, where there is one.
    pub fn token_key_file(&self) -> Option<PathBuf> {
        let file = self.file.terminal.as_ref()?.token_key_file.as_ref()?;
        Some(self.path.parent().unwrap_or(Path::new(".")).join(file))
    }

    /// What is wrong with `[terminal]` and `[break_glass]`.
    pub(super) fn terminal_errors(&self, commands: &BTreeSet<CommandName>) -> Vec<ConfigError> {
        let mut errors = Vec::new();
        if let Some(terminal) = &self.file.terminal {
            self.named_channels(&terminal.channels, &mut errors);
            errors.extend(self.identities(&terminal.people));
            if let (Keeps::Slack, Some(Name(channel))) = (self.keeps(), terminal.channels.first()) {
                let sentence = "Slack itself is the ledger, so that nothing can be written down at a terminal. Leave \
                                `channels` empty, or keep a ledger of your own.";
                errors.push(self.at(channel, sentence));
            }
        }
        if let Some(emergencies) = &self.file.break_glass {
            self.emergency_errors(emergencies, (commands, &mut errors));
        }
        errors
    }

    /// Two people who are one at a terminal, or who cannot be told apart.
    fn identities(&self, people: &[Person]) -> Vec<ConfigError> {
        let mut errors = Vec::new();
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        let known = passwd();
        // One user can be written as a name and as a number.
        let by_number = |user: &UnixUser| match user {
            UnixUser::Name(name) => {
                known.get(name).map_or_else(|| user.clone(), |uid| UnixUser::Number(*uid))
            }
            UnixUser::Number(_) => user.clone(),
        };
        let mut users: BTreeMap<UnixUser, &str> = BTreeMap::new();
        for person in people {
            let slack = person.slack.get_ref().as_str();
            if !slack.starts_with(['U', 'W']) || !slack.chars().all(|c| c.is_ascii_alphanumeric()) {
                let sentence = format!("`{slack}` is no Slack user id; it looks like U0123456789.");
                errors.push(self.at(&person.slack, sentence));
            }
            if names.insert(person.name(), slack).is_some_and(|other| other != slack) {
                let sentence = format!("Two people are called `{}`; give one another `name`.", person.name());
                errors.push(self.at(&person.slack, sentence));
            }
            if let Some(unix) = &person.unix
                && users.insert(by_number(unix), slack).is_some_and(|other| other != slack)
            {
                errors.push(self.at(
                    &person.slack,
                    "Two people have the same Unix user, so that nobody could tell who signs.",
                ));
            }
        }
        errors
    }

    fn emergency_errors(
        &self,
        emergencies: &Emergencies,
        (commands, errors): (&BTreeSet<CommandName>, &mut Vec<ConfigError>),
    ) {
        self.named_groups(&emergencies.who, errors);
        self.named_channels(&emergencies.channels, errors);
        for Name(name) in &emergencies.commands {
            if !commands.contains(&CommandName::new(name.get_ref())) {
                errors.push(self.at(name, format!("There is no command `{}`.", name.get_ref())));
            }
        }
        if let Some(Name(name)) = &emergencies.channel
            && !self.file.channels.contains_key(name.get_ref())
        {
            errors.push(self.at(name, format!("There is no channel `{}` in [channels].", name.get_ref())));
        }
        if *emergencies.others.get_ref() > 1 {
            let sentence = "[break_glass] others is 0 or 1: more is no emergency.";
            errors.push(ConfigError::at(self.source(), emergencies.others.span(), sentence));
        }
        if emergencies.who.is_empty() {
            errors.push(ConfigError::nowhere(
                "[break_glass] who is empty, so that nobody may. Name a group, or leave the section out.",
            ));
        }
        if emergencies.commands.is_empty() && emergencies.channels.is_empty() {
            errors.push(ConfigError::nowhere(
                "[break_glass] names neither commands nor channels, so that it is for nothing.",
            ));
        }
        if self.file.terminal.as_ref().is_none_or(|terminal| terminal.people.is_empty()) {
            errors.push(ConfigError::nowhere(
                "[break_glass] works at terminals alone, and [terminal] has no people.",
            ));
        }
    }
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
