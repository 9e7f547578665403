//! The engine in a deterministic simulation: see `docs/simulation.md`.

use std::process::Command;

use crate::counts::Counts;
use crate::tools::{cargo, succeed};

/// A simulation allocates and frees without end; glibc then keeps more of it at hand, which is a tenth faster. Elsewhere
/// nobody reads it.
pub(crate) const ALLOCATOR: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.tcache_count=64");

/// So many histories are part of the tests.
const HISTORIES: &str = "20000";

/// The histories of the tests: always the same ones, counted as one test.
pub(crate) fn run() -> anyhow::Result<Counts> {
    Ok(match simulate(&["--histories".to_owned(), HISTORIES.to_owned()]) {
        Ok(()) => Counts::passed(),
        Err(_) => Counts::failed(),
    })
}

/// Builds the simulation for speed, and runs it with these arguments.
pub(crate) fn simulate(arguments: &[String]) -> anyhow::Result<()> {
    succeed(program().arg("--").args(arguments))
}

fn program() -> Command {
    let mut cargo = cargo();
    cargo.args(["run", "--quiet", "--profile=simulation", "--package", "countersign-simulation"]);
    cargo.env(ALLOCATOR.0, ALLOCATOR.1);
    cargo
}
