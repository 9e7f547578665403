//! What was acknowledged survives `kill -9`: a child of this very test binary
//! writes and prints what it was told is safe, until it is killed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use countersign_core::audit;

use super::*;

const FOLDER: &str = "COUNTERSIGN_TEST_CRASH_FOLDER";
const ROUNDS: usize = 4;
const PER_ROUND: usize = 40;

/// What the child does, for as long as it lives.
async fn write_until_killed(folder: &Path) {
    let store = SqliteStore::open(database(folder)).await.unwrap();
    let begun = Ledger::open(&store).await.unwrap().len() as u64;
    for number in begun + 1.. {
        let key = number.to_string();
        let one = first(number);
        let two = next(&one);
        let delivery = delivery(&key);
        let (begun, stored) = tokio::join!(store.begin(&key, &one, DUE), store.store(&delivery));
        begun.unwrap();
        stored.unwrap();
        store.append(&[two.clone(), next(&two)], NEXT).await.unwrap();
        println!("safe {number}");
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return write_until_killed(Path::new(&folder)).await;
    }
    let folder = TempDir::new().unwrap();
    let mut safe = Vec::new();
    for _ in 0..ROUNDS {
        safe.extend(run_and_kill(folder.path()));

        let store = SqliteStore::open(database(folder.path())).await.unwrap();
        let waiting = store.waiting().await.unwrap();
        for number in &safe {
            let records = store.load(&first(*number).operation).await.unwrap();
            assert_eq!(records.len(), 3, "operation {number}");
            assert_eq!(audit::verify(&records), Ok(()));
            assert!(waiting.contains(&delivery(&number.to_string())));
        }
        SqliteStore::close(&store).await;
    }
    assert!(safe.len() >= ROUNDS * PER_ROUND);
}

/// Kills the child after it has called so many things safe; says which it did.
fn run_and_kill(folder: &Path) -> Vec<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("sqlite::tests::crash::what_was_acknowledged_survives_a_kill")
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut numbers = lines.filter_map(|line| line.split_once("safe ")?.1.parse().ok());
    let mut safe: Vec<u64> = numbers.by_ref().take(PER_ROUND).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    // What it had printed before it died counts as well.
    safe.extend(numbers);
    safe
}
