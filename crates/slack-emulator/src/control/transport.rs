//! `/emulator/transport`: an app migrates from Socket Mode to HTTP, or back.

use std::sync::Arc;

use axum::extract::{Json, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Body, refuse, unreadable};
use crate::Shared;
use crate::delivery::Transport;

/// What is switched on, and how many requests wait for the app's answer.
pub(super) async fn current(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(report(&shared, &shared.workspace.read(|state| state.app().transport.clone())))
}

/// Switches. URLs are verified first, as Slack does; one that does not echo the challenge changes nothing.
pub(super) async fn switch(State(shared): State<Arc<Shared>>, body: Body<Transport>) -> Response {
    let transport = match body {
        Ok(Json(transport)) => transport,
        Err(wrong) => return unreadable(&wrong),
    };
    if let Transport::Http(urls) = &transport
        && let Err(unverified) = shared.http.verify(&urls.url).await
    {
        return refuse("url_not_verified", &unverified.to_string());
    }
    let kept = shared.workspace.set_transport(transport.clone()).await;
    if let Err(refused) = kept {
        return refuse(refused.code(), &refused.to_string());
    }
    let answer = report(&shared, &transport);
    shared.switch.set(transport).await;
    Json(answer).into_response()
}

fn report(shared: &Shared, transport: &Transport) -> Value {
    let mut report = json!({"ok": true, "requests_under_way": shared.http.under_way()});
    if let (Some(map), Value::Object(transport)) = (report.as_object_mut(), json!(transport)) {
        map.extend(transport);
    }
    report
}
