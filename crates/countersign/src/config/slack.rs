//! What the file says about Slack, checked against the rest of it.

use countersign_core::command::catalog::Catalog;

use super::Config;
use super::error::ConfigError;
use super::file::Name;

impl Config {
    /// What is wrong with `[slack]`, and with who may listen.
    pub(super) fn slack_errors(&self, catalog: &Catalog) -> Vec<ConfigError> {
        let words: Vec<&str> = catalog
            .commands()
            .iter()
            .flat_map(|command| catalog.openings(command).into_iter().map(|(word, _)| word))
            .collect();
        let slack = &self.file.slack;
        let mut errors: Vec<ConfigError> = slack
            .slash_commands
            .iter()
            .filter(|(word, _)| !words.contains(&word.as_str()))
            .map(|(word, description)| {
                self.at(description, format!("No command begins with `{word}`, so it needs no description."))
            })
            .collect();
        if let (false, Some(Name(channel))) = (slack.messages, self.file.access.listen.first()) {
            let sentence = "[slack] messages = false, so the bot hears nothing but mentions here. Leave `listen` \
                            empty, or let messages = true.";
            errors.push(self.at(channel, sentence));
        }
        if self.file.bot.name.trim().is_empty() {
            errors.push(ConfigError::nowhere("[bot] name is empty; write what people call the bot."));
        }
        errors
    }
}
