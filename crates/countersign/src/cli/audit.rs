//! `countersign audit`: the command line around [`crate::audit`].

mod report;

use std::io::{self, BufWriter, ErrorKind, Stdout, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use countersign_core::audit::Checkpoint;
use countersign_core::command::kind::Kind;
use countersign_core::ids::OperationId;
use countersign_engine::ports::Trail;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Complaint, print, print_json, runtime, sentence};
use crate::audit::{self, CSV_HEADER, Environments, Filter, Found, Kept, State};
use crate::{config, serve, store};
use report::{json_line, json_lines, left_out, line, report};

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
    Verify(VerifyArgs),
    /// List operations, the first one first.
    List(Which),
    /// Show all events of one operation as JSON.
    Show {
        /// The operation's id: op_…
        operation: String,
    },
    /// Print every event with its hash: as lines of JSON, or as rows of a table.
    Export {
        /// How. Only lines of JSON can be verified again; of the whole trail they hold the checkpoints, too.
        #[arg(long, default_value = "jsonl")]
        format: Format,
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, Args)]
struct VerifyArgs {
    /// Compare with the checkpoints in this file, which was kept elsewhere.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Compare with this checkpoint, as it stands in the channel: 12:3f2a… Can be given several times.
    #[arg(long, value_name = "N:HEX", value_parser = Kept::parse)]
    hash: Vec<Kept>,
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines of JSON.
    Jsonl,
    /// Comma-separated values, for spreadsheets.
    Csv,
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
    /// About this environment.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// In this state.
    #[arg(long, value_name = "STATE")]
    state: Option<State>,
}

pub(super) fn run(args: AuditArgs) -> Result<(), Complaint> {
    super::needs_a_ledger_of_its_own(&args.config)?;
    let ledger = serve::ledger(&args.config, args.data.as_deref());
    runtime()?.block_on(async {
        let opened = store::trail(&args.config, &ledger).await;
        let (trail, ledger) = opened.map_err(|error| Complaint::usage(sentence(&error)))?;
        let trail = &*trail;
        match args.what {
            What::Verify(how) => verify(trail, &ledger, how).await,
            What::List(which) => list(trail, &which.filter(&args.config)).await,
            What::Show { operation } => show(trail, &operation).await,
            What::Export { format, which } => export(trail, &which.filter(&args.config), format).await,
        }
    })
}

async fn verify(trail: &dyn Trail, ledger: &str, how: VerifyArgs) -> Result<(), Complaint> {
    let mut kept = how.hash;
    if let Some(file) = &how.against {
        kept.extend(Kept::read(file).map_err(|error| Complaint::usage(sentence(&error)))?);
    }
    let checked = audit::verify(trail, &kept).await.map_err(|error| Complaint::failed(sentence(&error)))?;
    if how.json {
        print_json(&serde_json::json!({"ok": checked.faults.is_empty(), "checked": checked}))?;
    } else {
        print(&report(&checked, ledger, &kept))?;
    }
    if checked.faults.is_empty() { Ok(()) } else { Err(Complaint::silent(1)) }
}

async fn list(trail: &dyn Trail, filter: &Filter) -> Result<(), Complaint> {
    let mut out = BufWriter::new(io::stdout());
    let skipped = each(trail, filter, (&mut out, &|found| line(&found.entry))).await?;
    written(out.flush())?;
    nothing_left_out(&skipped)
}

async fn show(trail: &dyn Trail, operation: &str) -> Result<(), Complaint> {
    let nowhere =
        || Complaint::usage(format!("There is no operation {operation}. Its card shows its id: op_…"));
    let id: OperationId = operation.parse().map_err(|_| nowhere())?;
    let written = trail.records(&id).await.map_err(|error| Complaint::failed(sentence(&error)))?;
    if written.is_empty() {
        return Err(nowhere());
    }
    let lines: Vec<String> = written.iter().map(|written| json_line(operation, written)).collect();
    let records = serde_json::from_str(&format!("[{}]", lines.join(",")));
    let records: serde_json::Value = records.map_err(|error| Complaint::failed(sentence(&error)))?;
    print_json(&records)
}

