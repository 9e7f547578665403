//! Slash commands, elements of messages, and modals: what the app must answer within three seconds.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Problem, Sent, answer, at, ts};
use crate::Shared;
use crate::interaction::{InteractionError, Place as Stands, Press};
use crate::page::place::{Address, Place};
use crate::workspace::ViewId;

/// Runs a slash command. That the app did not answer is shown in the channel, so it is no problem of the form.
pub(super) async fn slash(
    shared: &Shared,
    place: &Place,
    (command, text): (&str, &str),
) -> Result<(), Problem> {
    match shared.interactions.slash(&place.me, &place.channel, command, text).await {
        Err(InteractionError::UnknownCommand) => Err(Problem::UnknownCommand(command.to_owned())),
        Err(InteractionError::DispatchFailed) => Ok(()),
        done => Ok(done?),
    }
}

#[derive(Deserialize)]
pub(super) struct Pressed {
    #[serde(default)]
    ts: Option<String>,
    #[serde(default)]
    view: Option<String>,
    block: String,
    action: String,
    /// The value of a button, what was chosen, or a JSON list of what was chosen.
    #[serde(default)]
    value: String,
    #[serde(flatten)]
    address: Address,
}

/// Uses an element of a message or a modal.
pub(super) async fn press(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    sent: Sent<Pressed>,
) -> Response {
    answer(&headers, || async {
        let (place, Form(form)) = at(&shared, sent, |form| &form.address)?;
        let stands = match (form.view, form.ts) {
            (Some(view), _) => Stands::View(ViewId::new(view)),
            (None, Some(text)) => Stands::Message(place.channel.clone(), ts(&text)?),
            (None, None) => return Err(Problem::NoMessage),
        };
        let press = Press {
            user: place.me.clone(),
            place: stands,
            action_id: form.action,
            block_id: Some(form.block),
            value: chosen(form.value),
        };
        shared.interactions.press(press).await?;
        Ok(place)
    })
    .await
}

/// A list where one was sent, else the text; nothing where nothing was chosen.
fn chosen(value: String) -> Option<Value> {
    match serde_json::from_str(&value) {
        Ok(list @ Value::Array(_)) => Some(list),
        _ if value.is_empty() => None,
        _ => Some(Value::String(value)),
    }
}

#[derive(Deserialize)]
pub(super) struct Submitted {
    view: String,
    /// JSON: `block_id` → `action_id` → what was typed or chosen.
    values: String,
    #[serde(flatten)]
    address: Address,
}

/// Submits a modal; what the app found wrong arrives with the modal's next drawing.
pub(super) async fn submit_view(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    sent: Sent<Submitted>,
) -> Response {
    answer(&headers, || async {
        let (place, Form(form)) = at(&shared, sent, |form| &form.address)?;
        let values: Map<String, Value> = serde_json::from_str(&form.values).map_err(|_| Problem::Form)?;
        shared.interactions.submit(&place.me, &ViewId::new(form.view), &values).await?;
        Ok(place)
    })
    .await
}

#[derive(Deserialize)]
pub(super) struct Closed {
    view: String,
    #[serde(flatten)]
    address: Address,
}

/// Closes a modal. It is closed even where the app, which may want to know, does not answer.
pub(super) async fn close_view(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    sent: Sent<Closed>,
) -> Response {
    answer(&headers, || async {
        let (place, Form(form)) = at(&shared, sent, |form| &form.address)?;
        match shared.interactions.close(&place.me, &ViewId::new(form.view)).await {
            Err(InteractionError::DispatchFailed) | Ok(()) => Ok(place),
            Err(refused) => Err(refused.into()),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_chosen() {
        assert_eq!(chosen("[\"a\",\"b\"]".into()), Some(json!(["a", "b"])));
        assert_eq!(chosen("op_1".into()), Some(json!("op_1")));
        assert_eq!(chosen("7".into()), Some(json!("7")));
        assert_eq!(chosen(String::new()), None);
    }
}
