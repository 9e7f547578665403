//! A dialog with one line to fill in.

use countersign_engine::ports::Dialog;
use serde_json::{Value, json};

use super::clean;

const LONGEST_TITLE: usize = 24;
const LONGEST_QUESTION: usize = 150;
/// What comes back with a view (`private_metadata`).
const LONGEST_METADATA: usize = 3000;

/// The modal of a dialog; `None` when what should come back with it is too long to come back whole.
pub fn modal(dialog: &Dialog) -> Option<Value> {
    if dialog.value.chars().count() > LONGEST_METADATA {
        return None;
    }
    let plain =
        |text: &str, limit| json!({"type": "plain_text", "text": clean::line(text, limit), "emoji": false});
    Some(json!({
        "type": "modal",
        "callback_id": dialog.name,
        "private_metadata": dialog.value,
        "title": plain(&dialog.title, LONGEST_TITLE),
        "submit": plain("Confirm", LONGEST_TITLE),
        "close": plain("Cancel", LONGEST_TITLE),
        "blocks": [{
            "type": "input",
            "block_id": "answer",
            "label": plain(&dialog.question, LONGEST_QUESTION),
            "element": {"type": "plain_text_input", "action_id": "answer", "max_length": 300},
        }],
    }))
}