async fn export(trail: &dyn Trail, filter: &Filter, format: Format) -> Result<(), Complaint> {
    let mut out = BufWriter::new(io::stdout());
    let mut skipped = match format {
        Format::Jsonl => each(trail, filter, (&mut out, &json_lines)).await?,
        Format::Csv => {
            written(out.write_all(CSV_HEADER.as_bytes()))?;
            each(trail, filter, (&mut out, &audit::csv_rows)).await?
        }
    };
    if format == Format::Jsonl && filter.is_open() {
        skipped.extend(checkpoints(trail, &mut out).await?);
    }
    written(out.flush())?;
    nothing_left_out(&skipped)
}

/// Whoever reads a list that is not whole has to know it.
fn nothing_left_out(skipped: &[String]) -> Result<(), Complaint> {
    if skipped.is_empty() { Ok(()) } else { Err(Complaint::failed(left_out(skipped))) }
}

/// The checkpoints come last: whoever reads the lines in their order has seen what they seal. Gives those that cannot be
/// read.
async fn checkpoints(trail: &dyn Trail, out: &mut BufWriter<Stdout>) -> Result<Vec<String>, Complaint> {
    let (mut after, mut skipped) = (0, Vec::new());
    loop {
        let page = trail.checkpoints(after).await.map_err(|error| Complaint::failed(sentence(&error)))?;
        let Some(last) = page.last() else { return Ok(skipped) };
        after = last.number;
        for one in page {
            let Ok(checkpoint) = serde_json::from_str::<Checkpoint>(&one.text) else {
                skipped.push(format!("checkpoint {}", one.number));
                continue;
            };
            written(writeln!(out, "{}", serde_json::json!(checkpoint)))?;
        }
    }
}

/// How an operation is written.
type Text<'a> = &'a dyn Fn(&Found) -> String;

/// Writes the text of each operation that the filter lets through. Gives those that were skipped.
async fn each(
    trail: &dyn Trail,
    filter: &Filter,
    (out, text): (&mut BufWriter<Stdout>, Text<'_>),
) -> Result<Vec<String>, Complaint> {
    let walked = audit::walk(trail, filter, |found| out.write_all(text(&found).as_bytes())).await;
    match walked.map_err(|error| Complaint::failed(sentence(&error)))? {
        Ok(skipped) => Ok(skipped),
        Err(error) => written(Err(error)).map(|()| Vec::new()),
    }
}

/// A closed pipe is no failure.
fn written(result: io::Result<()>) -> Result<(), Complaint> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Complaint::failed(format!("Nothing can be printed: {error}.")))
        }
        _ => Ok(()),
    }
}

impl Which {
    fn filter(self, config: &Path) -> Filter {
        let Self { since, until, person, command, environment, state } = self;
        // Only the configuration knows which arguments name an environment; without it, their own name does.
        let environments = if environment.is_some() {
            environments(config).unwrap_or_default()
        } else {
            Environments::new()
        };
        Filter { since, until, person, command, state, environment, environments }
    }
}

fn environments(config: &Path) -> Option<Environments> {
    let catalog = config::read(config).ok()?.catalog().ok()?;
    let named = catalog.commands().iter().map(|command| {
        let arguments = command.arguments().iter();
        let named = arguments.filter(|argument| matches!(argument.kind, Kind::Environment(_)));
        let names = named.map(|argument| argument.name.to_string()).collect();
        (command.spec().name.as_str().to_owned(), names)
    });
    Some(named.collect())
}

/// A time, or the beginning of a day in UTC.
fn time(text: &str) -> Result<Timestamp, String> {
    let day = || text.parse::<Date>().and_then(|day| day.to_zoned(TimeZone::UTC)).map(|day| day.timestamp());
    text.parse().or_else(|_| day()).map_err(|_| "write 2026-11-24, or 2026-11-24T09:00:00Z".to_owned())
}
