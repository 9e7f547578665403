//! `countersign check`: the command line around [`crate::doctor`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use countersign_engine::system::SystemClock;
use serde_json::json;

use super::serve::SlackArgs;
use super::{Complaint, print, print_json, runtime};
use crate::doctor::{self, Ears, Findings, Patient};
use crate::serve;

/// What to check.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = "countersign.toml")]
    config: PathBuf,
    /// The folder of the ledger; without it the configuration's own.
    #[arg(long, value_name = "DIR", env = "COUNTERSIGN_DATA")]
    data: Option<PathBuf>,
    #[command(flatten)]
    slack: SlackArgs,
    /// The bot hears over HTTP, and so needs a signing secret instead of an app token.
    #[arg(long)]
    http: bool,
    /// Leave Slack out.
    #[arg(long)]
    offline: bool,
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: CheckArgs) -> Result<(), Complaint> {
    let patient = Patient {
        ledger: serve::ledger(&args.config, args.data.as_deref()),
        tokens: (!args.offline).then(|| args.slack.tokens()),
        api_url: args.slack.api_url,
        hears: if args.http { Ears::Http } else { Ears::SocketMode },
        clock: Arc::new(SystemClock),
        config: args.config,
    };
    // The runbooks' connections belong to the runtime, even before they are opened.
    let findings = runtime()?.block_on(doctor::examine(&patient));
    let findings = match (findings, args.json) {
        (Ok(findings), _) => findings,
        (Err(errors), false) => return Err(Complaint::from(errors)),
        (Err(errors), true) => {
            print_json(&broken(&patient.config, &errors.to_string()))?;
            return Err(Complaint::silent(2));
        }
    };
    if args.json {
        print_json(&json!({"ok": findings.wrong() == 0, "findings": findings}))?;
    } else {
        print(&format!("{findings}\n{}", conclusion(&findings)))?;
    }
    if findings.wrong() == 0 { Ok(()) } else { Err(Complaint::silent(1)) }
}

fn broken(config: &Path, sentence: &str) -> serde_json::Value {
    let finding = json!({"what": "configuration", "verdict": "wrong", "sentence": sentence});
    json!({"ok": false, "config": config.display().to_string(), "findings": [finding]})
}

fn conclusion(findings: &Findings) -> String {
    match findings.wrong() {
        0 => "Nothing is wrong.".to_owned(),
        1 => "One thing is wrong.".to_owned(),
        n => format!("{n} things are wrong."),
    }
}
