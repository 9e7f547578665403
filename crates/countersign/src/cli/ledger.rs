//! `countersign ledger`: makes what the ledger needs before the first start.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Complaint, print};
use crate::config::{self, Keeps};

/// What to do.
#[derive(Debug, Args)]
pub(super) struct LedgerArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make the DynamoDB table that the configuration names: paid by request, protected against deletion.
    Create {
        /// The configuration.
        #[arg(long, value_name = "FILE", default_value = "countersign.toml")]
        config: PathBuf,
    },
}

pub(super) fn run(args: LedgerArgs) -> Result<(), Complaint> {
    let What::Create { config } = args.what;
    let config = config::read(&config)?;
    match config.keeps() {
        Keeps::File => print("This ledger is a file. It is made by the first start."),
        Keeps::Slack => print("This ledger is Slack itself. There is nothing to make."),
        Keeps::Table(table) => create(table),
    }
}

#[cfg(feature = "dynamodb")]
fn create(table: &config::Dynamodb) -> Result<(), Complaint> {
    use countersign_store::dynamodb::{DynamoStore, OpenError};

    use super::{runtime, sentence};

    let made = runtime()?.block_on(DynamoStore::create(&crate::store::settings(table)));
    made.map_err(|error| match error {
        OpenError::Exists(_) => Complaint::usage(sentence(&error)),
        _ => Complaint::failed(sentence(&error)),
    })?;
    print(&format!(
        "The table {} is ready. Switch point-in-time recovery on for it: that is its backup.",
        table.table
    ))
}

/// The configuration was refused before.
#[cfg(not(feature = "dynamodb"))]
fn create(_: &config::Dynamodb) -> Result<(), Complaint> {
    Err(Complaint::silent(2))
}
