//! The figures of the walk: what `countersign dev` takes from a sentence to its
//! card, from the last vote to the outcome, to start, and of memory.
//!
//! `cargo bench -p bench --bench walk` starts the release build as a newcomer
//! would, on a folder that is forgotten afterwards, and speaks to it over HTTP
//! alone. With `-- --long` a thousand operations instead of a hundred. The
//! environment variable `COUNTERSIGN` names another program to measure.

mod eyes;
mod figures;
mod office;
mod program;

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use eyes::{Eyes, Way};
use figures::Figures;
use office::{ANA, BEN, Office};
use program::Program;

/// How long to wait between two operations, and for the program to come to rest.
const PAUSE: Duration = Duration::from_millis(50);
/// Nobody signs what they have not looked at; the bot refuses a vote that arrives before
/// the ledger knows that the card was shown, a disk's flush after it is to be seen. And a card
/// is drawn once a second at most, whoever looks.
const GLANCE: Duration = Duration::from_millis(1_100);
const REST: Duration = Duration::from_secs(3);
const STARTS: usize = 10;

/// What one way of looking has measured.
struct Walked {
    card: Figures,
    outcome: Figures,
    /// How long one look took.
    looks: Figures,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| *word != "--bench").collect();
    let operations = match words.as_slice() {
        [] => 100,
        ["--long"] => 1_000,
        _ => bail!("unknown arguments {words:?}; there is --long and nothing else"),
    };
    let binary = program::binary()?;
    let folder = tempfile::tempdir()?;
    let running = Program::start(&binary, folder.path()).await?;
    tokio::time::sleep(REST).await;
    let before = running.resident_megabytes()?;
    let office = Office::at(running.page())?;
    let asked = walk(&office, Way::Asking, 0..operations).await?;
    let shown = walk(&office, Way::Page, operations..2 * operations).await?;
    tokio::time::sleep(REST).await;
    let after = running.resident_megabytes()?;
    running.stop().await?;
    let restarted = at_rest(&binary, folder.path()).await?;
    let existing = starts(&binary, Some(folder.path())).await?;
    let fresh = starts(&binary, None).await?;

    let mut out = std::io::stdout().lock();
    writeln!(out, "| figure | goal | median | p95 | max | of |\n|---|---:|---:|---:|---:|---:|")?;
    writeln!(out, "{}", asked.card.row("sentence → card, by asking the Web API", "30 ms"))?;
    writeln!(out, "{}", shown.card.row("sentence → card, on the open page", "30 ms"))?;
    writeln!(out, "{}", asked.outcome.row("last vote → Done, by asking the Web API", "30 ms"))?;
    writeln!(out, "{}", shown.outcome.row("last vote → Done, on the open page", "30 ms"))?;
    writeln!(out, "{}", existing.row("start on the walk's folder", "1,000 ms"))?;
    writeln!(out, "{}", fresh.row("start on a new folder", "1,000 ms"))?;
    writeln!(out, "| resident at rest, before the walk | 40 MB | {before:.1} MB | | | 1 |")?;
    writeln!(out, "| resident at rest, after the walk | 40 MB | {after:.1} MB | | | 1 |")?;
    writeln!(
        out,
        "| resident at rest, started again on the walk's folder | 40 MB | {restarted:.1} MB | | | 1 |"
    )?;
    writeln!(out, "{}", asked.looks.row("(one look at the Web API)", ""))?;
    Ok(())
}

/// Runs operations one after the other, each on a row of its own as long as there are rows.
async fn walk(office: &Office, way: Way, numbers: std::ops::Range<usize>) -> Result<Walked> {
    let (mut card, mut outcome, mut looks) = (Figures::default(), Figures::default(), Figures::default());
    for number in numbers {
        let sent = Instant::now();
        let root = office.say(ANA, &office::sentence(number)).await?;
        let mut eyes = Eyes::on(office, &root, way).await?;
        eyes.until(|thread| thread.contains("Waiting for signatures")).await?;
        card.add(sent.elapsed());
        tokio::time::sleep(GLANCE).await;
        office.sign(ANA, &root).await?;
        eyes.until(|thread| thread.contains("Signed") && !thread.contains("nobody yet")).await?;
        tokio::time::sleep(PAUSE).await;
        let voted = Instant::now();
        office.sign(BEN, &root).await?;
        eyes.until(|thread| thread.contains("Done")).await?;
        outcome.add(voted.elapsed());
        looks.extend(eyes.looks());
        tokio::time::sleep(PAUSE).await;
    }
    Ok(Walked { card, outcome, looks })
}

/// The memory of a program that was just started on `folder`, in megabytes.
async fn at_rest(binary: &Path, folder: &Path) -> Result<f64> {
    let running = Program::start(binary, folder).await?;
    tokio::time::sleep(REST).await;
    let resident = running.resident_megabytes()?;
    running.stop().await?;
    Ok(resident)
}

/// How long the program takes until it says that it runs: on `folder`, or on a new one each time.
async fn starts(binary: &Path, folder: Option<&Path>) -> Result<Figures> {
    let mut figures = Figures::default();
    for _ in 0..STARTS {
        let new = tempfile::tempdir()?;
        let begun = Instant::now();
        let running = Program::start(binary, folder.unwrap_or(new.path())).await?;
        figures.add(begun.elapsed());
        running.stop().await?;
    }
    Ok(figures)
}
