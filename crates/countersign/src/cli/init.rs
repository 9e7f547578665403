//! `countersign init`: the command line around [`crate::init`].

use std::path::{Path, PathBuf};

use clap::Args;
use countersign_engine::ports::Clock as _;
use countersign_engine::system::SystemClock;

use super::{Complaint, print, runtime, sentence};
use crate::init::{self, InitError};

/// What to write, and where.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder; it is made if it is not there.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// What people call the bot.
    #[arg(long, value_name = "NAME", default_value = "Backoffice Bot")]
    name: String,
}

pub(super) fn run(args: &InitArgs) -> Result<(), Complaint> {
    let written = runtime()?.block_on(init::init(&args.folder, &args.name, SystemClock.now()));
    let written = written.map_err(|error| match error {
        InitError::Config(errors) => Complaint::from(errors),
        InitError::Exists(_) => Complaint::usage(sentence(&error)),
        _ => Complaint::failed(sentence(&error)),
    })?;
    let files: Vec<String> = written.iter().map(|path| format!("  {}", path.display())).collect();
    print(&format!("Written:\n{}\n\n{}", files.join("\n"), next(&args.folder)))
}

fn next(folder: &Path) -> String {
    let enter = match folder == Path::new(".") {
        true => String::new(),
        false => format!("  cd {}\n", folder.display()),
    };
    format!(
        "Next:\n{enter}  countersign check --offline     is it right? (it is, as it stands)\n  countersign manifest --url      \
         opens Slack's form for the app\n\nThen put your channels' and people's ids into countersign.toml, set \
         SLACK_BOT_TOKEN and SLACK_APP_TOKEN,\nand ask `countersign check` what is still missing. docs/slack.md goes \
         through it step by step."
    )
}
