//! Formatting and lints.

use crate::counts::Counts;
use crate::tools::{answers, cargo, count};

/// Formatting and clippy; one count for each.
pub(crate) fn run() -> anyhow::Result<Counts> {
    let mut counts = one("cargo-fmt", &["fmt", "--all", "--check"])?;
    counts.add(clippy(&["--workspace"])?);
    Ok(counts)
}

/// Clippy on all targets of these packages, with these features.
pub(crate) fn clippy(which: &[&str]) -> anyhow::Result<Counts> {
    let arguments = [&["clippy", "--quiet"], which, &["--all-targets", "--", "-D", "warnings"]].concat();
    one("cargo-clippy", &arguments)
}

fn one(program: &str, arguments: &[&str]) -> anyhow::Result<Counts> {
    let line = format!("cargo {}", arguments.join(" "));
    if !answers(program, "--version") {
        println!("skipped: {line}: {program} is not installed");
        return Ok(Counts::skipped());
    }
    let failed = count(cargo().args(arguments))?;
    if failed == Counts::default() {
        println!("ok: {line}");
        return Ok(Counts::passed());
    }
    Ok(failed)
}
