//! `countersign backup`: a copy of the ledger, made while the bot runs.

use std::path::PathBuf;

use clap::Args;
use countersign_store::sqlite::{BackupError, Copied, backup};

use super::{Complaint, print, runtime, sentence};
use crate::config::{self, Keeps};
use crate::serve;

/// Which ledger, and where to.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The new file; one that is there is never overwritten.
    file: PathBuf,
    /// The configuration beside which the ledger stands.
    #[arg(long, value_name = "FILE", default_value = "countersign.toml")]
    config: PathBuf,
    /// The folder of the ledger; without it the configuration's own.
    #[arg(long, value_name = "DIR", env = "COUNTERSIGN_DATA")]
    data: Option<PathBuf>,
}

pub(super) fn run(args: &BackupArgs) -> Result<(), Complaint> {
    super::needs_a_ledger_of_its_own(&args.config)?;
    if let Ok(config) = config::read(&args.config)
        && let Keeps::Table(table) = config.keeps()
    {
        return Err(Complaint::usage(format!(
            "This ledger is the DynamoDB table {}. Its backup is AWS's own: switch point-in-time recovery on for it.",
            table.table
        )));
    }
    let ledger = serve::ledger(&args.config, args.data.as_deref());
    let copied = runtime()?.block_on(backup(&ledger, &args.file)).map_err(|error| match error {
        BackupError::Ledger(_) | BackupError::Exists(_) => Complaint::usage(sentence(&error)),
        _ => Complaint::failed(sentence(&error)),
    })?;
    let Copied { operations, events } = copied;
    print(&format!(
        "{}: operations {operations}, events {events}.\nTo go back to it: stop the bot, move {}* away, and put this \
         file in its place.",
        args.file.display(),
        ledger.display()
    ))
}
