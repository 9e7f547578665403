//! The Web API under `/api/`.
//!
//! Each method is one [`Method`] value that stands beside its handler and names the token it takes, its required
//! arguments, and every error it can answer. What Slack has for all methods is in [`reply::GENERAL`]; a code that
//! is in neither list is never sent.

mod apps;
mod args;
mod blocks;
mod call;
mod chat;
mod conversations;
mod dispatch;
mod files;
mod method;
mod paging;
mod reactions;
mod reply;
mod teams;
mod users;
mod views;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, post};

use crate::Shared;
use method::Method;

/// All methods, by family.
const FAMILIES: [&[Method]; 8] = [
    apps::METHODS,
    chat::METHODS,
    conversations::METHODS,
    files::METHODS,
    reactions::METHODS,
    teams::METHODS,
    users::METHODS,
    views::METHODS,
];

/// The routes of the Web API.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/{method}", any(dispatch::dispatch))
        .route("/upload/{file}", post(files::receive))
}

fn find(name: &str) -> Option<&'static Method> {
    FAMILIES.iter().flat_map(|family| family.iter()).find(|method| method.name == name)
}
