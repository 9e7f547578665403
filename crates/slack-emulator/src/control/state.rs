//! `/emulator/state` and `/emulator/reset`

use std::sync::Arc;

use axum::extract::{Json, State};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{finish, one};
use crate::Shared;
use crate::interaction::InteractionError;
use crate::seed::Channel;
use crate::workspace::State as Workspace;

/// Everything that is in the workspace, as JSON.
pub(super) async fn state(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let connections = shared.socket_mode.connections().await;
    let mut state = shared.workspace.read(snapshot);
    if let Some(map) = state.as_object_mut() {
        map.insert("connections".into(), json!(connections));
    }
    Json(state)
}

/// Sets everything back to the seed.
pub(super) async fn reset(State(shared): State<Arc<Shared>>) -> Response {
    shared.faults.clear();
    shared.limits.set(shared.limits.now());
    shared.socket_mode.clear_faults();
    shared.http.clear_faults();
    shared.socket_mode.forget_events();
    shared.http.forget_events();
    let done = shared.workspace.reset(shared.seed.clone()).await;
    shared.switch.set(shared.seed.app.transport.clone()).await;
    finish(done.map_err(InteractionError::from).map(|()| Map::new()))
}

fn snapshot(state: &Workspace) -> Value {
    let channels: Vec<_> = state.channels.iter().map(|channel| channel_snapshot(state, channel)).collect();
    let views: Vec<_> = state.views.values().collect();
    let mut map = one("ok", json!(true));
    map.insert("channels".into(), json!(channels));
    map.insert("ephemeral".into(), json!(state.ephemerals));
    map.insert("views".into(), json!(views));
    map.insert("undelivered_events".into(), json!(state.outbox.len()));
    Value::Object(map)
}

fn channel_snapshot(state: &Workspace, channel: &Channel) -> Value {
    let log = state.logs.get(&channel.id);
    let messages: Vec<_> = log.into_iter().flat_map(|log| log.messages.values()).collect();
    json!({"channel": channel, "messages": messages})
}
