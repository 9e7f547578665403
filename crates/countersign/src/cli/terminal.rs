//! `countersign run`, `pending`, `show`, `approve`, `deny`, `cancel`, `resolve`, `review`: a thin skin over
//! [`crate::terminal`].
//!
//! Exit codes: 0 done, 1 it did not work, 2 something is wrong with what was asked for, 3 refused or stopped, 4 it
//! waits for signatures, 5 nobody knows whether it was done.

mod line;
mod prompt;
mod run;
mod token;
mod words;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use countersign_core::ids::OperationId;
use countersign_core::operation::Found;
use countersign_core::plan::Fingerprint;

use self::line::Line;
use super::serve::SlackArgs;
use super::{Complaint, log, print, print_json, runtime, signals};
use crate::terminal::alone::For;
use crate::terminal::protocol::{Answer, LARGEST, State, View, Wanted};

pub(super) use token::{TokenArgs, run as token};

/// Where the ledger is, and who one is.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = "countersign.toml")]
    config: PathBuf,
    /// The folder of the ledger; without it the configuration's own.
    #[arg(long, value_name = "DIR", env = "COUNTERSIGN_DATA")]
    data: Option<PathBuf>,
    #[command(flatten)]
    slack: SlackArgs,
    /// A file with a token that says who you are. Without it COUNTERSIGN_TOKEN does, or your Unix user.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// A sentence to run.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The sentence, in quotation marks; - reads it from standard input, for what others on the machine must not see.
    sentence: String,
    /// In this channel's name, where the command belongs to several.
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
    /// An emergency: fewer people sign, everybody is told, and somebody else reviews it.
    #[arg(long, requires = "reason")]
    break_glass: bool,
    /// Why it is an emergency.
    #[arg(long, value_name = "WORDS", requires = "break_glass")]
    reason: Option<String>,
    /// Wait until it is over, also where nobody sits at a keyboard.
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    common: Common,
}

/// An operation to look at.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Its id: op_…
    operation: OperationId,
    #[command(flatten)]
    common: Common,
}

/// What is open.
#[derive(Debug, Args)]
pub(super) struct PendingArgs {
    #[command(flatten)]
    common: Common,
}

