//! `countersign audit`: the command line around [`crate::audit`].

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use countersign_core::audit::Record;
use countersign_core::ids::OperationId;
use countersign_store::sqlite::Trail;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Complaint, print, print_json, runtime, sentence};
use crate::audit::{self, Checked, Entry, Filter, State};
use crate::serve;

/// Which ledger, and what of it.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// The configuration beside which the ledger stands.
    #[arg(long, value_name = "FILE", default_value = "countersign.toml", global = true)]
    config: PathBuf,
    /// The folder of the ledger; without it the configuration's own.
    #[arg(long, value_name = "DIR", env = "COUNTERSIGN_DATA", global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check that nothing in it was changed, removed, added or moved; exit code 1 if something was.
    Verify {
        /// Print what was found as JSON.
        #[arg(long)]
        json: bool,
    },
    /// List operations, the first one first.
    List(Which),
    /// Show all events of one operation as JSON.
    Show {
        /// The operation's id: op_…
        operation: String,
    },
    /// Print every event as a line of JSON, with its hash.
    Export(Which),
}

#[derive(Debug, Args)]
struct Which {
    /// Asked for at this time or later: 2026-11-24, or 2026-11-24T09:00:00Z; days begin in UTC.
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Timestamp>,
    /// Asked for before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    /// Asked for by this person: U…, or T…/U…
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// With this command's name.
    #[arg(long, value_name = "NAME")]
    command: Option<String>,
    /// In this state.
    #[arg(long, value_name = "STATE")]
    state: Option<State>,
}

pub(super) fn run(args: AuditArgs) -> Result<(), Complaint> {
    let ledger = serve::ledger(&args.config, args.data.as_deref());
    runtime()?.block_on(async {
        let trail = Trail::open(&ledger).await.map_err(|error| Complaint::usage(sentence(&error)))?;
        match args.what {
            What::Verify { json } => verify(&trail, &ledger, json).await,
            What::List(which) => each(&trail, &which.filter(), |entry, _| line(entry)).await,
            What::Show { operation } => show(&trail, &operation).await,
            What::Export(which) => each(&trail, &which.filter(), |_, records| jsonl(records)).await,
        }
    })
}

async fn verify(trail: &Trail, ledger: &Path, json: bool) -> Result<(), Complaint> {
    let checked = audit::verify(trail).await.map_err(|error| Complaint::failed(sentence(&error)))?;
    if json {
        print_json(&serde_json::json!({"ok": checked.faults.is_empty(), "checked": checked}))?;
    } else {
        print(&report(&checked, ledger))?;
    }
    if checked.faults.is_empty() { Ok(()) } else { Err(Complaint::silent(1)) }
}

fn report(checked: &Checked, ledger: &Path) -> String {
    let Checked { operations, records, faults } = checked;
    let mut text = String::new();
    for fault in faults {
        let _ = writeln!(text, "WRONG    {}: {}", fault.operation, fault.sentence);
    }
    let count = |number: u64, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let looked =
        format!("{}: {}, {}", ledger.display(), count(*operations, "operation"), count(*records, "event"));
    match faults.len() {
        0 => format!("{looked}. Nothing was changed, removed, added or moved."),
        _ => format!("{text}{looked} in order; the lines above are not."),
    }
}

async fn show(trail: &Trail, operation: &str) -> Result<(), Complaint> {
    let nowhere =
        || Complaint::usage(format!("There is no operation {operation}. Its card shows its id: op_…"));
    let id: OperationId = operation.parse().map_err(|_| nowhere())?;
    let records = trail.records(&id).await.map_err(|error| Complaint::failed(sentence(&error)))?;
    if records.is_empty() {
        return Err(nowhere());
    }
    print_json(&serde_json::json!(records))
}

async fn each(
    trail: &Trail,
    filter: &Filter,
    text: impl Fn(&Entry, &[Record]) -> String,
) -> Result<(), Complaint> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let walked =
        audit::walk(trail, filter, |entry, records| out.write_all(text(&entry, &records).as_bytes())).await;
    let written = walked.map_err(|error| Complaint::failed(sentence(&error)))?.and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Complaint::failed(format!("Nothing can be printed: {error}.")))
        }
        _ => Ok(()),
    }
}

/// One operation as one line; whatever would break the line is left out.
fn line(entry: &Entry) -> String {
    let sentence: String = entry.sentence.chars().filter(|c| !c.is_control()).collect();
    let Entry { operation, asked_at, person, state, .. } = entry;
    format!("{operation}  {asked_at:.0}  {person:<16} {:<10} {sentence}\n", state.word())
}

fn jsonl(records: &[Record]) -> String {
    records.iter().map(|record| format!("{}\n", serde_json::json!(record))).collect()
}

impl Which {
    fn filter(self) -> Filter {
        let Self { since, until, person, command, state } = self;
        Filter { since, until, person, command, state }
    }
}

/// A time, or the beginning of a day in UTC.
fn time(text: &str) -> Result<Timestamp, String> {
    let day = || text.parse::<Date>().and_then(|day| day.to_zoned(TimeZone::UTC)).map(|day| day.timestamp());
    text.parse().or_else(|_| day()).map_err(|_| "write 2026-11-24, or 2026-11-24T09:00:00Z".to_owned())
}
