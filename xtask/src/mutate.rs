//! Mutations of the engine that the simulation must catch.
//!
//! Each file in `xtask/mutations` is one: a title, then for every change the file, what stands in it once, and
//! what is to stand there instead.
//!
//! ```text
//! # The plan is not made again
//! @ crates/countersign-engine/src/pipeline/verify.rs
//! --- is
//!         if fingerprint == proposal.fingerprint {
//! --- becomes
//!         if true {
//! ```

mod mutation;
mod tree;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::counts::Counts;
use crate::simulate::ALLOCATOR;
use crate::tools::root;
use mutation::Mutation;
use tree::Tree;

/// A mutation must be caught within so many histories.
const HISTORIES: &str = "20000";
/// A run that takes longer is stopped, in seconds: the machine is busy, or the mutated engine goes round in circles.
/// Nobody knows then whether it would have been caught.
const PATIENCE: &str = "900";

/// What became of a mutation.
enum Fate {
    /// So many histories were enough.
    Caught { histories: String, promise: String },
    /// It took too long.
    Undecided,
    /// Nothing was seen.
    Survived,
}

/// Tries every mutation, or those whose file's name contains one of `names`; one count for each.
pub(crate) fn run(names: &[String]) -> anyhow::Result<Counts> {
    let tree = Tree::copy()?;
    let mut counts = Counts::default();
    for path in paths(names)? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match attempt(&tree, &path) {
            Ok((title, Fate::Caught { histories, promise })) => {
                println!("caught: {name}: {title}: after {histories} histories: {promise}");
                counts.add(Counts::passed());
            }
            Ok((title, Fate::Undecided)) => {
                println!("UNDECIDED: {name}: {title}: it took longer than {PATIENCE} s");
                counts.add(Counts::failed());
            }
            Ok((title, Fate::Survived)) => {
                println!("SURVIVED: {name}: {title}");
                counts.add(Counts::failed());
            }
            Err(error) => {
                println!("FAIL: {name}: {error:#}");
                counts.add(Counts::failed());
            }
        }
    }
    Ok(counts)
}

fn paths(names: &[String]) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let folder = root().join("xtask/mutations");
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if names.is_empty() || names.iter().any(|wanted| name.contains(wanted.as_str())) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn attempt(tree: &Tree, path: &Path) -> anyhow::Result<(String, Fate)> {
    let mutation = Mutation::read(path)?;
    let before = mutation.apply(tree.folder())?;
    let fate = tree.build().and_then(|()| simulate(&tree.program()));
    for (path, text) in before {
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok((mutation.title, fate?))
}

fn simulate(program: &Path) -> anyhow::Result<Fate> {
    let output = Command::new("timeout")
        .arg(PATIENCE)
        .arg(program)
        .args(["--histories", HISTORIES])
        .env(ALLOCATOR.0, ALLOCATOR.1)
        .stderr(Stdio::null())
        .output()
        .context("the simulation does not start")?;
    let text = String::from_utf8_lossy(&output.stdout);
    match output.status.code() {
        Some(0) => Ok(Fate::Survived),
        Some(124) => Ok(Fate::Undecided),
        Some(1) => {
            let violation = text.lines().find_map(|line| line.split_once(": VIOLATION: "));
            let Some((_, promise)) = violation else { bail!("the simulation failed without a violation") };
            let histories = text.lines().find_map(|line| line.split_once(" histories in "));
            let histories = histories.map_or("some", |(number, _)| number).to_owned();
            let promise = promise.split(':').next().unwrap_or_default().to_owned();
            Ok(Fate::Caught { histories, promise })
        }
        code => bail!("the simulation ended with {code:?}"),
    }
}
