//! Slack's requests over HTTP: events, slash commands and interactivity, all at one receiver.
//!
//! The rules:
//! - Nothing of a request is looked into before its signature has been checked, and a request whose
//!   signature does not hold learns nothing but that.
//! - A payload is stored first and answered with 200 afterwards. Slack waits three seconds: what is not
//!   stored by then, or is one too many, is answered with 503, and Slack sends it again.
//! - Storing that has begun is never broken off, also when nobody waits for it any more: what a store
//!   takes is passed on, so that its redelivery may be dropped as known.
//! - Heads, bodies, connections and requests in hand are all bounded in size, number and time.
//!
//! ```text
//! POST /slack  /slack/events  /slack/commands  /slack/interactivity
//! X-Slack-Request-Timestamp: 1531420618
//! X-Slack-Signature: v0=<hex HMAC-SHA-256 of "v0:1531420618:" + body>
//! ```

mod answer;
mod body;
mod content;
mod receiver;
mod secrets;
mod server;
mod signature;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::routing::post;

pub use receiver::{Counts, Receiver};
pub use secrets::{EmptySecret, SigningSecrets};
pub use server::serve;

/// Where Slack may send its requests. What they are is read off the request, so that any of them will do.
pub const PATHS: [&str; 4] = ["/slack", "/slack/events", "/slack/commands", "/slack/interactivity"];

/// The routes under which `receiver` takes requests.
pub fn router(receiver: Arc<Receiver>) -> Router {
    let receive = |State(receiver): State<Arc<Receiver>>, request: Request| async move {
        receiver.receive(request).await
    };
    let routes = PATHS.iter().fold(Router::new(), |router, path| router.route(path, post(receive)));
    routes.with_state(receiver)
}
