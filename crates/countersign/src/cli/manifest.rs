//! `countersign manifest`: the Slack app's manifest for a configuration.

use std::path::PathBuf;

use clap::Args;

use super::{Complaint, print, print_json};
use crate::config;
use crate::manifest::{self, RequestUrl, Transport, Uses};

/// What is longer than this, browsers and Slack may cut.
const LONGEST_LINK: usize = 8000;

/// What to derive.
#[derive(Debug, Args)]
pub(super) struct ManifestArgs {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = "countersign.toml")]
    config: PathBuf,
    /// Ask for the least: no reactions, no direct messages, no listening.
    #[arg(long)]
    minimal: bool,
    /// Have Slack call this address, instead of Socket Mode: https://bot.example.com
    #[arg(long, value_name = "URL")]
    http: Option<RequestUrl>,
    /// Print the link that opens Slack's form for a new app with it.
    #[arg(long)]
    url: bool,
}

pub(super) fn run(args: ManifestArgs) -> Result<(), Complaint> {
    let config = config::read(&args.config)?;
    let wanted = Uses::of(&config);
    let uses = if args.minimal { Uses::least(&config) } else { wanted };
    let transport = args.http.map_or(Transport::SocketMode, Transport::Http);
    let manifest = manifest::manifest(&config, uses, &transport)?;
    if uses != wanted {
        eprintln!("{LESS}");
    }
    let hidden = manifest::not_offered(&config)?;
    if !hidden.is_empty() {
        eprintln!("{}", without_slash(&hidden));
    }
    if !args.url {
        return print_json(&manifest);
    }
    let link = manifest::link(&manifest);
    if link.len() > LONGEST_LINK {
        eprintln!("{TOO_LONG}");
    }
    print(&link)
}

const LESS: &str = "The configuration makes use of more than this manifest asks for. Write there:\n\
                    \n  [slack]\n  reactions = false\n  messages = false\n\nand leave `listen` under [access] empty.";
const TOO_LONG: &str = "This link may be too long for a browser. If it does not work, choose “From a manifest” at \
                        https://api.slack.com/apps?new_app=1 and paste what `countersign manifest` prints.";

/// Which words have no slash command, and how to use them all the same.
pub(super) fn without_slash(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("/{word}")).collect();
    format!(
        "Slack takes no slash command {}: mention the bot for {}.",
        words.join(" or "),
        if words.len() == 1 { "it" } else { "them" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_a_slash() {
        insta::assert_snapshot!(without_slash(&["status".to_owned()]), @"Slack takes no slash command /status: mention the bot for it.");
        insta::assert_snapshot!(without_slash(&["status".to_owned(), "remove".to_owned()]), @"Slack takes no slash command /status or /remove: mention the bot for them.");
    }
}
