//! The Rust tests.

use crate::counts::Counts;
use crate::tools::{cargo, count};

/// All tests of the workspace, documentation included.
pub(crate) fn run() -> anyhow::Result<Counts> {
    count(cargo().args(["test", "--workspace", "--no-fail-fast"]))
}
