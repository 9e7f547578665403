//! Which crate may depend on what.

use anyhow::{Context as _, bail};

use crate::counts::Counts;
use crate::tools::cargo;

/// A crate, and what must not be among everything that it is built from.
const FORBIDDEN: [(&str, &[&str]); 6] = [
    // The core decides; it has no runtime, no network, no database and no randomness.
    ("countersign-core", &["tokio", "reqwest", "sqlx", "hyper", "async-trait", "getrandom", "rand"]),
    // The engine acts through ports; it knows no chat product and no store.
    ("countersign-engine", &["reqwest", "sqlx", "hyper", "countersign-slack", "countersign-store"]),
    // The wire and the stores do not know each other.
    ("countersign-slack", &["sqlx", "countersign-store", "countersign-runbooks", "slack-emulator"]),
    // Built as it comes, nothing of AWS is in the program: the SDK makes every build longer.
    ("countersign", &["aws-config", "aws-sdk-dynamodb", "aws-sdk-ec2", "aws-smithy-runtime"]),
    ("ip-whitelist-manager", &["aws-config", "aws-sdk-dynamodb", "aws-sdk-ec2", "reqwest", "sqlx"]),
    // The emulator is for any Slack app.
    ("slack-emulator", &["countersign-core", "countersign-engine", "countersign-slack", "countersign"]),
];

/// One count for each crate with a rule.
pub(crate) fn run() -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    for (package, forbidden) in FORBIDDEN {
        let built_from = dependencies(package)?;
        let found: Vec<&str> =
            forbidden.iter().copied().filter(|name| built_from.iter().any(|one| one == name)).collect();
        if found.is_empty() {
            println!("ok: {package} is built without what it must not know");
            counts.add(Counts::passed());
        } else {
            println!("FAIL: {package} is built from {}, which it must not know", found.join(", "));
            counts.add(Counts::failed());
        }
    }
    Ok(counts)
}

/// The names of everything that `package` is built from, itself left out.
fn dependencies(package: &str) -> anyhow::Result<Vec<String>> {
    let output = cargo()
        .args(["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .output()
        .context("cargo tree does not start")?;
    if !output.status.success() {
        bail!("cargo tree of {package} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let names = lines.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    Ok(names.map(str::to_owned).collect())
}
