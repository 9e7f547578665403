//! `countersign check`: is the configuration right, and is everything there that it names?

use std::path::PathBuf;

use clap::Args;
use countersign_core::ids::OrgId;

use super::{Complaint, print, runtime};
use crate::{config, dev};

/// What to check.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = "countersign.toml")]
    config: PathBuf,
}

pub(super) fn run(args: &CheckArgs) -> Result<(), Complaint> {
    let config = config::read(&args.config)?;
    let folder = args.config.parent().unwrap_or_else(|| std::path::Path::new("."));
    // Whose people may vote makes no difference to whether the rules fit together.
    let home = OrgId::new("T0");
    // The runbooks' connections belong to the runtime, even before they are opened.
    let rules = runtime()?.block_on(async { config.rules(home, &dev::registry(folder)).await })?;
    let commands = rules.catalog.commands().len();
    print(&format!("{}: fine, with {commands} commands.", args.config.display()))
}