/// A plan to sign.
#[derive(Debug, Args)]
pub(super) struct ApproveArgs {
    /// The operation's id: op_…
    operation: OperationId,
    /// Sign this plan without being asked: the fingerprint that --json shows, for scripts.
    #[arg(long, value_name = "FINGERPRINT", value_parser = fingerprint)]
    plan: Option<Fingerprint>,
    /// With --plan: the target's name, where it has to be typed.
    #[arg(long = "type", value_name = "NAME", requires = "plan")]
    typed: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// An operation to object to.
#[derive(Debug, Args)]
pub(super) struct DenyArgs {
    /// Its id: op_…
    operation: OperationId,
    /// Why.
    #[arg(long, value_name = "WORDS")]
    reason: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// An operation to cancel.
#[derive(Debug, Args)]
pub(super) struct CancelArgs {
    /// Its id: op_…
    operation: OperationId,
    #[command(flatten)]
    common: Common,
}

/// What became of an operation.
#[derive(Debug, Args)]
pub(super) struct ResolveArgs {
    /// Its id: op_…
    operation: OperationId,
    /// What you found.
    #[arg(long = "as", value_name = "OUTCOME", value_enum)]
    found: Outcome,
    /// How you know.
    #[arg(long, value_name = "WORDS")]
    reason: String,
    #[command(flatten)]
    common: Common,
}

/// What somebody says of an emergency.
#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    /// The operation's id: op_…
    operation: OperationId,
    /// What you say of it.
    #[arg(long, value_name = "WORDS")]
    note: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Outcome {
    /// It had been done.
    Succeeded,
    /// It had not been done, or not whole.
    Failed,
}

fn fingerprint(text: &str) -> Result<Fingerprint, String> {
    Fingerprint::try_from(text.to_owned())
        .map_err(|_| "a plan's fingerprint is 64 hex digits; `countersign show --json` shows it".to_owned())
}

pub(super) fn run(args: RunArgs) -> Result<(), Complaint> {
    let RunArgs { sentence, channel, reason, wait, common, .. } = args;
    let sentence = if sentence == "-" { from_standard_input()? } else { sentence };
    let wanted = Wanted::Run { sentence, channel, emergency: reason };
    within(common, For::Doing, async |line| Box::pin(run::run(line, &wanted, wait)).await)
}

/// A sentence that somebody pipes in. Whatever is longer than a question may be is refused by whoever reads it.
fn from_standard_input() -> Result<String, Complaint> {
    use std::io::Read as _;
    let mut sentence = String::new();
    let most = u64::try_from(LARGEST).unwrap_or(u64::MAX);
    match std::io::stdin().take(most).read_to_string(&mut sentence) {
        Ok(_) => Ok(sentence.trim().to_owned()),
        Err(error) => Err(Complaint::usage(format!("The sentence cannot be read: {error}."))),
    }
}

pub(super) fn show(args: ShowArgs) -> Result<(), Complaint> {
    let wanted = Wanted::Show { operation: args.operation };
    within(args.common, For::Looking, async |line| said(line, line.ask(&wanted).await?))
}

pub(super) fn pending(args: PendingArgs) -> Result<(), Complaint> {
    within(args.common, For::Looking, async |line| said(line, line.ask(&Wanted::Pending).await?))
}

pub(super) fn approve(args: ApproveArgs) -> Result<(), Complaint> {
    let ApproveArgs { operation, plan, typed, common } = args;
    within(common, For::Doing, async |line| run::approve(line, operation, (plan, typed)).await)
}

pub(super) fn deny(args: DenyArgs) -> Result<(), Complaint> {
    does(args.common, &Wanted::Deny { operation: args.operation, reason: args.reason })
}

pub(super) fn cancel(args: CancelArgs) -> Result<(), Complaint> {
    does(args.common, &Wanted::Cancel { operation: args.operation })
}

pub(super) fn resolve(args: ResolveArgs) -> Result<(), Complaint> {
    let found = match args.found {
        Outcome::Succeeded => Found::Succeeded,
        Outcome::Failed => Found::Failed,
    };
    does(args.common, &Wanted::Resolve { operation: args.operation, found, reason: args.reason })
}

pub(super) fn review(args: ReviewArgs) -> Result<(), Complaint> {
    does(args.common, &Wanted::Review { operation: args.operation, note: args.note })
}

fn does(common: Common, wanted: &Wanted) -> Result<(), Complaint> {
    within(common, For::Doing, async |line| said(line, line.ask(wanted).await?))
}

/// Does something over a line to the engine, and gives it back.
fn within(
    common: Common,
    purpose: For,
    work: impl AsyncFnOnce(&Line) -> Result<(), Complaint>,
) -> Result<(), Complaint> {
    log::to_stderr(log::LogFormat::Text, "off")?;
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let line = line::open(common, purpose).await?;
        let done = work(&line).await;
        line.close().await;
        done
    });
    // A line that is read from the keyboard may never come.
    runtime.shutdown_background();
    done
}

/// Prints an answer; what is no answer to what was asked is a complaint.
fn said(line: &Line, answer: Answer) -> Result<(), Complaint> {
    if line.json() {
        let code = code(&answer);
        print_json(&serde_json::json!(answer))?;
        return if code == 0 { Ok(()) } else { Err(Complaint::silent(code)) };
    }
    match answer {
        Answer::Operation(view) => print(&words::operation(&view)),
        Answer::Pending { operations } => print(&words::pending(&operations)),
        no => Err(complaint(no)),
    }
}

/// What an answer that is a no says.
fn complaint(answer: Answer) -> Complaint {
    let code = code(&answer);
    match answer {
        Answer::Refused { text } | Answer::Stranger { text } | Answer::Failed { text } => {
            Complaint { sentence: text, code }
        }
        Answer::Operation(_) | Answer::Pending { .. } => Complaint::failed("The answer makes no sense."),
    }
}

fn code(answer: &Answer) -> u8 {
    match answer {
        Answer::Operation(_) | Answer::Pending { .. } => 0,
        Answer::Refused { .. } | Answer::Stranger { .. } => 3,
        Answer::Failed { .. } => 1,
    }
}

/// How something that was run ended.
fn ended(view: &View) -> Result<(), Complaint> {
    let code = match view.state {
        State::Succeeded => return Ok(()),
        State::Failed => 1,
        State::Stopped => 3,
        State::Waiting | State::Planning | State::Signed | State::Running => 4,
        State::Unknown => 5,
    };
    Err(Complaint::silent(code))
}
