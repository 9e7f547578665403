//! Text frames: hello, disconnect, and envelopes of payloads.

use std::time::Duration;

use countersign_engine::ports::Retry;
use serde_json::{Value, json};

use crate::inbound::kind;
use crate::payload::{filled, short, truth};

/// From this many bytes on, Slack drops what it is sent.
const LONGEST_ACKNOWLEDGEMENT: usize = 20 * 1024;

/// What a frame says.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// The connection is open.
    Hello(Hello),
    /// The connection will close.
    Disconnect {
        /// Slack's word for why: `warning`, `refresh_requested`, `link_disabled`, `too_many_websockets`.
        reason: String,
    },
    /// Something happened.
    Payload(Arrival),
    /// None of the above, and what it is instead.
    Odd(String),
}

/// A payload in its envelope.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// What to acknowledge.
    pub id: String,
    /// One of [`kind`].
    pub kind: String,
    /// What happened.
    pub payload: Value,
    /// Does Slack take an answer with the acknowledgement?
    pub answerable: bool,
    /// What Slack says if it sent this before.
    pub retry: Option<Retry>,
}

/// The first frame. Every field of it is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hello {
    /// Open connections of the app, in whatever process.
    pub connections: Option<u64>,
    /// About how long this connection will live.
    pub life: Option<Duration>,
}

/// Reads a text frame. No text makes it fail: what is none of the frames that are known is [`Frame::Odd`].
pub fn read(text: &str) -> Frame {
    let Ok(mut frame) = serde_json::from_str::<Value>(text) else { return Frame::Odd("not JSON".to_owned()) };
    match filled(&frame, "/type") {
        Some("hello") => Frame::Hello(hello(&frame)),
        Some("disconnect") => {
            Frame::Disconnect { reason: short(filled(&frame, "/reason").unwrap_or("without a reason"), 60) }
        }
        Some(kind @ (kind::EVENTS_API | kind::SLASH_COMMANDS | kind::INTERACTIVE)) => {
            let Some(id) = filled(&frame, "/envelope_id") else {
                return Frame::Odd("an envelope without its id".to_owned());
            };
            let (id, kind) = (id.to_owned(), kind.to_owned());
            let answerable = truth(&frame, "/accepts_response_payload") == Some(true);
            let retry = retry(&frame);
            let payload = frame.get_mut("payload").map(Value::take).unwrap_or_default();
            Frame::Payload(Arrival { id, kind, payload, answerable, retry })
        }
        // Unknown envelopes are not acknowledged: acknowledging says that somebody took care of it.
        Some(other) => Frame::Odd(format!("of the type {}", short(other, 60))),
        None => Frame::Odd("without a type".to_owned()),
    }
}

/// The acknowledgement of an envelope, with an answer if it fits: Slack drops larger frames without a word,
/// and an acknowledgement is worth more than what comes with it.
pub(super) fn acknowledgement(id: &str, answer: Option<&Value>) -> String {
    let bare = json!({"envelope_id": id}).to_string();
    let Some(answer) = answer else { return bare };
    let full = json!({"envelope_id": id, "payload": answer}).to_string();
    if full.len() < LONGEST_ACKNOWLEDGEMENT {
        return full;
    }
    tracing::warn!(bytes = full.len(), "socket mode: an answer is too long to go with its acknowledgement");
    bare
}

fn retry(frame: &Value) -> Option<Retry> {
    let number = frame.pointer("/retry_attempt").and_then(Value::as_u64)?;
    let number = u32::try_from(number).ok().filter(|number| *number > 0)?;
    Some(Retry { number, reason: short(filled(frame, "/retry_reason").unwrap_or_default(), 60) })
}

fn hello(frame: &Value) -> Hello {
    let number = |pointer| frame.pointer(pointer).and_then(Value::as_u64);
    Hello {
        connections: number("/num_connections"),
        life: number("/debug_info/approximate_connection_time").map(Duration::from_secs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_goes_along_unless_it_is_too_long() {
        assert_eq!(
            acknowledgement("e1", Some(&json!({"a": 1}))),
            r#"{"envelope_id":"e1","payload":{"a":1}}"#
        );
        let frame = |length: usize| acknowledgement("e1", Some(&json!("x".repeat(length))));
        let around = r#"{"envelope_id":"e1","payload":""}"#.len();
        assert_eq!(frame(20_479 - around).len(), 20_479);
        assert_eq!(frame(20_480 - around), r#"{"envelope_id":"e1"}"#);
    }
}
