//! How fast payloads are received: verified, stored, answered. Beside us Slack's own libraries, which store
//! nothing, and a bare handler as the limit.
//!
//! Each receiver is a process of its own; this process plays Slack. `-- --long` measures longer.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints what it measures, by the real clock, and is a program of its own"
)]

mod bare;
mod event;
mod http;
mod ours;
mod peers;
mod process;
mod socket;

use anyhow::Result;
use process::{Receiver, Subject};

/// The secret with which events are signed.
const SECRET: &str = "bench-signing-secret";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if let Some(subject) = arguments.iter().position(|argument| argument == "--serve") {
        let name = arguments.get(subject + 1).map_or("", String::as_str);
        return runtime.block_on(serve(name));
    }
    let events = if arguments.iter().any(|argument| argument == "--long") { 400_000 } else { 60_000 };
    runtime.block_on(measure(events))
}

/// This program as one of the receivers.
async fn serve(name: &str) -> Result<()> {
    match name {
        "countersign-http" => ours::http().await,
        "countersign-socket" => ours::socket(&std::env::var("API_URL")?).await,
        "bare" => bare::serve(None).await,
        "bare-storing" => bare::serve(Some(tempfile::tempdir()?.keep().join("bare.db"))).await,
        other => anyhow::bail!("there is no receiver {other}"),
    }
}

async fn measure(events: usize) -> Result<()> {
    println!("signed events over HTTP, 64 connections, {events} distinct events");
    println!("| receiver | events/s | CPU s per 10,000 | p50 ms | p99 ms | p99 ms at half | resident MB |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let bodies = event::signed(events, SECRET)?;
    for subject in Subject::over_http() {
        // The slower ones are given fewer, so that each takes a few seconds.
        let share = bodies.get(..events / subject.slowness).unwrap_or(&bodies);
        let Some(receiver) = Receiver::start(&subject, None).await? else { continue };
        http::fire(&receiver, share.get(..share.len() / 10).unwrap_or(share), None).await?;
        let before = receiver.cpu_seconds()?;
        let full = http::fire(&receiver, share.get(share.len() / 10..).unwrap_or(share), None).await?;
        let cpu = (receiver.cpu_seconds()? - before) * 10_000.0 / full.count as f64;
        let resident = receiver.resident_mb()?;
        let receiver = receiver.again(&subject).await?;
        let half = http::fire(&receiver, share, Some(full.per_second / 2.0)).await?;
        println!(
            "| {} | {:.0} | {cpu:.2} | {:.2} | {:.2} | {:.2} | {resident:.1} |",
            subject.name, full.per_second, full.p50, full.p99, half.p99
        );
    }
    println!("\nSocket Mode, one connection for each that the receiver opens, window 64, {events} envelopes");
    println!("| receiver | acknowledged/s | resident MB |");
    println!("|---|---:|---:|");
    for subject in Subject::over_socket() {
        let slack = socket::Slack::start().await?;
        let Some(receiver) = Receiver::start(&subject, Some(&slack.url)).await? else { continue };
        let per_second = slack.fire(events / subject.slowness).await?;
        println!("| {} | {per_second:.0} | {:.1} |", subject.name, receiver.resident_mb()?);
    }
    Ok(())
}
