//! `countersign commands`: what a configuration offers.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use countersign_core::command::catalog::{Catalog, Command};

use super::{Complaint, configuration, print};

/// How to list.
#[derive(Debug, Args)]
pub(super) struct CommandsArgs {
    /// The configuration; without it `countersign.toml` here, else the demo's.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// As a Markdown page.
    #[arg(long, conflicts_with = "regex")]
    markdown: bool,
    /// With the regular expressions that the patterns are equivalent to.
    #[arg(long)]
    regex: bool,
}

pub(super) fn run(args: &CommandsArgs) -> Result<(), Complaint> {
    let config = configuration(args.config.as_deref())?;
    let catalog = config.catalog()?;
    let text = if args.markdown { markdown(&catalog) } else { list(&catalog, args) };
    print(text.trim_end())
}

fn list(catalog: &Catalog, args: &CommandsArgs) -> String {
    let mut text = String::new();
    for command in catalog.commands() {
        let spec = command.spec();
        let _ = writeln!(text, "{}\n    {}", command.usage(), spec.description);
        let _ = writeln!(text, "    {} · {} · signs: {}", spec.name, spec.risk, spec.quorum);
        if args.regex {
            for regex in catalog.regexes(command) {
                let _ = writeln!(text, "    {regex}");
            }
        }
        text.push('\n');
    }
    text
}

fn markdown(catalog: &Catalog) -> String {
    let mut text =
        String::from("# Commands\n\n| sentence | what it does | risk | who signs |\n|---|---|---|---|\n");
    for command in catalog.commands() {
        let _ = writeln!(text, "{}", row(command));
    }
    text
}

fn row(command: &Command) -> String {
    let spec = command.spec();
    format!(
        "| `{}` | {} | {} | {} |",
        cell(command.usage()),
        cell(&spec.description),
        spec.risk,
        cell(&spec.quorum.to_string())
    )
}

/// Text that cannot end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_as_markdown() {
        let catalog = crate::dev::demo_config().unwrap().catalog().unwrap();
        insta::assert_snapshot!(markdown(&catalog), @r#"
        # Commands

        | sentence | what it does | risk | who signs |
        |---|---|---|---|
        | `set <subdomain> trial remaining to <days> days` | Set account to be on an Enterprise trial for a specified number of days from now. | high | you and one other person |
        | `show account <subdomain>` | Show an account: its plan, its trial, its owner. | read | nobody: it only reads |
        | `list trials ending within <days> days` | List the trials that end soon, the next one first. | read | nobody: it only reads |
        | `note on <subdomain> <note>` | Write a note on an account, instead of the one that is there. | low | you confirm |
        | `show diagnostics for <subdomain>` | Show diagnostic information about an account: its queue, its errors, its storage. | read | nobody: it only reads |
        | `list workers of pool <pool>` | List a worker pool's workers and what they run. | read | nobody: it only reads |
        | `cycle workers of pool <pool>` | Replace a worker pool's workers one after the other, so that the pool keeps working. | high | you and one other person from engineers |
        | `freeze pool <pool> for <duration> because <reason...>` | Let nobody change a worker pool for a while; who has to do it all the same needs one more signature. | low | you confirm |
        | `thaw pool <pool>` | End the freeze of a worker pool. | low | you confirm |
        | `list freezes` | List what is frozen by hand, until when, by whom and why. | read | nobody: it only reads |
        | `drop pool <pool>` | Remove a worker pool with all its workers. This cannot be undone. | destructive | you and one other person from engineers |
        | `whitelist add <ip> ["<description>"] [<environment>] [for <duration>]` | Let an address or a network through to an environment, for seven days unless you say otherwise. | low | you confirm |
        | `whitelist add my ip` | Say how to find the address that is to be let through. | read | nobody: it only reads |
        | `whitelist remove <ip> [<environment>]` | Take an address or a network off the whitelist. | low | you confirm |
        | `whitelist extend <ip> [<environment>] [by <duration>]` | Keep an address or a network on the whitelist for longer. | low | you confirm |
        | `whitelist list [<environment>]` | List who is let through to an environment, and until when. | read | nobody: it only reads |
        | `whitelist mine` | List what you let through yourself. | read | nobody: it only reads |
        | `whitelist sync [<environment>]` | Compare the security groups with the whitelist, and repair what differs. | low | you confirm |
        "#);
    }
}
