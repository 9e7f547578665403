//! Payloads that nobody here wrote.

use std::path::PathBuf;

use serde_json::Value;

use super::tests::{delivery, me};
use super::{Reading, kind, natural_key, read};

/// The folder of samples, two levels above the workspace; it is not part of the project.
fn samples(folder: &str) -> Vec<(PathBuf, Value)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/slack/samples");
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
        println!("SKIPPED: there are no Slack samples at {}", root.display());
        return Vec::new();
    };
    let files = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"));
    files.map(|path| (path.clone(), serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())).collect()
}

fn assert_decodes(kind: &str, path: &std::path::Path, payload: &Value) {
    let key = natural_key(kind, payload);
    assert!(!key.is_empty() && key.len() <= 250, "{}: {key}", path.display());
    let reading = read(&delivery(kind, payload), &me());
    assert!(!matches!(reading, Reading::Unreadable(_)), "{}: {reading:?}", path.display());
}

#[test]
fn every_sample_of_an_event_decodes() {
    for (path, payload) in samples("events") {
        assert_decodes(kind::EVENTS_API, &path, &payload);
    }
}

#[test]
fn every_sample_of_an_interaction_decodes() {
    for (path, payload) in samples("app-backend") {
        let is_slash = path.ends_with("SlashCommand.json");
        assert_decodes(if is_slash { kind::SLASH_COMMANDS } else { kind::INTERACTIVE }, &path, &payload);
    }
}
