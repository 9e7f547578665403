//! Text frames: hello, disconnect, and envelopes of payloads.

use std::time::Duration;

use serde_json::{Value, json};

use crate::inbound::kind;
use crate::payload::{filled, short};

/// What a frame says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Frame {
    /// The connection is open.
    Hello(Hello),
    /// The connection will close.
    Disconnect {
        /// Slack's word for why: `warning`, `refresh_requested`, `link_disabled`, `too_many_websockets`.
        reason: String,
    },
    /// Something happened.
    Payload {
        /// What to acknowledge.
        id: String,
        /// One of [`kind`].
        kind: String,
        /// What happened.
        payload: Value,
    },
    /// None of the above, and what it is instead.
    Odd(String),
}

/// The first frame. Every field of it is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hello {
    /// Open connections of the app, in whatever process.
    pub(super) connections: Option<u64>,
    /// About how long this connection will live.
    pub(super) life: Option<Duration>,
}

/// Reads a text frame.
pub(super) fn read(text: &str) -> Frame {
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
            let payload = frame.get_mut("payload").map(Value::take).unwrap_or_default();
            Frame::Payload { id, kind, payload }
        }
        // Unknown envelopes are not acknowledged: acknowledging says that somebody took care of it.
        Some(other) => Frame::Odd(format!("of the type {}", short(other, 60))),
        None => Frame::Odd("without a type".to_owned()),
    }
}

/// The acknowledgement of an envelope: without a payload, since answers go through the Web API.
pub(super) fn acknowledgement(id: &str) -> String {
    json!({"envelope_id": id}).to_string()
}

fn hello(frame: &Value) -> Hello {
    let number = |pointer| frame.pointer(pointer).and_then(Value::as_u64);
    Hello {
        connections: number("/num_connections"),
        life: number("/debug_info/approximate_connection_time").map(Duration::from_secs),
    }
}
