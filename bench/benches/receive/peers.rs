//! Slack's own libraries, where they are installed: see the README of this folder.

use std::path::PathBuf;

use crate::process::Subject;

/// Where the peers' libraries are.
fn installed() -> PathBuf {
    std::env::var_os("PEERS").map_or_else(|| root().join("target/peers"), PathBuf::from)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder of the JavaScript libraries.
pub(crate) fn modules() -> PathBuf {
    installed().join("node_modules")
}

/// A peer in JavaScript.
pub(crate) fn node(name: &'static str, script: &str, slowness: usize) -> Option<Subject> {
    if !modules().join("@slack/bolt").exists() {
        println!("left out: {name} is not installed");
        return None;
    }
    Some(Subject::peer(name, "node".into(), (&root().join("bench/peers").join(script), slowness)))
}

/// A peer in Python.
pub(crate) fn python(name: &'static str, script: &str, slowness: usize) -> Option<Subject> {
    let python = installed().join("python/bin/python");
    if !python.exists() {
        println!("left out: {name} is not installed");
        return None;
    }
    Some(Subject::peer(name, python, (&root().join("bench/peers").join(script), slowness)))
}
