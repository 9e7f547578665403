//! What a configuration says about the people at terminals.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use countersign_core::ids::{ChannelId, UserId};

use crate::config::{Config, UnixUser};

/// The people at terminals, and what things are called there.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The people.
    pub people: Vec<Person>,
    /// The key that tokens are signed with.
    pub key_file: Option<PathBuf>,
    /// Ids of tokens that hold no more.
    pub revoked: BTreeSet<String>,
    /// Channels by name.
    pub channels: BTreeMap<String, ChannelId>,
    /// Who may connect to the running program.
    pub reach: Reach,
}

/// A person at terminals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What they are called.
    pub name: String,
    /// Who they are in Slack.
    pub slack: UserId,
    /// Their Unix user on this machine.
    pub unix: Option<UnixUser>,
}

/// Who may connect to the running program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// The user that runs it.
    #[default]
    Owner,
    /// Members of its group as well.
    Group,
}

impl Settings {
    /// What `config` says; `None`: it has no `[terminal]`.
    pub fn of(config: &Config) -> Option<Self> {
        let file = config.file();
        let terminal = file.terminal.as_ref()?;
        let people = terminal.people.iter().map(|person| Person {
            name: person.name().to_owned(),
            slack: UserId::new(person.slack.get_ref()),
            unix: person.unix.clone(),
        });
        Some(Self {
            people: people.collect(),
            key_file: config.token_key_file(),
            revoked: terminal.revoked.iter().cloned().collect(),
            channels: file.channels.iter().map(|(name, id)| (name.clone(), ChannelId::new(id))).collect(),
            reach: if terminal.group_may_connect { Reach::Group } else { Reach::Owner },
        })
    }
}
