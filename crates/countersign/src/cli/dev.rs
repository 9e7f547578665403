//! `countersign dev`: the command line around [`crate::dev`].

use std::path::PathBuf;

use clap::Args;
use countersign_engine::causes;
use countersign_store::sqlite::OpenError;

use super::log::{self, LogFormat};
use super::{Complaint, print, runtime, signals};
use crate::dev;

/// How to start.
#[derive(Debug, Args)]
pub(super) struct DevArgs {
    /// Where everything is kept; without it a folder of your user's state directory.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Forget what was there, and start over.
    #[arg(long)]
    fresh: bool,
    /// The page's port on 127.0.0.1.
    #[arg(long, default_value_t = dev::DEFAULT_PORT)]
    port: u16,
    /// Only print the page's address.
    #[arg(long)]
    no_browser: bool,
    /// A configuration of your own instead of the demo's; it is watched, and read again when it changes.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) fn run(args: DevArgs) -> Result<(), Complaint> {
    log::to_stderr(LogFormat::Text, "warn")?;
    let runtime = runtime()?;
    runtime.block_on(async {
        let stopped = signals::stop()?;
        let settings = dev::Settings {
            folder: args.data.map_or_else(dev::default_folder, Ok).map_err(Complaint::usage)?,
            start: if args.fresh { dev::Start::Fresh } else { dev::Start::WhereItWas },
            port: args.port,
            config: args.config,
        };
        let running = dev::start(settings).await.map_err(complaint)?;
        print(&welcome(&running.page()))?;
        if !args.no_browser {
            open_browser(&running.page());
        }
        stopped.await;
        running.stop().await;
        Ok(())
    })
}

fn complaint(error: dev::StartError) -> Complaint {
    match error {
        dev::StartError::Config(errors) => Complaint::from(errors),
        error => Complaint::failed(sentence(&error)),
    }
}

fn sentence(error: &dev::StartError) -> String {
    let line = causes::line(error);
    let hint = match error {
        dev::StartError::Ledger(OpenError::NotADatabase(_)) => {
            "\nOr start over with --fresh: it forgets what this folder's workspace, ledger and demo database hold."
        }
        _ => "",
    };
    // The emulator's begin as they should, and some with a path.
    if matches!(error, dev::StartError::Emulator(_)) {
        return format!("{line}.");
    }
    let mut letters = line.chars();
    let first: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
    format!("{first}{}.{hint}", letters.as_str())
}

/// What stands in the terminal once everything runs.
fn welcome(page: &str) -> String {
    format!(
        "Countersign runs. Open {page}\n\
         You act as ana there; try:  @Backoffice Bot help\n\
         Stop with Ctrl-C. Everything is kept for the next start; --fresh starts over."
    )
}

/// Opens the page where there is a desktop; where there is none, its address was printed.
fn open_browser(page: &str) {
    use std::io::IsTerminal as _;
    use std::process::{Command, Stdio};
    if !std::io::stdout().is_terminal() {
        return;
    }
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = Command::new(opener)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = quiet {
        tracing::debug!(%error, "no browser was opened");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_welcome() {
        insta::assert_snapshot!(welcome("http://127.0.0.1:7878/"), @"
        Countersign runs. Open http://127.0.0.1:7878/
        You act as ana there; try:  @Backoffice Bot help
        Stop with Ctrl-C. Everything is kept for the next start; --fresh starts over.
        ");
    }
}
