//! A copy of the sources, to be changed and built without touching the real ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};

use crate::tools::{cargo, root, target};

/// What the simulation is built from, and what cargo wants to see of the rest.
const COPIED: [&str; 6] = ["Cargo.toml", "Cargo.lock", "crates", "xtask", "bench", "clippy.toml"];

/// What is built anew for every mutation. All else is built once, and may be quick.
const OURS: [&str; 3] = ["countersign-core", "countersign-engine", "countersign-simulation"];

/// The copy.
pub(super) struct Tree {
    folder: PathBuf,
    builds: PathBuf,
}

impl Tree {
    /// A fresh copy; one that is there is brought up to date, so that little has to be built again.
    pub(super) fn copy() -> anyhow::Result<Self> {
        let here = target().join("mutate");
        let tree = Self { folder: here.join("tree"), builds: here.join("target") };
        COPIED.iter().try_for_each(|name| bring(&root().join(name), &tree.folder.join(name)))?;
        Ok(tree)
    }

    /// Where it is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The simulation that was built from it.
    pub(super) fn program(&self) -> PathBuf {
        self.builds.join("release/countersign-simulation")
    }

    /// Builds the simulation: quickly rather than well, as every mutation is built anew.
    pub(super) fn build(&self) -> anyhow::Result<()> {
        let output = cargo()
            .current_dir(&self.folder)
            .args(["build", "--quiet", "--release", "--package", "countersign-simulation"])
            .args(OURS.map(|name| format!("--config=profile.release.package.{name}.opt-level=0")))
            .env("CARGO_TARGET_DIR", &self.builds)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_INCREMENTAL", "true")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64")
            .stdout(Stdio::null())
            .output()
            .context("cargo build does not start")?;
        if !output.status.success() {
            bail!("it does not build:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }
}

/// Copies a file or a folder, but only what differs: cargo goes by the time of a change.
fn bring(from: &Path, to: &Path) -> anyhow::Result<()> {
    if from.is_file() {
        let new = fs::read(from).with_context(|| format!("{} cannot be read", from.display()))?;
        if fs::read(to).is_ok_and(|old| old == new) {
            return Ok(());
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        return fs::write(to, new).with_context(|| format!("{} cannot be written", to.display()));
    }
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    for entry in entries {
        let name = entry?.file_name();
        if name != "target" && name != "node_modules" {
            bring(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}
