//! `docs/audit-vectors.json`, which another implementation of `docs/audit.md` made: both must agree.

use serde_json::Value;

use super::*;
use crate::canonical::canonical_text;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../../docs/audit-vectors.json")).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[test]
fn canonical_texts_agree() {
    for vector in vectors()["canonical"].as_array().unwrap() {
        assert_eq!(canonical_text(text(vector, "json")).unwrap(), text(vector, "canonical"));
    }
}

#[test]
fn records_agree() {
    let vectors = vectors();
    let records = vectors["records"].as_array().unwrap();
    let written = |record: &Value| Written {
        seq: record["seq"].as_u64().unwrap(),
        at: text(record, "at").to_owned(),
        event: text(record, "event").to_owned(),
        prev: text(record, "prev").to_owned(),
        hash: text(record, "hash").to_owned(),
    };
    let kept: Vec<Written> = records.iter().map(written).collect();
    let operation = text(&records[0], "operation").parse().unwrap();
    let read = read(&operation, &kept).unwrap();
    crate::operation::Operation::fold(&read).unwrap();
    for (vector, record) in records.iter().zip(&read) {
        assert_eq!(Hash::of_bytes(text(vector, "hashed").as_bytes()), record.hash);
        // What this program writes is the same text.
        let again = Record::after(record.builds_on(), operation.clone(), record.at, record.event.clone());
        assert_eq!(again.hash, record.hash, "{record:?}");
    }
}

#[test]
fn checkpoints_agree() {
    let vectors = vectors();
    let mut last = None;
    for vector in vectors["checkpoints"].as_array().unwrap() {
        let checkpoint: Checkpoint = serde_json::from_value(vector["checkpoint"].clone()).unwrap();
        assert!(checkpoint.follows(last.as_ref()), "{checkpoint:?}");
        assert_eq!(Hash::of_bytes(text(vector, "hashed").as_bytes()), checkpoint.hash);
        last = Some(checkpoint);
    }
}
