//! How fast a ledger is verified, and what of it takes the time.
//!
//! `cargo bench -p bench --bench audit`, with `-- --short` for 100,000 events instead of 1,000,000. The ledger is made
//! in a temporary folder first, by the store itself.

mod ledger;

use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use countersign::audit;
use countersign_core::audit::{Hash, Written};
use countersign_core::canonical::canonical_text;
use countersign_core::operation::{Event, Operation};
use countersign_engine::ports::{Chain, Trail as _};
use countersign_store::sqlite::SqliteTrail;

/// So many clock ticks make a second, on every Linux.
const TICKS: f64 = 100.0;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let operations = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => 125_000,
        ["--short"] => 12_500,
        words => bail!("unknown arguments {words:?}; there is --short and nothing else"),
    };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("ledger.db");
    ledger::make(&path, operations).await?;
    let trail = SqliteTrail::open(&path).await?;
    let mut out = std::io::stdout().lock();
    let megabytes = std::fs::metadata(&path)?.len() / 1_000_000;
    writeln!(out, "{operations} operations, {} events, {megabytes} MB\n", operations * ledger::EVENTS)?;
    writeln!(out, "| what | s | s of processor time | events/s of processor time |\n|---|---:|---:|---:|")?;

    let chains = figure(&mut out, "read", async { read(&trail).await }).await?;
    let events = || chains.iter().flat_map(|chain| &chain.records);
    figure(&mut out, "canonical text", async { canonical(events()) }).await?;
    figure(&mut out, "SHA-256", async { hash(events()) }).await?;
    figure(&mut out, "parse", async { parse(events()) }).await?;
    figure(&mut out, "chain: canonical text, SHA-256, parse", async { chain(&chains) }).await?;
    figure(&mut out, "chain, and fold", async { fold(&chains) }).await?;
    drop(chains);
    let checked =
        figure(&mut out, "verify: all of it", async { Ok(audit::verify(&trail, &[]).await?) }).await?;
    ensure!(checked.faults.is_empty() && checked.newer == 0, "it is sound: {:?}", checked.faults);
    writeln!(out, "\n{} MB resident at most", peak_megabytes()?)?;
    Ok(())
}

/// What `doing` gives, after a line that says how long it took.
async fn figure<T>(
    out: &mut impl std::io::Write,
    what: &str,
    doing: impl Future<Output = Result<T>>,
) -> Result<T> {
    let (began, before) = (Instant::now(), processor_seconds()?);
    let done = doing.await?;
    let (wall, processor) = (began.elapsed().as_secs_f64(), processor_seconds()? - before);
    let events = ledger::made() / processor.max(1.0 / TICKS);
    writeln!(out, "| {what} | {wall:.2} | {processor:.2} | {events:.0} |")?;
    Ok(done)
}

async fn read(trail: &SqliteTrail) -> Result<Vec<Chain>> {
    let (mut from, mut chains) = (None, Vec::new());
    loop {
        let page = trail.chains(from.as_deref()).await?;
        chains.extend(page.chains);
        match page.next {
            Some(next) => from = Some(next),
            None => return Ok(chains),
        }
    }
}

fn canonical<'a>(events: impl Iterator<Item = &'a Written>) -> Result<()> {
    for event in events {
        black_box(canonical_text(&event.event)?);
    }
    Ok(())
}

fn hash<'a>(events: impl Iterator<Item = &'a Written>) -> Result<()> {
    for event in events {
        black_box(Hash::of_bytes(event.event.as_bytes()));
    }
    Ok(())
}

fn parse<'a>(events: impl Iterator<Item = &'a Written>) -> Result<()> {
    for event in events {
        black_box(serde_json::from_str::<Event>(&event.event)?);
    }
    Ok(())
}

fn chain(chains: &[Chain]) -> Result<()> {
    for chain in chains {
        black_box(countersign_core::audit::read(&chain.id.parse()?, &chain.records)?);
    }
    Ok(())
}

fn fold(chains: &[Chain]) -> Result<()> {
    for chain in chains {
        let records = countersign_core::audit::read(&chain.id.parse()?, &chain.records)?;
        black_box(Operation::fold(&records)?);
    }
    Ok(())
}

/// The processor time of this process and its threads until now, in seconds (Linux).
fn processor_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program, which may hold anything, ends with the last bracket; utime and stime are 11 further on.
    let after = stat.rsplit_once(") ").context("/proc/self/stat has no name")?.1;
    let ticks: Vec<f64> = after.split(' ').skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / TICKS)
}

/// The most memory that was resident, in MB (Linux).
fn peak_megabytes() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("there is no VmHWM")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1_000)
}
