//! `POST /emulator/…`: what a person does that Slack has no Web API method for, and what a test needs.
//!
//! Every answer is JSON with `ok`; a refusal has `error`, a word for programs, and `message`, a sentence.

mod admin;
mod burst;
mod faults;
mod state;
mod transport;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::Shared;
use crate::interaction::{InteractionError, Place, Press, Submitted};
use crate::workspace::{ChannelId, HomeTab, Refused, Ts, UserId, ViewId};

/// The routes under `/emulator`.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/emulator/slash_command", post(slash_command))
        .route("/emulator/press_button", post(press_button))
        .route("/emulator/submit_view", post(submit_view))
        .route("/emulator/close_view", post(close_view))
        .route("/emulator/open_home", post(open_home))
        .route("/emulator/invite", post(invite))
        .merge(admin::routes())
        .route("/emulator/burst", post(burst::burst))
        .route("/emulator/transport", get(transport::current).post(transport::switch))
        .route("/emulator/faults", post(faults::faults))
        .route("/emulator/limits", post(faults::limits))
        .route("/emulator/reset", post(state::reset))
        .route("/emulator/state", get(state::state).post(state::state))
}

type Body<T> = Result<Json<T>, JsonRejection>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SlashCommand {
    user: UserId,
    channel: ChannelId,
    command: String,
    #[serde(default)]
    text: String,
}

async fn slash_command(State(shared): State<Arc<Shared>>, body: Body<SlashCommand>) -> Response {
    let body = match body {
        Ok(Json(body)) => body,
        Err(wrong) => return unreadable(&wrong),
    };
    let done = shared.interactions.slash(&body.user, &body.channel, &body.command, &body.text).await;
    finish(done.map(|()| Map::new()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PressButton {
    user: UserId,
    channel: Option<ChannelId>,
    ts: Option<Ts>,
    view_id: Option<ViewId>,
    action_id: String,
    block_id: Option<String>,
    value: Option<Value>,
}

async fn press_button(State(shared): State<Arc<Shared>>, body: Body<PressButton>) -> Response {
    let body = match body {
        Ok(Json(body)) => body,
        Err(wrong) => return unreadable(&wrong),
    };
    let place = match (body.channel, body.ts, body.view_id) {
        (Some(channel), Some(ts), None) => Place::Message(channel, ts),
        (None, None, Some(view)) => Place::View(view),
        _ => return refuse("invalid_arguments", "Name either channel and ts, or view_id."),
    };
    let press = Press {
        user: body.user,
        place,
        action_id: body.action_id,
        block_id: body.block_id,
        value: body.value,
    };
    finish(shared.interactions.press(press).await.map(|()| Map::new()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubmitView {
    user: UserId,
    view_id: ViewId,
    #[serde(default)]
    values: Map<String, Value>,
}

async fn submit_view(State(shared): State<Arc<Shared>>, body: Body<SubmitView>) -> Response {
    let body = match body {
        Ok(Json(body)) => body,
        Err(wrong) => return unreadable(&wrong),
    };
    match shared.interactions.submit(&body.user, &body.view_id, &body.values).await {
        Ok(Submitted::Accepted) => finish(Ok(Map::new())),
        Ok(Submitted::Errors(errors)) => {
            Json(json!({"ok": false, "error": "view_errors", "errors": errors})).into_response()
        }
        Err(wrong) => finish(Err(wrong)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CloseView {
    user: UserId,
    view_id: ViewId,
}

async fn close_view(State(shared): State<Arc<Shared>>, body: Body<CloseView>) -> Response {
    match body {
        Ok(Json(body)) => {
            finish(shared.interactions.close(&body.user, &body.view_id).await.map(|()| Map::new()))
        }
        Err(wrong) => unreadable(&wrong),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenHome {
    user: UserId,
    #[serde(default)]
    tab: Tab,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum Tab {
    #[default]
    Home,
    Messages,
}

async fn open_home(State(shared): State<Arc<Shared>>, body: Body<OpenHome>) -> Response {
    let body = match body {
        Ok(Json(body)) => body,
        Err(wrong) => return unreadable(&wrong),
    };
    let tab = match body.tab {
        Tab::Home => HomeTab::Home,
        Tab::Messages => HomeTab::Messages,
    };
    let opened = shared.workspace.open_app_home(&body.user, tab).await;
    finish(opened.map_err(InteractionError::from).map(|channel| one("channel", json!(channel))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Invite {
    inviter: UserId,
    channel: ChannelId,
    user: UserId,
}

async fn invite(State(shared): State<Arc<Shared>>, body: Body<Invite>) -> Response {
    let body = match body {
        Ok(Json(body)) => body,
        Err(wrong) => return unreadable(&wrong),
    };
    let done: Result<_, Refused> = shared.workspace.invite(&body.inviter, &body.channel, &body.user).await;
    finish(done.map_err(InteractionError::from).map(|channel| one("channel", json!(channel.id))))
}

fn one(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}

fn finish(done: Result<Map<String, Value>, InteractionError>) -> Response {
    match done {
        Ok(mut keys) => {
            keys.insert("ok".into(), json!(true));
            Json(Value::Object(keys)).into_response()
        }
        Err(wrong) => refuse(wrong.code(), &wrong.to_string()),
    }
}

fn refuse(code: &str, message: &str) -> Response {
    Json(json!({"ok": false, "error": code, "message": message})).into_response()
}

fn unreadable(wrong: &JsonRejection) -> Response {
    let body = json!({"ok": false, "error": "invalid_arguments", "message": wrong.body_text()});
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
