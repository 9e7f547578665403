//! The IP whitelist that the bot itself keeps: `[whitelist]`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::compile::listed;
use super::error::ConfigError;
use super::file::Name;
use super::{Config, on_this_machine, table_name};

#[cfg(not(feature = "aws"))]
const NOT_BUILT: &str = "This countersign was built without AWS. Build one with it: \
                         cargo build --release -p countersign --features aws";
/// No entry lasts longer.
const MOST_DAYS: u8 = 30;

/// The IP whitelist of an AWS account, which the bot keeps itself. Commands do its work by `runbook = "whitelist.add"`
/// and its like. The next start takes it up.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Whitelist {
    /// The DynamoDB table.
    #[schemars(with = "String")]
    pub table: Spanned<String>,
    /// AWS's region; left out, the environment's or the profile's.
    #[serde(default)]
    pub region: Option<String>,
    /// An emulator's address on this machine, `http://127.0.0.1:…`; never sent anybody's credentials.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub endpoint: Option<Spanned<String>>,
    /// A name from `[channels]`, where people are told what happens; the bot must be in that channel.
    pub channel: Name,
    /// The environment that a sentence means if it names none.
    #[serde(default)]
    pub environment: Option<String>,
    /// The same for single channels, by their names from `[channels]`: `{ oncall = "prod" }`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub by_channel: BTreeMap<Spanned<String>, String>,
    /// How many days an entry lasts that says nothing else. Left out: 7.
    #[serde(default)]
    #[schemars(with = "Option<u8>")]
    pub days: Option<Spanned<u8>>,
    /// How many entries one person may have in one environment. Left out: 20.
    #[serde(default)]
    pub most_per_person: Option<u16>,
    /// Security groups follow the whitelist that have this tag; `[]`: none but those in `groups`.
    /// Left out: `["WhitelistManaged", "true"]`.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub tag: Option<Spanned<Vec<String>>>,
    /// Security groups by environments, whatever their tags: `{ dev = ["sg-0123456789abcdef0"] }`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<String>>")]
    pub groups: BTreeMap<String, Spanned<Vec<String>>>,
    /// Are managed prefix lists with the tag kept as well?
    #[serde(default)]
    pub prefix_lists: bool,
    /// How many rules of one address family AWS allows in a group. Left out: 60.
    #[serde(default)]
    pub rules_per_group: Option<u16>,
}

impl Config {
    /// What is wrong with `[whitelist]`.
    pub(super) fn whitelist_errors(&self) -> Vec<ConfigError> {
        let Some(whitelist) = &self.file.whitelist else { return Vec::new() };
        let mut errors = Vec::new();
        #[cfg(not(feature = "aws"))]
        errors.push(self.at(&whitelist.table, NOT_BUILT));
        errors.extend(table_name(whitelist.table.get_ref()).map(|why| self.at(&whitelist.table, why)));
        let endpoint = whitelist.endpoint.as_ref();
        errors.extend(endpoint.and_then(|at| on_this_machine(at.get_ref()).map(|why| self.at(at, why))));
        let Name(channel) = &whitelist.channel;
        for name in std::iter::once(channel).chain(whitelist.by_channel.keys()) {
            if !self.file.channels.contains_key(name.get_ref()) {
                let known = listed(self.file.channels.keys());
                let sentence = format!("There is no channel `{}`; [channels] has {known}.", name.get_ref());
                errors.push(self.at(name, sentence));
            }
        }
        let out_of_bounds = |days: &&Spanned<u8>| !(1..=MOST_DAYS).contains(days.get_ref());
        if let Some(days) = whitelist.days.as_ref().filter(out_of_bounds) {
            errors.push(self.at(days, format!("An entry lasts 1 to {MOST_DAYS} days.")));
        }
        errors.extend(self.group_errors(whitelist));
        errors
    }

