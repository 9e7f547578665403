//! The project's chores. `cargo xtask test` is the one that counts.

mod aws;
mod browser;
mod counts;
mod judges;
mod lint;
mod mutate;
mod rust;
mod simulate;
mod structure;
mod terraform;
mod tools;

use std::process::ExitCode;

use counts::Counts;

const USAGE: &str = "usage: cargo xtask COMMAND

  test                               install what the tests need, run all of them, end with a line of counts
  lint                               formatting and clippy alone
  browser                            the page's walk in headless Chromium alone
  judges                             Slack's own SDKs against the emulator alone
  aws                                the ledger in DynamoDB and the whitelist against two emulators alone, and lints of it
  terraform                          the Terraform modules alone: their tests, and the rights that they give
  latency                            how long it takes from a row of the whitelist to a rule, on an emulator
  costs                              what the bot and the whitelist ask of AWS, counted on an emulator, and what it costs
  simulate [--histories N] [--seed S] [--trace]
                                     the engine in a simulation, a history for each seed from S on
  mutate [NAME…]                     engines broken on purpose, each of which the simulation must catch
";

/// A part of the tests: it runs, and says how many passed, failed and were skipped.
type Part = fn() -> anyhow::Result<Counts>;

fn main() -> ExitCode {
    let command = std::env::args().nth(1);
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    let parts: &[(&str, Part)] = match command.as_deref() {
        Some("test") => &[
            ("formatting and lints", lint::run),
            ("which crate knows what", structure::run),
            ("Rust tests", rust::run),
            ("the simulation", simulate::run),
            ("the page in a browser", browser::run),
            ("Slack's SDKs", judges::run),
            ("Terraform", terraform::run),
            ("AWS", aws::run),
        ],
        Some("lint") => &[("formatting and lints", lint::run)],
        Some("browser") => &[("the page in a browser", browser::run)],
        Some("aws") => &[("lints of what needs AWS", aws::lint), ("AWS", aws::run)],
        Some("terraform") => &[("Terraform", terraform::run)],
        Some("judges") => &[("Slack's SDKs", judges::run)],
        Some("latency") => return ended(aws::latency()),
        Some("costs") => return ended(aws::costs()),
        Some("simulate") => return ended(simulate::simulate(&arguments)),
        Some("mutate") => {
            let counts = mutate::run(&arguments);
            return ended(counts.and_then(|counts| {
                println!("\n{counts}");
                anyhow::ensure!(counts.is_good(), "not every mutation was caught");
                Ok(())
            }));
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut total = Counts::default();
    for (name, part) in parts {
        println!("\n── {name} ──");
        match part() {
            Ok(counts) => total.add(counts),
            Err(error) => {
                println!("{name}: {error:#}");
                total.add(Counts::failed());
            }
        }
    }
    println!("\n{total}");
    if total.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn ended(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
