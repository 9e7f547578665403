//! Slack's own SDKs, which drive the emulator: they judge it, and nobody here wrote them.

use std::path::PathBuf;
use std::process::Command;

use crate::counts::Counts;
use crate::tools::{answers, cargo, count, installed, python, root, succeed, target};

/// The JavaScript SDK.
const BOLT_JS: &str = "@slack/bolt@5.1.0";

/// The Python SDKs.
const PYTHON: [&str; 2] = ["slack_bolt==1.30.0", "slack_sdk==3.47.0"];

/// Every scenario with every SDK that is at hand.
pub(crate) fn run() -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let node_modules = bolt_js();
    if node_modules.is_none() {
        counts.add(Counts::skipped());
    }
    // The people in the scenarios are a Python program too, so that without Python nothing runs.
    let Some(python) = python("judges/python", &PYTHON) else {
        counts.add(Counts::skipped());
        return Ok(counts);
    };
    succeed(cargo().args(["build", "--quiet", "-p", "slack-emulator"]))?;
    let mut judge = Command::new(python);
    judge
        .arg("-B")
        .arg(root().join("crates/slack-emulator/judges/judge.py"))
        .arg("--emulator")
        .arg(target().join("debug/slack-emulator"));
    if let Some(node_modules) = node_modules {
        judge.arg("--node-modules").arg(node_modules);
    }
    counts.add(count(&mut judge)?);
    Ok(counts)
}

/// The folder with `@slack/bolt`; `None`, with a line that says why, where it cannot be installed.
fn bolt_js() -> Option<PathBuf> {
    if !answers("node", "--version") || !answers("npm", "--version") {
        println!("skipped: {BOLT_JS} needs Node.js and npm");
        return None;
    }
    let folder = target().join("judges/node");
    let install = || {
        std::fs::create_dir_all(&folder)?;
        let options = ["install", "--silent", "--no-audit", "--no-fund", "--prefix"];
        succeed(Command::new("npm").args(options).arg(&folder).arg(BOLT_JS))
    };
    installed(&[BOLT_JS], &folder.join("installed"), install).then(|| folder.join("node_modules"))
}
