//! Where operations are kept, as the file says it.

use jiff::SignedDuration;
use toml::Spanned;

use super::error::ConfigError;
use super::file::Dynamodb;
use super::{Config, duration, on_this_machine, table_name};

/// A worker says three times in a lease that it is alive, and a store may be slow to hear it.
const SHORTEST_LEASE: SignedDuration = SignedDuration::from_secs(3);

const NOT_BUILT: &str = "This countersign was built without DynamoDB. Build one with it: \
                         cargo build --release -p countersign --features dynamodb";

const TWO_LEDGERS: &str = "An operation is kept in one place: name the table, or say `slack = true`.";
const NO_SCOPES: &str = "Without a database the bot finds its own messages and markers again, so that [slack] may not \
                         say `reactions = false` or `messages = false`.";
const NO_FREEZES: &str = "Without a database a freeze by hand would be forgotten at the next start. Write it as a \
                          [[freeze]] window into this file instead.";
const NO_CHECKPOINTS: &str = "Without a database there is no audit trail beyond what the channels show, so that \
                              [audit] can name no witness for it.";

/// Where operations are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps<'a> {
    /// In a file that one process has to itself.
    File,
    /// In a DynamoDB table that several processes share.
    Table(&'a Dynamodb),
    /// In Slack itself.
    Slack,
}

impl Config {
    /// Where operations are kept.
    pub fn keeps(&self) -> Keeps<'_> {
        let ledger = &self.file.ledger;
        match (&ledger.dynamodb, &ledger.slack) {
            (Some(table), _) => Keeps::Table(table.get_ref()),
            (None, Some(slack)) if *slack.get_ref() => Keeps::Slack,
            (None, _) => Keeps::File,
        }
    }

    /// How long a process owns what it has claimed without saying that it is alive.
    pub fn lease(&self) -> SignedDuration {
        // What is wrong with it was said when the configuration was read.
        self.file
            .ledger
            .lease
            .as_ref()
            .and_then(|lease| parse(lease).ok())
            .unwrap_or(countersign_engine::LEASE)
    }

    /// What is wrong with `[ledger]`.
    pub(super) fn ledger_errors(&self) -> Vec<ConfigError> {
        let ledger = &self.file.ledger;
        let mut errors = Vec::new();
        if let Some(table) = &ledger.dynamodb {
            if !cfg!(feature = "dynamodb") {
                errors.push(self.at(table, NOT_BUILT));
            }
            let sentence = wrong_with(table.get_ref());
            errors.extend(sentence.map(|sentence| self.at(table, sentence)));
        }
        if let Some(lease) = &ledger.lease
            && let Err(sentence) = parse(lease)
        {
            errors.push(self.at(lease, sentence));
        }
        if let Some(slack) = ledger.slack.as_ref().filter(|slack| *slack.get_ref()) {
            errors.extend(self.needs_a_database().map(|sentence| self.at(slack, sentence)));
        }
        errors
    }

    /// What does not go together with a ledger in Slack.
    fn needs_a_database(&self) -> impl Iterator<Item = &'static str> {
        let (file, audit) = (&self.file, &self.file.audit);
        let wrong = [
            (file.ledger.dynamodb.is_some(), TWO_LEDGERS),
            (!file.slack.reactions || !file.slack.messages, NO_SCOPES),
            (file.command.iter().any(|command| command.freeze.is_some()), NO_FREEZES),
            (audit.checkpoint_channel.is_some() || audit.checkpoint_file.is_some(), NO_CHECKPOINTS),
        ];
        wrong.into_iter().filter_map(|(is_wrong, sentence)| is_wrong.then_some(sentence))
    }
}

fn parse(lease: &Spanned<String>) -> Result<SignedDuration, String> {
    let lease = duration::parse(lease.get_ref()).map_err(|why| format!("{why}."))?;
    match lease < SHORTEST_LEASE {
        true => Err("A lease of less than 3s is lost as soon as the ledger is slow; write 60s.".to_owned()),
        false => Ok(lease),
    }
}

fn wrong_with(table: &Dynamodb) -> Option<String> {
    table_name(&table.table).or_else(|| on_this_machine(table.endpoint.as_deref()?))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::parse;

    fn of(ledger: &str) -> Result<Config, String> {
        let rest = "[bot]\nname = \"Bot\"\n[access]\nusers = [\"*\"]\nchannels = [\"*\"]\n";
        parse(Path::new("c.toml"), format!("{rest}[ledger]\n{ledger}\n")).map_err(|errors| errors.to_string())
    }

    #[test]
    fn a_lease_has_a_length() {
        assert_eq!(of("").ok().unwrap().lease(), SignedDuration::from_secs(60));
        assert_eq!(of("lease = \"3s\"").ok().unwrap().lease(), SignedDuration::from_secs(3));
        insta::assert_snapshot!(of("lease = \"2s\"").err().unwrap(), @"c.toml:7:9: A lease of less than 3s is lost as soon as the ledger is slow; write 60s.");
        insta::assert_snapshot!(of("lease = \"soon\"").err().unwrap(), @"c.toml:7:9: `soon` is no duration: write one like 15m, 1h or 1h30m.");
    }

    #[cfg(feature = "dynamodb")]
    #[test]
    fn a_dynamodb_table_is_named() {
        let there = of("dynamodb = { table = \"countersign\" }").ok().unwrap();
        assert!(matches!(there.keeps(), Keeps::Table(table) if table.table == "countersign"));
        let wrong = |what: &str| of(&format!("dynamodb = {{ {what} }}")).err().unwrap();
        insta::assert_snapshot!(wrong("table = \"c\""), @"c.toml:7:12: `c` is no name of a DynamoDB table: it has 3 to 255 letters, digits, `_`, `-` and `.`.");
        insta::assert_snapshot!(
            wrong("table = \"countersign\", endpoint = \"https://example.com\""), @"c.toml:7:12: `https://example.com` is no address of an emulator on this machine; for AWS itself leave `endpoint` out.");
    }

    #[cfg(not(feature = "dynamodb"))]
    #[test]
    fn a_program_without_dynamodb_says_how_it_is_built_with_it() {
        insta::assert_snapshot!(of("dynamodb = { table = \"countersign\" }").err().unwrap(), @"c.toml:7:12: This countersign was built without DynamoDB. Build one with it: cargo build --release -p countersign --features dynamodb");
    }
}
