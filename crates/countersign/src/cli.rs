//! The program's commands.

mod audit;
mod backup;
mod catalog;
mod check;
mod dev;
mod init;
mod ledger;
mod log;
mod manifest;
mod sentences;
mod serve;
mod signals;
mod terminal;
mod why;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use countersign_engine::causes;

use crate::config::{self, Config, ConfigErrors, Keeps};

/// Run production from Slack, with a second signature.
#[derive(Debug, Parser)]
#[command(version, about, after_help = "Without a command, `dev` is run.")]
#[command(args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    dev: dev::DevArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try it: a Slack workspace in the browser, the bot, and a demo database, all on this machine.
    Dev(dev::DevArgs),
    /// Write a first configuration, its Slack app's manifest, and sentences to test it with.
    Init(init::InitArgs),
    /// Run the bot in a Slack workspace: with a ledger in a file, or, if the configuration says so, without a database.
    Serve(serve::ServeArgs),
    /// Make what the ledger needs before the first start: a DynamoDB table, where the configuration names one.
    Ledger(ledger::LedgerArgs),
    /// List the commands of a configuration.
    Commands(catalog::CommandsArgs),
    /// Check what sentences do: a file of sentences with the expected command, arguments or refusal.
    Test(sentences::TestArgs),
    /// Look at everything: configuration, databases, ledger, tokens, Slack; one line each, with what to do.
    Check(check::CheckArgs),
    /// Check, list, show or export the audit trail; a bot may run meanwhile.
    Audit(audit::AuditArgs),
    /// Copy the ledger to a new file; a bot may run meanwhile.
    Backup(backup::BackupArgs),
    /// Why somebody may or may not run a sentence: policy's checks, one by one.
    Why(why::WhyArgs),
    /// Run a sentence from here, by the same rules as in Slack, also while Slack is away.
    Run(terminal::RunArgs),
    /// List what is open: what waits for your signature first.
    Pending(terminal::PendingArgs),
    /// Show an operation: its plan, its signatures, what is missing, how it ended.
    Show(terminal::ShowArgs),
    /// Look at an operation's plan and sign it.
    Approve(terminal::ApproveArgs),
    /// Object to an operation: it will not run.
    Deny(terminal::DenyArgs),
    /// Take back what you asked for.
    Cancel(terminal::CancelArgs),
    /// Say what became of an operation whose outcome nobody knew.
    Resolve(terminal::ResolveArgs),
    /// Say that you have looked at what somebody else did in an emergency.
    Review(terminal::ReviewArgs),
    /// Make a token that says for a while who somebody is at a terminal.
    Token(terminal::TokenArgs),
    /// Print the Slack app's manifest for a configuration: slash commands, scopes, events.
    Manifest(manifest::ManifestArgs),
    /// Print the JSON Schema of the configuration, for editors.
    Schema,
}

/// What a command says when it cannot do what it was asked: a sentence, and the exit code.
pub(crate) struct Complaint {
    sentence: String,
    code: u8,
}

impl Complaint {
    /// Something is wrong with what was asked for: exit code 2.
    fn usage(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 2 }
    }

    /// All has been said already.
    fn silent(code: u8) -> Self {
        Self { sentence: String::new(), code }
    }

    /// Something did not work: exit code 1.
    fn failed(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 1 }
    }
}

impl From<ConfigErrors> for Complaint {
    fn from(errors: ConfigErrors) -> Self {
        Self::usage(errors.to_string())
    }
}

/// Runs the program, and says what it has to say. Exit codes: 0 done, 1 it did not work, 2 something is wrong with what
/// was asked for; 3 to 5 at terminals: refused, waiting, unknown.
pub fn run(cli: Cli) -> ExitCode {
    let done = match cli.command.unwrap_or(Command::Dev(cli.dev)) {
        Command::Dev(args) => dev::run(args),
        Command::Init(args) => init::run(&args),
        Command::Serve(args) => serve::run(args),
        Command::Ledger(args) => ledger::run(args),
        Command::Commands(args) => catalog::run(&args),
        Command::Test(args) => sentences::run(&args),
        Command::Check(args) => check::run(args),
        Command::Audit(args) => audit::run(args),
        Command::Backup(args) => backup::run(&args),
        Command::Why(args) => why::run(&args),
        Command::Run(args) => terminal::run(args),
        Command::Pending(args) => terminal::pending(args),
        Command::Show(args) => terminal::show(args),
        Command::Approve(args) => terminal::approve(args),
        Command::Deny(args) => terminal::deny(args),
        Command::Cancel(args) => terminal::cancel(args),
        Command::Resolve(args) => terminal::resolve(args),
        Command::Review(args) => terminal::review(args),
        Command::Token(args) => terminal::token(args),
        Command::Manifest(args) => manifest::run(args),
        Command::Schema => print_json(&config::schema()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            if !complaint.sentence.is_empty() {
                eprintln!("{}", complaint.sentence);
            }
            ExitCode::from(complaint.code)
        }
    }
}

/// The configuration at `path`; without one `countersign.toml` here, else the demo's.
fn configuration(path: Option<&Path>) -> Result<Config, Complaint> {
    if let Some(path) = path {
        return Ok(config::read(path)?);
    }
    let here = PathBuf::from("countersign.toml");
    if here.exists() {
        return Ok(config::read(&here)?);
    }
    eprintln!(
        "There is no countersign.toml here, so this is the demo's configuration. Name another with --config FILE."
    );
    Ok(crate::dev::demo_config()?)
}

/// Is there a ledger that can be read beside the bot? A configuration that cannot be read is not asked.
fn needs_a_ledger_of_its_own(path: &Path) -> Result<(), Complaint> {
    match config::read(path) {
        Ok(config) if config.keeps() == Keeps::Slack => Err(Complaint::usage(NO_LEDGER)),
        _ => Ok(()),
    }
}

const NO_LEDGER: &str = "Slack itself is the ledger here ([ledger] slack = true): what happened stands in the channels, \
                         on the cards and under the requests, and nowhere else. An audit trail that can be checked, \
                         exported and copied needs a database; docs/ledgers.md compares them.";

fn print_json(value: &serde_json::Value) -> Result<(), Complaint> {
    print(&format!("{value:#}"))
}

/// Prints to standard output; a closed pipe is no failure.
fn print(text: &str) -> Result<(), Complaint> {
    use std::io::Write as _;
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Complaint::failed(format!("Nothing can be printed: {error}.")))
        }
        _ => Ok(()),
    }
}

/// The error and its causes as one sentence.
fn sentence(error: &(dyn std::error::Error + 'static)) -> String {
    let line = causes::line(error);
    let mut letters = line.chars();
    let first: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
    let stop = if line.ends_with('?') { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

/// An async runtime for a command that needs one.
fn runtime() -> Result<tokio::runtime::Runtime, Complaint> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Complaint::failed(format!("The program cannot start its threads: {error}.")))
}
