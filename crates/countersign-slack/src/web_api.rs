//! Slack's Web API: each call with deadlines, a bounded answer, and an honest error.
//!
//! Calls keep to the pace of Slack's tiers ([`Pace`]). A 429 means "not done", so every method waits
//! for its `Retry-After` (a few times, and not for long) and asks again. After anything else only those calls
//! are repeated that do no harm twice. `chat.postMessage` never is: Slack has no
//! idempotency key for it, and an outcome that nobody knows is [`WebError::Lost`].

mod answer;
mod call;
mod client;
mod conversations;
mod error;
mod methods;
mod pacing;
mod people;
mod response_url;
mod skew;
#[cfg(test)]
mod tests;

pub use client::{DEFAULT_BASE, Deadlines, Settings, WebApi};
pub use conversations::Found;
pub use error::WebError;
pub use methods::{Content, Grant, NewMessage, Reacted, Target};
pub use pacing::Pace;
