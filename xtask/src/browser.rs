//! The page, walked in headless Chromium by Playwright.

use std::path::PathBuf;
use std::process::Command;

use crate::counts::Counts;
use crate::tools::{answers, cargo, chromium, count, root, succeed, target};

/// Drives Chromium; it is a library only, and brings no browser of its own.
const PLAYWRIGHT: &str = "playwright-core@1.64.1";

/// The walk through the page.
pub(crate) fn run() -> anyhow::Result<Counts> {
    let Some(chromium) = chromium() else { return Ok(Counts::skipped()) };
    let Some(modules) = playwright() else { return Ok(Counts::skipped()) };
    succeed(cargo().args(["build", "--quiet", "-p", "countersign"]))?;
    count(
        Command::new("node")
            .arg(root().join("crates/countersign-testkit/browser/walk.mjs"))
            .env("COUNTERSIGN", target().join("debug/countersign"))
            .env("CHROMIUM", chromium)
            .env("NODE_MODULES", modules),
    )
}

/// Playwright's folder, installed under the target directory; `None`, with a line that says why, where it cannot be.
fn playwright() -> Option<PathBuf> {
    if !answers("node", "--version") || !answers("npm", "--version") {
        println!("skipped: the walk in a browser needs Node.js and npm");
        return None;
    }
    let folder = target().join("browser-tests");
    if !folder.join("node_modules/playwright-core").exists() {
        println!("installing {PLAYWRIGHT} …");
        let made = std::fs::create_dir_all(&folder).map_err(anyhow::Error::from);
        let install = Command::new("npm")
            .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .arg(PLAYWRIGHT)
            .status();
        if made.is_err() || !install.is_ok_and(|status| status.success()) {
            println!("skipped: {PLAYWRIGHT} cannot be installed");
            return None;
        }
    }
    Some(folder.join("node_modules"))
}
