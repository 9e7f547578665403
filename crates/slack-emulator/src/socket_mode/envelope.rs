//! One thing on its way to the app, and the frame that carries it.

use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::delivery::{Answer, Outgoing, RequestKind};

/// Why an event is delivered again.
pub(super) const TIMEOUT: &str = "timeout";

/// An event or request on its way.
#[derive(Debug)]
pub(super) struct Envelope {
    pub(super) id: String,
    pub(super) payload: Value,
    pub(super) cargo: Cargo,
    /// 0 for the first delivery, then 1 to 3.
    pub(super) attempt: u8,
}

/// What an envelope carries.
#[derive(Debug)]
pub(super) enum Cargo {
    /// An event's place in the outbox.
    Event(u64),
    /// A request and where its answer goes.
    Request(RequestKind, oneshot::Sender<Answer>),
}

impl Envelope {
    pub(super) fn new(id: String, outgoing: Outgoing) -> Self {
        let (payload, cargo) = match outgoing {
            Outgoing::Event { seq, payload } => (payload, Cargo::Event(seq)),
            Outgoing::Request { kind, payload, answer } => (payload, Cargo::Request(kind, answer)),
        };
        Self { id, payload, cargo, attempt: 0 }
    }

    pub(super) fn is_event(&self) -> bool {
        matches!(self.cargo, Cargo::Event(_))
    }

    /// The frame for the app.
    pub(super) fn frame(&self) -> Value {
        match &self.cargo {
            Cargo::Event(_) => json!({
                "envelope_id": self.id,
                "payload": self.payload,
                "type": "events_api",
                "accepts_response_payload": false,
                "retry_attempt": self.attempt,
                "retry_reason": if self.attempt == 0 { "" } else { TIMEOUT },
            }),
            Cargo::Request(kind, _) => json!({
                "envelope_id": self.id,
                "payload": self.payload,
                "type": match kind {
                    RequestKind::SlashCommand => "slash_commands",
                    RequestKind::Interactive => "interactive",
                },
                "accepts_response_payload": true,
            }),
        }
    }
}
