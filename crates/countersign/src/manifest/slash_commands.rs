//! A slash command for every word that a command begins with.

use std::collections::BTreeMap;

use countersign_core::command::catalog::Catalog;

use super::shortened;
use crate::config::{Config, ConfigErrors};

/// Slack's limits, in characters.
const LONGEST_COMMAND: usize = 32;
const LONGEST_DESCRIPTION: usize = 2000;
const LONGEST_HINT: usize = 1000;
/// Slack takes no more of them.
const MOST: usize = 50;

/// Slack's own: a manifest with one of them is refused as a whole.
const TAKEN: [&str; 34] = [
    "active",
    "apps",
    "archive",
    "away",
    "call",
    "collapse",
    "dm",
    "dnd",
    "expand",
    "feed",
    "feedback",
    "invite",
    "join",
    "kick",
    "leave",
    "me",
    "msg",
    "mute",
    "open",
    "part",
    "prefs",
    "pro",
    "remind",
    "remove",
    "rename",
    "search",
    "shortcuts",
    "shrug",
    "star",
    "status",
    "tableflip",
    "topic",
    "unarchive",
    "who",
];

/// A slash command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slash {
    /// With the slash.
    pub command: String,
    /// What it does.
    pub description: String,
    /// What may follow, if anything does.
    pub usage_hint: Option<String>,
}

/// What stands behind one first word.
#[derive(Default)]
struct Behind {
    descriptions: Vec<String>,
    rests: Vec<String>,
}

/// The configuration's slash commands, in the order of its commands.
///
/// # Errors
/// What is wrong with the configuration.
pub fn slash_commands(config: &Config) -> Result<Vec<Slash>, ConfigErrors> {
    let catalog = config.catalog()?;
    let named = &config.file().slack.slash_commands;
    let offered = words(&catalog).into_iter().filter(|(word, _)| can_be_offered(word)).take(MOST);
    Ok(offered
        .map(|(word, behind)| Slash {
            description: match named.get(&word) {
                Some(description) => shortened(description.get_ref(), LONGEST_DESCRIPTION),
                None => described(&behind.descriptions),
            },
            usage_hint: hint(&behind.rests),
            command: format!("/{word}"),
        })
        .collect())
}

/// The words that cannot be slash commands, because Slack has one of that name, or takes none like it, or
/// takes no more. Their commands are there with a mention of the bot.
///
/// # Errors
/// What is wrong with the configuration.
pub fn not_offered(config: &Config) -> Result<Vec<String>, ConfigErrors> {
    let catalog = config.catalog()?;
    let (can, cannot): (Vec<_>, Vec<_>) =
        words(&catalog).into_iter().map(|(word, _)| word).partition(|word| can_be_offered(word));
    Ok(cannot.into_iter().chain(can.into_iter().skip(MOST)).collect())
}

fn can_be_offered(word: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    word.len() < LONGEST_COMMAND && word.chars().all(fits) && !TAKEN.contains(&word)
}

/// First words with what stands behind them, in the order of the commands.
fn words(catalog: &Catalog) -> Vec<(String, Behind)> {
    let mut places = BTreeMap::new();
    let mut words: Vec<(String, Behind)> = Vec::new();
    for command in catalog.commands() {
        for (word, rest) in catalog.openings(command) {
            let word = word.to_lowercase();
            let place = *places.entry(word.clone()).or_insert(words.len());
            if place == words.len() {
                words.push((word, Behind::default()));
            }
            let Some((_, behind)) = words.get_mut(place) else { continue };
            behind.descriptions.push(command.spec().description.clone());
            behind.rests.push(rest);
        }
    }
    words
}

fn described(descriptions: &[String]) -> String {
    let told: Vec<&str> = descriptions.iter().map(|one| one.trim()).filter(|one| !one.is_empty()).collect();
    match told.as_slice() {
        [] => "A command of this team.".to_owned(),
        told => shortened(&told.join(" · "), LONGEST_DESCRIPTION),
    }
}

fn hint(rests: &[String]) -> Option<String> {
    let rests: Vec<&str> = rests.iter().map(String::as_str).filter(|rest| !rest.is_empty()).collect();
    (!rests.is_empty()).then(|| shortened(&rests.join(" | "), LONGEST_HINT))
}
