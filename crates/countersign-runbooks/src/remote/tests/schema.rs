//! The schemas in the documentation are those of the types, and its examples fit the types.

use std::path::PathBuf;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::remote::wire::{Request, Response};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/runbook-protocol"))
}

fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

/// Compares a file with its schema; with `UPDATE_SCHEMAS` in the environment it writes it first.
fn must_be_current(name: &str, schema: &Schema) {
    let (path, text) = (folder().join(name), serde_json::to_string_pretty(schema).unwrap() + "\n");
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept == text, "{name} is not current: run the tests once with UPDATE_SCHEMAS=1");
}

#[test]
fn the_schemas_are_current() {
    must_be_current("request.schema.json", &schema::<Request>());
    must_be_current("response.schema.json", &schema::<Response>());
}

#[test]
fn the_examples_are_of_this_version() {
    let text = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let mut blocks = text.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let (mut asked, mut answered) = (Vec::new(), Vec::new());
    while let (Some(request), Some(response)) = (blocks.next(), blocks.next()) {
        asked.push(Request::read(request.as_bytes()).unwrap().call.name());
        answered.push(Response::read(response.as_bytes()).unwrap().answer.name());
    }
    assert_eq!(asked, ["ready", "plan", "apply", "continue", "interrupted"]);
    assert_eq!(answered, ["ready", "planned", "continue", "done", "interrupted"]);
}
