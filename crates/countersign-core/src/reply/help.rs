//! Help and greeting.

use super::{Block, Reply, Span};
use crate::approval::Quorum;

/// One command in a help text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpEntry {
    /// The sentence with its placeholders.
    pub usage: String,
    /// What it does.
    pub description: String,
    /// A sentence that works.
    pub example: Option<String>,
    /// Who must sign.
    pub quorum: Quorum,
}

/// The commands that a person may use in one channel. `bot` is the bot's name.
pub fn help(bot: &str, entries: &[HelpEntry]) -> Reply {
    if entries.is_empty() {
        return nothing_here(bot);
    }
    let count = match entries.len() {
        1 => "one thing".to_owned(),
        n => format!("{n} things"),
    };
    let summary = format!("You can ask me for {count} in this channel.");
    let mut blocks = vec![
        Block::Heading("What you can ask me here".to_owned()),
        Block::Text(vec![
            Span::text("Write "),
            Span::code(format!("@{bot}")),
            Span::text(
                " and then one of these sentences. Nothing changes before you have seen what would change.",
            ),
        ]),
    ];
    blocks.extend(entries.iter().map(|entry| Block::Text(entry_spans(entry))));
    blocks.push(Block::Note(vec![Span::text(
        "Words in <angle brackets> are yours to fill in; [square brackets] may be left out.",
    )]));
    Reply { summary, blocks }
}

fn entry_spans(entry: &HelpEntry) -> Vec<Span> {
    let mut spans = vec![Span::code(&entry.usage), Span::text(format!("\n{}", entry.description))];
    if let Some(example) = &entry.example {
        spans.push(Span::text("\nFor example: "));
        spans.push(Span::code(example));
    }
    spans.push(Span::text(format!("\nWho signs: {}", entry.quorum)));
    spans
}

/// Help where there is nothing to be had, without a word about other channels' commands.
pub fn nothing_here(bot: &str) -> Reply {
    Reply::line(format!(
        "Hello! There is nothing that you can ask {bot} for in this channel. \
         If you expected commands here, ask the people who look after the bot."
    ))
}

/// The answer to a hello.
pub fn greeting(bot: &str) -> Reply {
    Reply {
        summary: format!("Hello! I am {bot}."),
        blocks: vec![Block::Text(vec![
            Span::text(format!("Hello! I am {bot}. Write ")),
            Span::code(format!("@{bot} help")),
            Span::text(" to see what you can ask me for in this channel."),
        ])],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::spec::Risk;

    #[test]
    fn help_lists_usage_description_example_and_signers() {
        let entries = [
            HelpEntry {
                usage: "set <subdomain> trial remaining to <days> days".to_owned(),
                description: "Set account to be on an Enterprise trial.".to_owned(),
                example: Some("set acme trial remaining to 14 days".to_owned()),
                quorum: Risk::High.quorum(),
            },
            HelpEntry {
                usage: "show diagnostics for <subdomain>".to_owned(),
                description: "Show what we know about an account.".to_owned(),
                example: None,
                quorum: Risk::Read.quorum(),
            },
        ];
        insta::assert_snapshot!(help("Backoffice Bot", &entries), @r"
        # What you can ask me here
        Write `@Backoffice Bot` and then one of these sentences. Nothing changes before you have seen what would change.
        `set <subdomain> trial remaining to <days> days`
        Set account to be on an Enterprise trial.
        For example: `set acme trial remaining to 14 days`
        Who signs: you and one other person
        `show diagnostics for <subdomain>`
        Show what we know about an account.
        Who signs: nobody: it only reads
        (Words in <angle brackets> are yours to fill in; [square brackets] may be left out.)
        ");
    }

    #[test]
    fn where_there_is_nothing_help_names_nothing() {
        insta::assert_snapshot!(help("Backoffice Bot", &[]), @"Hello! There is nothing that you can ask Backoffice Bot for in this channel. If you expected commands here, ask the people who look after the bot.");
    }

    #[test]
    fn a_greeting_points_to_help() {
        insta::assert_snapshot!(greeting("Backoffice Bot"), @"Hello! I am Backoffice Bot. Write `@Backoffice Bot help` to see what you can ask me for in this channel.");
    }
}
