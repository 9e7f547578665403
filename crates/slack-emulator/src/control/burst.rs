//! `POST /emulator/burst`: many messages at once.

use std::sync::Arc;

use axum::extract::{Json, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::{Body, finish, one, refuse, unreadable};
use crate::Shared;
use crate::interaction::InteractionError;
use crate::workspace::{ChannelId, UserId};

/// The most messages of one burst.
const MAX_COUNT: u32 = 20_000;

/// What stands for the number of a message in its text.
const NUMBER: &str = "{n}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Burst {
    channel: ChannelId,
    user: UserId,
    count: u32,
    /// `{n}` becomes the number of the message; without a text, the bot is mentioned.
    text: Option<String>,
}

/// Posts `count` messages in one change; each one is an event, and a mention is two.
pub(super) async fn burst(State(shared): State<Arc<Shared>>, body: Body<Burst>) -> Response {
    let burst = match body {
        Ok(Json(burst)) => burst,
        Err(wrong) => return unreadable(&wrong),
    };
    if burst.count > MAX_COUNT {
        return refuse("invalid_arguments", "At most 20000 messages make one burst.");
    }
    let bot = shared.workspace.read(|state| state.app().bot_user.clone());
    let text = burst.text.unwrap_or_else(|| format!("<@{bot}> burst {NUMBER}"));
    let texts: Vec<_> = (1..=burst.count).map(|n| text.replace(NUMBER, &n.to_string())).collect();
    let posted = shared.workspace.say_all(&burst.user, &burst.channel, &texts).await;
    finish(posted.map_err(InteractionError::from).map(|all| one("ts", json!(all))))
}
