//! The `countersign` program.

use std::process::ExitCode;

use clap::Parser as _;
use countersign::cli::{Cli, run};

fn main() -> ExitCode {
    // Two TLS providers may be linked in; choosing one here keeps rustls from having to guess.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    run(Cli::parse())
}
