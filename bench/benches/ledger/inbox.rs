//! Durable appends to the inbox, from 64 writers at once.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use countersign_engine::ports::{Delivery, Inbox as _};
use countersign_store::sqlite::SqliteStore;
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::task::JoinSet;

const WRITERS: usize = 64;
const APPENDS: usize = 200_000;
/// As long as a message event of Slack's.
const BYTES: usize = 700;

pub async fn measure() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let bare = bare(&folder)?;
    let (grouped, alone) = bare.trim().split_once(' ').context("the bare writer says two numbers")?;
    let (grouped, alone): (f64, f64) = (grouped.parse()?, alone.parse()?);
    let ours = ours(folder.path()).await?;
    println!("durable appends, {WRITERS} writers, {BYTES} bytes each");
    println!("  a bare writer thread, a commit for each  {alone:>9.0}/s");
    println!("  a bare writer thread, commits in groups  {grouped:>9.0}/s");
    println!("  the inbox                                {ours:>9.0}/s, {:.2} of it", ours / grouped);
    Ok(())
}

async fn ours(folder: &Path) -> Result<f64> {
    let store = Arc::new(SqliteStore::open(folder.join("ledger.db")).await?);
    let payload = "x".repeat(BYTES);
    let begin = Instant::now();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (store, payload) = (Arc::clone(&store), payload.clone());
        writers.spawn(async move {
            for number in 0..APPENDS / WRITERS {
                let delivery = Delivery {
                    key: format!("msg/T1/C1/{writer}.{number:09}"),
                    kind: "events_api".to_owned(),
                    payload: payload.clone(),
                    received_at: Timestamp::UNIX_EPOCH,
                    retry: None,
                };
                store.store(&delivery).await?;
            }
            anyhow::Ok(())
        });
    }
    for written in writers.join_all().await {
        written?;
    }
    Ok((APPENDS / WRITERS * WRITERS) as f64 / begin.elapsed().as_secs_f64())
}

/// Builds the peer, which has a lock file of its own, and runs it.
fn bare(folder: &TempDir) -> Result<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| here.join("../target"), PathBuf::from);
    let target = target.join("peers/bare-writer");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--manifest-path"])
        .arg(here.join("peers/bare-writer/Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .status()?;
    ensure!(built.success(), "the bare writer does not build");
    let ran = Command::new(target.join("release/bare-writer"))
        .arg(folder.path().join("bare.db"))
        .args([WRITERS, APPENDS, BYTES].map(|number| number.to_string()))
        .output()?;
    ensure!(ran.status.success(), "the bare writer: {}", String::from_utf8_lossy(&ran.stderr));
    Ok(String::from_utf8(ran.stdout)?)
}
