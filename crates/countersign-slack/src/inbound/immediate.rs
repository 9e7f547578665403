//! What a payload is answered together with its acknowledgement.

use serde_json::{Value, json};

use crate::block_kit::{ANSWER_BLOCK, Carried};
use crate::payload::{filled, only_input, short, text};

const LONGEST_NAME: usize = 200;

/// The answer that has to go with the acknowledgement of this payload, if there is one: in Socket Mode its
/// `payload`, over HTTP the body. A dialog in which something else was typed than it asked for
/// stays open and says so. Nothing is decided here: what passes is checked again by the engine.
pub fn immediate(payload: &Value) -> Option<Value> {
    if filled(payload, "/type") != Some("view_submission") {
        return None;
    }
    let expected = Carried::read(text(payload, "/view/private_metadata")?).expected?;
    let typed = only_input(payload)?;
    if typed.trim() == expected {
        return None;
    }
    let sentence = format!("Type {} exactly as it stands above.", short(&expected, LONGEST_NAME));
    Some(json!({"response_action": "errors", "errors": {ANSWER_BLOCK: sentence}}))
}
