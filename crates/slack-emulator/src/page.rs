//! The page: a small Slack in the browser.
//!
//! The first answer is a whole document ([`draw::shell`]); afterwards `GET /page/events` streams what looks different
//! ([`live`]), and `POST /page/…` does what a person does ([`actions`]). Who is acting, where, and in which thread
//! stands in the address ([`place`]), so that two windows can be two people.

mod actions;
mod assets;
mod blocks;
mod draw;
mod emoji;
mod guard;
mod html;
mod json;
mod live;
mod mrkdwn;
mod names;
mod place;
mod rich_text;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{Html as HtmlBody, IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::Shared;
use draw::{problem, shell};
use place::{Address, Lost, Place};

/// The page's routes.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    let actions = actions::routes().layer(middleware::from_fn(guard::same_origin));
    Router::new()
        .route("/", get(start))
        .route("/client", get(start))
        .route("/client/{channel}", get(channel))
        .route("/client/{channel}/{thread}", get(channel))
        .route("/page/events", get(live::events))
        .route("/page/assets/{name}", get(assets::serve))
        .merge(actions)
        .fallback(|| async { nothing_here() })
        .layer(middleware::from_fn(guard::strict))
}

/// What is shown where nothing is.
fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, HtmlBody(problem::unknown().into_string())).into_response()
}

async fn start(State(shared): State<Arc<Shared>>, Query(address): Query<Address>) -> Response {
    let found = shared
        .workspace
        .read(|state| Place::find(state, &Address { channel: None, thread: None, ..address }));
    match found {
        Ok(place) => Redirect::to(&place.href()).into_response(),
        Err(lost) => not_found(lost),
    }
}

async fn channel(
    State(shared): State<Arc<Shared>>,
    path: Result<Path<Vec<(String, String)>>, PathRejection>,
    Query(mut address): Query<Address>,
) -> Response {
    let Ok(Path(parts)) = path else { return nothing_here() };
    for (name, value) in parts {
        match name.as_str() {
            "channel" => address.channel = Some(value),
            _ => address.thread = Some(value),
        }
    }
    let aside = shared.aside.as_ref().map(|aside| aside.draw());
    let page = shared
        .workspace
        .read(|state| Place::find(state, &address).map(|place| shell::html(state, &place, aside.as_ref())));
    match page {
        Ok(html) => HtmlBody(html.into_string()).into_response(),
        Err(lost) => not_found(lost),
    }
}

/// What does not exist and what is hidden from this person get the same answer.
fn not_found(lost: Lost) -> Response {
    (StatusCode::NOT_FOUND, HtmlBody(problem::lost(lost).into_string())).into_response()
}
