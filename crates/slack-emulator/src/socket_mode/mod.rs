//! Socket Mode: the app opens a WebSocket and gets its events, slash commands and interactions through it.
//!
//! - [`tickets`]: `apps.connections.open` gives out a link that works once.
//! - [`connection`]: one WebSocket: hello, frames out, acknowledgements in, pings, and its end of life.
//! - [`broker`]: decides which connection gets what, waits for acknowledgements, and delivers again.

mod broker;
mod connection;
mod envelope;
mod flights;
mod frames;
mod handle;
mod tickets;

use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::Shared;
pub(crate) use broker::Broker;
pub(crate) use frames::{DisconnectReason, SocketFault};
pub(crate) use handle::SocketMode;
pub(crate) use tickets::Tickets;

/// The largest frame that is read from an app.
const MAX_FRAME: usize = 1024 * 1024;

/// The route that the links of `apps.connections.open` lead to.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/link/", get(link)).route("/link", get(link))
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    debug_reconnects: String,
}

async fn link(
    State(shared): State<Arc<Shared>>,
    Query(link): Query<Link>,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !shared.tickets.redeem(&link.ticket, shared.workspace.clock().now()) {
        return (StatusCode::FORBIDDEN, "This link was used before, or was never given out.").into_response();
    }
    let life = if link.debug_reconnects == "true" { connection::SHORT_LIFE } else { connection::LIFE };
    let socket_mode = shared.socket_mode.clone();
    let clock = Arc::clone(shared.workspace.clock());
    let app_id = shared.workspace.read(|state| state.app().id.clone());
    upgrade
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
        .on_upgrade(move |socket| connection::Connection { socket_mode, clock, app_id, life }.serve(socket))
}
