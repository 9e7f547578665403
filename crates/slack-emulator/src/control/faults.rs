//! `POST /emulator/faults` and `POST /emulator/limits`

use std::sync::Arc;

use axum::extract::{Json, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::{Body, unreadable};
use crate::Shared;
use crate::faults::ApiFault;
use crate::http::HttpFaults;
use crate::limits::RateLimits;
use crate::socket_mode::{DisconnectReason, SocketFault};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Wanted {
    /// Ends every fault first.
    clear: bool,
    api: Vec<ApiFault>,
    socket: SocketFaults,
    http: HttpFaults,
    /// By how many seconds the header `Date` of the Web API is wrong from now on.
    date_off: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedLimits {
    on: Option<bool>,
}

/// Switches Slack's own rate limits, if asked to, and answers whether they hold.
pub(super) async fn limits(State(shared): State<Arc<Shared>>, body: Body<WantedLimits>) -> Response {
    let wanted = match body {
        Ok(Json(wanted)) => wanted,
        Err(wrong) => return unreadable(&wrong),
    };
    if let Some(on) = wanted.on {
        shared.limits.set(if on { RateLimits::On } else { RateLimits::Off });
    }
    Json(json!({"ok": true, "on": shared.limits.now() == RateLimits::On})).into_response()
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct SocketFaults {
    zombie: bool,
    cut: bool,
    no_close_reply: bool,
    disconnect: Option<DisconnectReason>,
    raw: Option<String>,
    deliver_twice: Option<u32>,
    no_hello: Option<u32>,
}

/// Takes faults, and answers with those of the Web API that are active, the number of open sockets, and what the app said to
/// something raw.
pub(super) async fn faults(State(shared): State<Arc<Shared>>, body: Body<Wanted>) -> Response {
    let wanted = match body {
        Ok(Json(wanted)) => wanted,
        Err(wrong) => return unreadable(&wrong),
    };
    if wanted.clear {
        shared.faults.clear();
        shared.socket_mode.clear_faults();
        shared.http.clear_faults();
    }
    shared.faults.add(wanted.api);
    if let Some(seconds) = wanted.date_off {
        shared.faults.set_date_off(seconds);
    }
    for fault in wanted.socket.list() {
        shared.socket_mode.fault(fault);
    }
    let connections = shared.socket_mode.connections().await;
    let mut answer = json!({"ok": true, "api": shared.faults.active(), "connections": connections});
    shared.http.fault(&wanted.http);
    if let (Some(raw), Some(map)) = (wanted.http.raw, answer.as_object_mut()) {
        map.insert("raw".into(), shared.http.raw(raw).await);
    }
    Json(answer).into_response()
}

impl SocketFaults {
    fn list(self) -> Vec<SocketFault> {
        let switches = [
            (self.no_close_reply, SocketFault::NoCloseReply),
            (self.zombie, SocketFault::Zombie),
            (self.cut, SocketFault::Cut),
        ];
        let mut list: Vec<_> = switches.into_iter().filter(|(on, _)| *on).map(|(_, fault)| fault).collect();
        list.extend(self.raw.map(SocketFault::Raw));
        list.extend(self.disconnect.map(SocketFault::Disconnect));
        list.extend(self.deliver_twice.map(SocketFault::Twice));
        list.extend(self.no_hello.map(SocketFault::NoHello));
        list
    }
}
