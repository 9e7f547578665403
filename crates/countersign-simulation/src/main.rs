//! `countersign-simulation --histories N --seed S [--trace]`: makes histories one after the other, from seed S on.
#![expect(clippy::print_stdout, reason = "it talks to a terminal")]

use std::process::ExitCode;
use std::time::Instant;

use countersign_simulation::{Census, Trace, simulate};

/// What was asked for.
struct Asked {
    histories: u64,
    seed: u64,
    trace: Trace,
    /// Stop after so many seeds with violations.
    most: usize,
}

fn main() -> ExitCode {
    let Some(asked) = read(std::env::args().skip(1)) else {
        println!("usage: countersign-simulation [--histories N] [--seed S] [--trace] [--all]");
        return ExitCode::from(2);
    };
    let begin = Instant::now();
    let mut census = Census::default();
    let (mut bad, mut made) = (0, 0);
    for seed in asked.seed..asked.seed.saturating_add(asked.histories) {
        let simulated = simulate(seed, asked.trace);
        census.add(&simulated.census);
        made += 1;
        print!("{}", simulated.trace);
        if simulated.violations.is_empty() {
            continue;
        }
        bad += 1;
        for violation in &simulated.violations {
            println!("seed {seed}: VIOLATION: {}: {}", violation.promise, violation.what);
        }
        if bad == 1 && asked.trace == Trace::Off {
            print!("{}", simulate(seed, Trace::On).trace);
            println!("again: cargo xtask simulate --seed {seed} --histories 1 --trace");
        }
        if bad >= asked.most {
            break;
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("{census}");
    let rate = made as f64 / seconds;
    println!("{made} histories in {seconds:.1} s, {rate:.0} per second; {bad} with violations");
    if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The arguments; `None` where they make no sense.
fn read(mut arguments: impl Iterator<Item = String>) -> Option<Asked> {
    let mut asked = Asked { histories: 1_000, seed: 1, trace: Trace::Off, most: 1 };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--histories" => asked.histories = arguments.next()?.parse().ok()?,
            "--seed" => asked.seed = arguments.next()?.parse().ok()?,
            "--trace" => asked.trace = Trace::On,
            "--all" => asked.most = usize::MAX,
            _ => return None,
        }
    }
    Some(asked)
}
