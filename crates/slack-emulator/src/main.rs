//! A Slack workspace on 127.0.0.1, as a program.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use slack_emulator::{Emulator, Options, RateLimits, Seed, StoreLocation, SystemClock, Transport};

/// A Slack workspace in a box: point an app at it, and open its page.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen on 127.0.0.1; 0 takes any free port
    #[arg(long, default_value_t = 7878)]
    port: u16,
    /// Keep the workspace in this folder (workspace.db); without it, it is gone at the end
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Read people, channels and the app from this JSON file; without it, the demo workspace
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// Reach the app with signed requests to this URL (http://127.0.0.1:…) instead of through its sockets
    #[arg(long, value_name = "URL", value_parser = Transport::http)]
    http: Option<Transport>,
    /// Forget what the folder holds
    #[arg(long, requires = "data")]
    fresh: bool,
    /// Take calls as fast as they come, instead of answering 429 where Slack would
    #[arg(long)]
    no_rate_limits: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("{wrong:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let seed = seed(arguments.seed.as_ref())?;
    let store = store(arguments.data.as_ref(), arguments.fresh)?;
    let rate_limits = if arguments.no_rate_limits { RateLimits::Off } else { RateLimits::On };
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let options = Options {
        addr,
        store,
        seed: seed.clone(),
        transport: arguments.http,
        clock: Arc::new(SystemClock),
        rate_limits,
        aside: None,
    };
    let emulator = Emulator::start(options).await?;
    greet(&emulator, &seed);
    tokio::signal::ctrl_c().await.context("The program cannot hear Ctrl-C.")?;
    emulator.shutdown().await;
    Ok(())
}

fn seed(path: Option<&PathBuf>) -> anyhow::Result<Seed> {
    let Some(path) = path else { return Ok(Seed::demo()) };
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no seed.", path.display()))
}

fn store(data: Option<&PathBuf>, fresh: bool) -> anyhow::Result<StoreLocation> {
    let Some(folder) = data else { return Ok(StoreLocation::Memory) };
    std::fs::create_dir_all(folder)
        .with_context(|| format!("The folder {} cannot be made.", folder.display()))?;
    let file = folder.join("workspace.db");
    if fresh {
        slack_emulator::forget(&file)?;
    }
    Ok(StoreLocation::File(file))
}

/// Says where everything is. A terminal that has gone away does not matter.
fn greet(emulator: &Emulator, seed: &Seed) {
    let mut text = format!(
        "{} is at {}\n\n\
         In the app that you develop:\n  \
           SLACK_API_URL={}\n  \
           SLACK_BOT_TOKEN={}\n  \
           SLACK_APP_TOKEN={}\n  \
           SLACK_SIGNING_SECRET={}\n\n\
         To act as a person, with any Slack client:\n",
        seed.team.name,
        emulator.url(),
        emulator.api_url(),
        seed.app.bot_token.reveal(),
        seed.app.app_token.reveal(),
        seed.app.signing_secret.reveal(),
    );
    for person in &seed.people {
        if let Some(token) = &person.token {
            text.push_str(&format!("  {:<16} {}\n", token.reveal(), person.real_name));
        }
    }
    text.push_str("\nCtrl-C stops it.\n");
    let _ = std::io::stdout().write_all(text.as_bytes());
}
