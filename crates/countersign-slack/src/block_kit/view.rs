//! A dialog with one line to fill in.

use countersign_engine::ports::Dialog;
use serde_json::{Value, json};

use super::clean;
use crate::payload::text;

const LONGEST_TITLE: usize = 24;
const LONGEST_QUESTION: usize = 150;
/// What comes back with a view (`private_metadata`).
const LONGEST_METADATA: usize = 3000;

/// The block that holds the input.
pub(crate) const ANSWER_BLOCK: &str = "answer";

/// What a dialog carries, to come back with what was typed into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Carried {
    /// The engine's.
    pub(crate) value: String,
    /// The only text that may be typed, if there is only one.
    pub(crate) expected: Option<String>,
}

impl Carried {
    /// What a view's `private_metadata` says; a text of another form is the value itself.
    pub(crate) fn read(metadata: &str) -> Self {
        let json: Value = serde_json::from_str(metadata).unwrap_or_default();
        match text(&json, "/value") {
            Some(value) => {
                Self { value: value.to_owned(), expected: text(&json, "/expected").map(str::to_owned) }
            }
            None => Self { value: metadata.to_owned(), expected: None },
        }
    }

    fn write(dialog: &Dialog) -> String {
        match &dialog.expected {
            Some(expected) => json!({"value": dialog.value, "expected": expected}).to_string(),
            None => json!({"value": dialog.value}).to_string(),
        }
    }
}

/// The modal of a dialog; `None` when what should come back with it is too long to come back whole.
pub fn modal(dialog: &Dialog) -> Option<Value> {
    let carried = Carried::write(dialog);
    if carried.chars().count() > LONGEST_METADATA {
        return None;
    }
    let plain = |text: &str, limit| {
        let text = clean::line(text, limit);
        json!({"type": "plain_text", "text": if text.is_empty() { "…" } else { &text }, "emoji": false})
    };
    Some(json!({
        "type": "modal",
        "callback_id": dialog.name,
        "private_metadata": carried,
        "title": plain(&dialog.title, LONGEST_TITLE),
        "submit": plain("Confirm", LONGEST_TITLE),
        "close": plain("Cancel", LONGEST_TITLE),
        "blocks": [{
            "type": "input",
            "block_id": ANSWER_BLOCK,
            "label": plain(&dialog.question, LONGEST_QUESTION),
            "element": {"type": "plain_text_input", "action_id": "answer", "max_length": 300},
        }],
    }))
}
