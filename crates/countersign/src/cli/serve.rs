//! `countersign serve`: the command line around [`crate::serve`].

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::log::{self, LogFormat};
use super::{Complaint, print, runtime, sentence, signals};
use crate::bot;
use crate::serve::{self, Hears, Serve, StartError, Stopped};
use crate::tokens::Source;

/// How to start.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = "countersign.toml")]
    config: PathBuf,
    /// The folder of the ledger; without it the configuration's own. Not used where Slack itself is the ledger:
    /// that needs COUNTERSIGN_LEDGER_KEY, and writes no file.
    #[arg(long, value_name = "DIR", env = "COUNTERSIGN_DATA")]
    data: Option<PathBuf>,
    #[command(flatten)]
    slack: SlackArgs,
    /// Take Slack's requests (events, slash commands, interactivity) at this address, instead of Socket Mode.
    #[arg(long, value_name = "ADDR")]
    http: Option<SocketAddr>,
    /// Socket Mode beside --http, while an app moves from one to the other.
    #[arg(long, requires = "http")]
    socket_mode: bool,
    /// Say at this address, under /healthz, how the bot is; --http does so at its own.
    #[arg(long, value_name = "ADDR")]
    health: Option<SocketAddr>,
    /// How to write the log, on standard error.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

/// Where Slack is, and how to be let in.
#[derive(Debug, Args)]
pub(super) struct SlackArgs {
    /// A JSON file with `bot_token`, `app_token` and `signing_secret`; without it the environment is asked for
    /// SLACK_BOT_TOKEN, SLACK_APP_TOKEN and SLACK_SIGNING_SECRET. Where Slack itself is the ledger, `ledger_key` or
    /// COUNTERSIGN_LEDGER_KEY as well.
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
    /// Another Slack API, for tests.
    #[arg(
        long = "slack-api-url",
        value_name = "URL",
        env = "COUNTERSIGN_SLACK_API_URL",
        default_value = countersign_slack::web_api::DEFAULT_BASE
    )]
    pub(super) api_url: String,
}

impl SlackArgs {
    /// Where the tokens are.
    pub(super) fn tokens(&self) -> Source {
        Source::from_environment(self.tokens.as_deref())
    }
}

pub(super) fn run(args: ServeArgs) -> Result<(), Complaint> {
    log::to_stderr(args.log_format, "info")?;
    let tokens = args.slack.tokens();
    let settings = serve::Settings {
        config: args.config,
        data: args.data,
        api_url: args.slack.api_url,
        tokens,
        hears: hears(args.http, args.socket_mode),
        health: args.health,
    };
    runtime()?.block_on(async {
        let mut stopped = std::pin::pin!(signals::stop()?);
        let running = tokio::select! {
            () = &mut stopped => return print(GOODBYE),
            running = serve::start(settings) => running.map_err(|error| complaint(&error))?,
        };
        let mut deaf = None;
        tokio::select! {
            () = &mut stopped => {}
            connected = running.connected() => {
                connected.map_err(|deaf| Complaint::usage(sentence(&deaf)))?;
                print(&welcome(&running))?;
                tokio::select! {
                    () = stopped => {}
                    why = running.deaf() => deaf = Some(why),
                }
            }
        }
        let ended = running.stop().await;
        if let Some(deaf) = deaf {
            return Err(Complaint::usage(sentence(&deaf)));
        }
        match ended {
            Stopped::Done => print(GOODBYE),
            Stopped::InHand => print(UNFINISHED),
        }
    })
}

const GOODBYE: &str = "Countersign has stopped. Nothing is in hand.";
const UNFINISHED: &str = "Countersign has stopped. What was still in hand is taken up by the next start.";

fn hears(http: Option<SocketAddr>, socket_mode: bool) -> Hears {
    match http {
        None => Hears::SocketMode,
        Some(address) if socket_mode => Hears::Both(address),
        Some(address) => Hears::Http(address),
    }
}

/// What is in the way; 2 when the person has to change something.
fn complaint(error: &StartError) -> Complaint {
    match error {
        StartError::Config(errors) => Complaint::from(errors.clone()),
        StartError::Bot(bot::StartError::Slack(refused)) if refused.code().is_none() => {
            Complaint::failed(sentence(error))
        }
        StartError::Bot(bot::StartError::Resume(_)) => Complaint::failed(sentence(error)),
        _ => Complaint::usage(sentence(error)),
    }
}

fn welcome(running: &Serve) -> String {
    let mut lines = vec!["Countersign serves. Stop it with Ctrl-C or SIGTERM.".to_owned()];
    if let Some(address) = running.http() {
        lines.push(format!("Slack's requests: http://{address}/slack"));
    }
    if let Some(address) = running.health().or(running.http()) {
        lines.push(format!("Health: http://{address}/healthz"));
    }
    lines.join("\n")
}