    fn group_errors(&self, whitelist: &Whitelist) -> Vec<ConfigError> {
        let mut errors = Vec::new();
        let no_group = |ids: &&Spanned<Vec<String>>| ids.get_ref().iter().any(|id| !id.starts_with("sg-"));
        for ids in whitelist.groups.values().filter(no_group) {
            let sentence = "Security groups are named by their ids, like `sg-0123456789abcdef0`.";
            errors.push(self.at(ids, sentence));
        }
        if let Some(tag) = &whitelist.tag {
            match (tag.get_ref().len(), whitelist.groups.is_empty()) {
                (0, false) | (2, _) => {}
                (0, true) => errors.push(self.at(
                    tag,
                    "Without a tag no security group follows the whitelist: name some in `groups`.",
                )),
                _ => errors.push(
                    self.at(tag, "A tag is its key and its value: `[\"WhitelistManaged\", \"true\"]`."),
                ),
            }
        }
        errors
    }
}

#[cfg(feature = "aws")]
mod account {
    use std::collections::BTreeSet;

    use countersign_core::ids::ChannelId;
    use ip_whitelist_manager::aws::{Account, Aws, Discovery, RULES_PER_GROUP};
    use ip_whitelist_manager::commands::MOST_PER_PERSON;
    use ip_whitelist_manager::domain::{Environment, GroupId, Terms};
    use jiff::SignedDuration;

    use super::{BTreeMap, Config, Name, Spanned, Whitelist};

    /// What `[whitelist]` describes.
    pub struct KeptWhitelist {
        /// Which table and groups, and the house rules.
        pub account: Account,
        /// How AWS is reached.
        pub aws: Aws,
        /// Where people are told.
        pub channel: ChannelId,
    }

    impl Config {
        /// The whitelist that the bot keeps. Nothing is asked of AWS yet.
        pub fn whitelist(&self) -> Option<KeptWhitelist> {
            let whitelist = self.file.whitelist.as_ref()?;
            let Name(channel) = &whitelist.channel;
            // What is wrong with it was said when the configuration was read.
            let channel = self.file.channels.get(channel.get_ref()).map(ChannelId::new)?;
            let aws = match &whitelist.endpoint {
                Some(endpoint) => Aws::emulator(endpoint.get_ref()),
                None => Aws::from_environment().in_region(whitelist.region.clone()),
            };
            Some(KeptWhitelist { account: self.account(whitelist), aws, channel })
        }

        fn account(&self, whitelist: &Whitelist) -> Account {
            let by_channel = whitelist.by_channel.iter().filter_map(|(name, environment)| {
                let channel = self.file.channels.get(name.get_ref())?;
                Some((ChannelId::new(channel), Environment::new(environment)))
            });
            let terms = Terms::default();
            let days = whitelist
                .days
                .as_ref()
                .map(|days| SignedDuration::from_hours(24 * i64::from(*days.get_ref())));
            Account {
                table: whitelist.table.get_ref().clone(),
                terms: Terms { usual: days.unwrap_or(terms.usual), ..terms },
                discovery: discovery(whitelist),
                rules_per_group: whitelist.rules_per_group.map_or(RULES_PER_GROUP, usize::from),
                default_environment: whitelist.environment.as_ref().map(Environment::new),
                by_channel: by_channel.collect(),
                most_per_person: whitelist.most_per_person.map_or(MOST_PER_PERSON, usize::from),
            }
        }
    }

    fn discovery(whitelist: &Whitelist) -> Discovery {
        let usual = || Some(("WhitelistManaged".to_owned(), "true".to_owned()));
        let tag = match whitelist.tag.as_ref().map(Spanned::get_ref).map(Vec::as_slice) {
            None => usual(),
            Some([key, value]) => Some((key.clone(), value.clone())),
            Some(_) => None,
        };
        let mut listed: BTreeMap<GroupId, BTreeSet<Environment>> = BTreeMap::new();
        for (environment, ids) in &whitelist.groups {
            for id in ids.get_ref() {
                listed.entry(GroupId::new(id)).or_default().insert(Environment::new(environment));
            }
        }
        Discovery { tag, listed, prefix_lists: whitelist.prefix_lists, ..Discovery::default() }
    }
}

#[cfg(feature = "aws")]
pub use account::KeptWhitelist;

#[cfg(test)]
#[path = "whitelist_tests.rs"]
mod tests;
