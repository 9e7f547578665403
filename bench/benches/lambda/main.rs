//! `cargo bench -p bench --bench lambda`: how long the whitelist's Lambda takes from its start to its first answer, how
//! much memory it needs and how large it is, beside a bare one in Rust and one in Python with boto3.
//!
//! The benchmark builds what it measures, plays Lambda's runtime interface and AWS on 127.0.0.1, and starts each function
//! anew for every figure.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod cloud;
mod function;

use anyhow::Result;
use cloud::Cloud;
use function::{Function, Start};

const STARTS: usize = 31;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let functions = Function::all()?;
    let cloud = Cloud::open().await?;
    println!(
        "| function | zip, MB | first answer, ms | p90 | resident, MB | with AWS asked: first answer, ms | p90 | resident, MB |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    for function in &functions {
        let plain = measure(&cloud, function, &function.plain).await?;
        let asking = measure(&cloud, function, &function.asking).await?;
        let zip = function.zipped.map_or_else(|| "-".to_owned(), |bytes| format!("{:.1}", bytes / 1e6));
        println!("| {} | {zip} | {} | {} |", function.name, cells(&plain), cells(&asking));
    }
    Ok(())
}

async fn measure(cloud: &Cloud, function: &Function, event: &str) -> Result<Vec<Start>> {
    // The first start reads the program from the disk.
    function.start(cloud, event).await?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(function.start(cloud, event).await?);
    }
    Ok(starts)
}

fn cells(starts: &[Start]) -> String {
    let sorted = |of: fn(&Start) -> f64| {
        let mut all: Vec<f64> = starts.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        move |part: usize| all.get(all.len() * part / 100).copied().unwrap_or_default()
    };
    let (took, resident) = (sorted(|start| start.millis), sorted(|start| start.megabytes));
    format!("{:.1} | {:.1} | {:.1}", took(50), took(90), resident(50))
}
