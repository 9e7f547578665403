//! How events and interactions reach the app: one small seam, so that there can be more ways than Socket Mode.

mod pending;

use serde_json::Value;
use tokio::sync::oneshot;

pub(crate) use pending::Pending;

/// A way to reach the app.
pub(crate) trait Delivery: Send + Sync {
    /// Takes something to deliver; returns at once.
    fn deliver(&self, outgoing: Outgoing);
}

/// Something that the app must get.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// An event: it waits for a connection, and is delivered again until it is acknowledged.
    Event {
        /// Its place in the outbox.
        seq: u64,
        /// The wrapped event.
        payload: Value,
    },
    /// A slash command or an interaction: it must be acknowledged within three seconds, and is never repeated.
    Request {
        /// Which of the two.
        kind: RequestKind,
        /// What the app gets.
        payload: Value,
        /// Where the answer goes.
        answer: oneshot::Sender<Answer>,
    },
}

/// What kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestKind {
    /// A slash command.
    SlashCommand,
    /// A button, a submitted modal.
    Interactive,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// The app acknowledged it, perhaps with a payload.
    Acknowledged(Option<Value>),
    /// No app is connected.
    NotConnected,
    /// The app did not acknowledge it in time.
    TimedOut,
}
