//! How events and interactions reach the app: one small seam with two ways behind it, Socket Mode and HTTP.

mod pending;
mod switch;
mod transport;

use jiff::SignedDuration;
use serde_json::Value;
use tokio::sync::oneshot;

pub(crate) use pending::Pending;
pub(crate) use switch::Switch;
pub use transport::{LoopbackUrl, NotLoopbackUrl, RequestUrls, Transport};

/// How long an app has to acknowledge (Slack: three seconds).
pub(crate) const ACK_WITHIN: SignedDuration = SignedDuration::from_secs(3);

/// How long the attempts after the first failed one wait.
pub(crate) const RETRY_AFTER: [SignedDuration; 3] =
    [SignedDuration::ZERO, SignedDuration::from_secs(60), SignedDuration::from_secs(300)];

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
    /// The app was not there, or answered with a failure; on a socket also when it was late.
    DispatchFailed,
    /// The app did not answer a request over HTTP in time.
    TimedOut,
}
