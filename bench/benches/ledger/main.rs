//! `cargo bench -p bench --bench ledger`: the SQLite ledger and inbox, beside a bare writer, and with a million
//! operations in it (`-- --operations 1000000`; without it 50,000).
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod inbox;
mod million;

use anyhow::{Context as _, Result};

const OPERATIONS: u64 = 50_000;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--operations").skip(1);
    let operations = match arguments.next() {
        Some(number) => number.parse().context("--operations takes a number")?,
        None => OPERATIONS,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        inbox::measure().await?;
        million::measure(operations).await
    })
}
