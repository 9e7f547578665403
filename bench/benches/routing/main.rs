//! Routing one sentence to its command with its arguments: the tree of tokens
//! beside a list of compiled regular expressions tried in turn.
//!
//! `cargo bench -p bench --bench routing`, with `-- --full` for the list of
//! 10,000 regular expressions too, which takes most of a gigabyte. Every
//! figure comes from a process of its own, so that none profits from memory
//! that another has left.

mod catalog;

use std::hint::black_box;
use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bench::resident_bytes;
use countersign_core::command::catalog::Catalog;
use countersign_core::command::kind::Vocabulary;
use countersign_core::router::Routing;
use regex::Regex;

const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];
const SENTENCES: usize = 1_000;
const ROUNDS: usize = 7;

/// One measured way to route.
struct Figure {
    nanoseconds: f64,
    bytes: u64,
    /// Sentences of [`SENTENCES`] that ran a command.
    hits: usize,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| *word != "--bench").collect();
    let mut out = std::io::stdout().lock();
    match words.as_slice() {
        ["measure", way, size] => {
            let figure = measure(way, size.parse()?)?;
            writeln!(out, "{} {} {}", figure.nanoseconds, figure.bytes, figure.hits)?;
        }
        [] => table(&mut out, 1_000)?,
        ["--full"] => table(&mut out, 10_000)?,
        _ => bail!("unknown arguments {words:?}; there is --full and nothing else"),
    }
    Ok(())
}

/// Prints all figures; the list of regular expressions up to `most` commands.
///
/// Neither way's memory counts what the commands declare, which both need beside it.
fn table(out: &mut impl std::io::Write, most: usize) -> Result<()> {
    writeln!(
        out,
        "| commands | tree, ns | tree, MB | declarations, MB | to compile, ms | regexes, ns | regexes, MB |"
    )?;
    writeln!(out, "|---:|---:|---:|---:|---:|---:|---:|")?;
    for size in SIZES {
        let declared = in_own_process("declarations", size)?.bytes;
        let compiled = in_own_process("compile", size)?.nanoseconds / 1e6;
        let tree = in_own_process("tree", size)?;
        let own = megabytes(tree.bytes.saturating_sub(declared));
        write!(
            out,
            "| {size} | {:.0} | {own:.1} | {:.1} | {compiled:.0} |",
            tree.nanoseconds,
            megabytes(declared)
        )?;
        if size > most {
            writeln!(out, " not run | not run |")?;
            continue;
        }
        let list = in_own_process("list", size)?;
        if list.hits != tree.hits {
            bail!("the tree finds {} commands, the list {}", tree.hits, list.hits);
        }
        writeln!(out, " {:.0} | {:.1} |", list.nanoseconds, megabytes(list.bytes))?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn in_own_process(way: &str, size: usize) -> Result<Figure> {
    let program = std::env::current_exe()?;
    let output = Command::new(program).args(["measure", way, &size.to_string()]).output()?;
    if !output.status.success() {
        bail!("measuring {way} at {size}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8(output.stdout)?;
    let mut fields = text.split_whitespace();
    let mut field = || fields.next().context("a figure is missing");
    Ok(Figure { nanoseconds: field()?.parse()?, bytes: field()?.parse()?, hits: field()?.parse()? })
}

fn measure(way: &str, size: usize) -> Result<Figure> {
    let sentences = catalog::sentences(size, SENTENCES);
    match way {
        "tree" => tree(size, &sentences),
        "declarations" => declarations(size),
        "compile" => compile(size),
        "list" => list(size, &sentences),
        _ => bail!("unknown way {way}"),
    }
}

/// What the commands' authors wrote, which any way to route needs beside itself.
fn declarations(size: usize) -> Result<Figure> {
    let before = resident_bytes()?;
    let specs = black_box(catalog::specs(size));
    let bytes = resident_bytes()?.saturating_sub(before);
    Ok(Figure { nanoseconds: 0.0, bytes, hits: specs.len() })
}

/// How long it takes to check and compile the commands, once, as at a start.
fn compile(size: usize) -> Result<Figure> {
    let specs = catalog::specs(size);
    let start = Instant::now();
    let catalog = Catalog::compile(specs, &Vocabulary::default())?;
    let nanoseconds = start.elapsed().as_secs_f64() * 1e9;
    Ok(Figure { nanoseconds, bytes: 0, hits: catalog.commands().len() })
}

/// The catalog with all that its commands declare.
fn tree(size: usize, sentences: &[String]) -> Result<Figure> {
    let before = resident_bytes()?;
    let catalog = Catalog::compile(catalog::specs(size), &Vocabulary::default())?;
    let bytes = resident_bytes()?.saturating_sub(before);
    let route = |sentence: &str| matches!(black_box(catalog.route(sentence)), Routing::Route { .. });
    Ok(timed(sentences, bytes, route))
}

/// The expressions alone: each is tried until one matches, whose groups are then copied.
fn list(size: usize, sentences: &[String]) -> Result<Figure> {
    let texts = {
        let catalog = Catalog::compile(catalog::specs(size), &Vocabulary::default())?;
        catalog.commands().iter().flat_map(|command| catalog.regexes(command)).collect::<Vec<_>>()
    };
    let before = resident_bytes()?;
    let list = texts.iter().map(|text| Regex::new(text)).collect::<Result<Vec<_>, _>>()?;
    let route = |sentence: &str| {
        list.iter().find(|regex| regex.is_match(sentence)).is_some_and(|regex| {
            let groups = regex.captures(sentence).map(|groups| {
                let names = regex.capture_names().flatten();
                names
                    .filter_map(|name| Some((name.to_owned(), groups.name(name)?.as_str().to_owned())))
                    .collect::<Vec<_>>()
            });
            black_box(groups).is_some()
        })
    };
    let mut figure = timed(sentences, 0, route);
    // A regular expression takes its working memory when it is first used.
    figure.bytes = resident_bytes()?.saturating_sub(before);
    Ok(figure)
}

/// The median round's time for one sentence.
fn timed(sentences: &[String], bytes: u64, route: impl Fn(&str) -> bool) -> Figure {
    let hits = sentences.iter().filter(|sentence| route(sentence)).count();
    let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| round(sentences, &route)).collect();
    rounds.sort_by(f64::total_cmp);
    Figure { nanoseconds: rounds.get(ROUNDS / 2).copied().unwrap_or(f64::NAN), bytes, hits }
}

/// Nanoseconds for one sentence, from at least a fifth of a second.
fn round(sentences: &[String], route: &impl Fn(&str) -> bool) -> f64 {
    let start = Instant::now();
    let mut passes = 0_u32;
    while start.elapsed() < Duration::from_millis(200) {
        for sentence in sentences {
            black_box(route(black_box(sentence)));
        }
        passes += 1;
    }
    start.elapsed().as_secs_f64() * 1e9 / (f64::from(passes) * sentences.len() as f64)
}
