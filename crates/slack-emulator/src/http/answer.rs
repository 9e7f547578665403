//! What the app's answer to a slash command or an interaction means.

use serde_json::{Value, json};

use super::client::{Failure, Taken};
use crate::delivery::{Answer, RequestKind};

/// Reads an answer: a slash command may be answered with a message, as JSON or as plain text; an interaction with JSON.
pub(super) fn of(kind: RequestKind, taken: Result<Taken, Failure>) -> Answer {
    let body = match taken {
        Ok(taken) => taken.body,
        Err(Failure::Timeout) => return Answer::TimedOut,
        Err(_) => return Answer::DispatchFailed,
    };
    let text = String::from_utf8_lossy(&body);
    let payload = match serde_json::from_slice::<Value>(&body) {
        Ok(payload @ Value::Object(_)) => Some(payload),
        _ if text.trim().is_empty() => None,
        _ if kind == RequestKind::SlashCommand => Some(json!(text)),
        _ => {
            tracing::warn!("the app answered an interaction with a text; Slack wants JSON, or nothing");
            None
        }
    };
    Answer::Acknowledged(payload)
}
