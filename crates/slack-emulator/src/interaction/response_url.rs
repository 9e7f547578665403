//! Response URLs: the app answers a slash command or a button later, without a token, five times within half an hour.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Shared;
use crate::workspace::tx::Tx;
use crate::workspace::{Author, Draft, Edit, EphemeralAuthor, Refused, ResponseUrl, Ts};

/// How often a response URL works.
const MAX_USES: u32 = 5;

/// The route that response URLs lead to.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/response/{team}/{key}", post(respond))
}

/// What an app may post.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    text: String,
    blocks: Vec<Value>,
    response_type: String,
    replace_original: bool,
    delete_original: bool,
    thread_ts: Option<Ts>,
}

enum Problem {
    Unknown,
    Expired,
    Used,
    Refused(Refused),
}

async fn respond(
    State(shared): State<Arc<Shared>>,
    Path((_, key)): Path<(String, String)>,
    body: Result<Json<Body>, axum::extract::rejection::JsonRejection>,
) -> Response {
    let Ok(Json(body)) = body else {
        return (StatusCode::BAD_REQUEST, Json(json!({"ok": false, "error": "invalid_payload"})))
            .into_response();
    };
    let done = shared
        .workspace
        .commit(|tx| match use_up(tx, &key) {
            Ok(url) => Ok(answer(tx, &url, body).map_err(Problem::Refused)),
            Err(problem) => Ok(Err(problem)),
        })
        .await;
    let error = match done {
        Ok(Ok(())) => return "ok".into_response(),
        Ok(Err(Problem::Unknown)) => "invalid_url",
        Ok(Err(Problem::Expired)) => "expired_url",
        Ok(Err(Problem::Used)) => "used_url",
        Ok(Err(Problem::Refused(refused))) | Err(refused) => refused.code(),
    };
    (StatusCode::NOT_FOUND, Json(json!({"ok": false, "error": error}))).into_response()
}

fn use_up(tx: &mut Tx<'_>, key: &str) -> Result<ResponseUrl, Problem> {
    let mut url = tx.state.response_urls.get(key).cloned().ok_or(Problem::Unknown)?;
    if Ts::at(tx.now) > url.expires {
        tx.remove_response_url(key);
        return Err(Problem::Expired);
    }
    if url.uses >= MAX_USES {
        return Err(Problem::Used);
    }
    url.uses += 1;
    tx.put_response_url(key.into(), url.clone());
    Ok(url)
}

fn answer(tx: &mut Tx<'_>, url: &ResponseUrl, body: Body) -> Result<(), Refused> {
    if let Some(origin) = url.origin
        && (body.delete_original || body.replace_original)
    {
        return change_origin(tx, url, origin, body);
    }
    let thread_ts = body.thread_ts.or(url.thread_ts);
    let draft = Draft { text: body.text, blocks: body.blocks, thread_ts, ..Draft::default() };
    if draft.is_empty() {
        return Err(Refused::NoText);
    }
    if body.response_type == "in_channel" {
        tx.post(&Author::App, &url.channel, draft).map(drop)
    } else {
        tx.whisper(EphemeralAuthor::App, &url.channel, &url.user, draft);
        Ok(())
    }
}

fn change_origin(tx: &mut Tx<'_>, url: &ResponseUrl, origin: Ts, body: Body) -> Result<(), Refused> {
    let whispered = tx.state.ephemerals(&url.user, &url.channel).find(|one| one.ts == origin).cloned();
    if let Some(mut one) = whispered {
        if body.delete_original {
            tx.whispered(one);
            tx.remove_ephemeral(origin);
            return Ok(());
        }
        one.text = body.text;
        one.blocks = tx.with_block_ids(body.blocks);
        tx.whispered(one);
        return Ok(());
    }
    let message = tx.state.message(&url.channel, origin).cloned().ok_or(Refused::MessageNotFound)?;
    if body.delete_original {
        tx.remove(&message);
        return Ok(());
    }
    let edit = Edit { text: Some(body.text), blocks: Some(body.blocks), ..Edit::default() };
    tx.update(&message, edit).map(drop)
}
