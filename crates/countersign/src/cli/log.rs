//! The program's log, on standard error.

use std::io::IsTerminal as _;

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

use super::Complaint;

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Logs from now on: what COUNTERSIGN_LOG or RUST_LOG say, and else this `level` and worse.
pub(super) fn to_stderr(format: LogFormat, level: &str) -> Result<(), Complaint> {
    let log = tracing_subscriber::fmt().with_env_filter(filter(level)?).with_writer(std::io::stderr);
    let _ = match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this is the edge where the program's environment is read")]
fn filter(level: &str) -> Result<EnvFilter, Complaint> {
    for name in ["COUNTERSIGN_LOG", "RUST_LOG"] {
        let Some(wanted) = std::env::var(name).ok().filter(|wanted| !wanted.is_empty()) else { continue };
        return EnvFilter::try_new(&wanted).map_err(|error| {
            Complaint::usage(format!("{name} cannot be understood: {error}. Try {name}=info."))
        });
    }
    EnvFilter::try_new(level).map_err(|error| Complaint::failed(error.to_string()))
}
