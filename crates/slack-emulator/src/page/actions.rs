//! What a person does on the page: `POST /page/<action>` with a form.
//!
//! Every action names who acts (`as`) and where (`channel`). The script asks for JSON and gets `{}` or
//! `{"error": sentence}`; a plain form gets the page again. What the action led to arrives through the live updates.

mod interact;

use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html as HtmlBody, IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::draw::problem;
use super::place::{Address, Lost, Place};
use crate::Shared;
use crate::interaction::InteractionError;
use crate::workspace::{HomeTab, Refused, Ts};

/// The actions' routes.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/page/send", post(send))
        .route("/page/edit", post(edit))
        .route("/page/delete", post(delete))
        .route("/page/react", post(react))
        .route("/page/open-direct", post(open_direct))
        .route("/page/aside", post(aside))
        .route("/page/press", post(interact::press))
        .route("/page/submit-view", post(interact::submit_view))
        .route("/page/close-view", post(interact::close_view))
}

/// Why an action was not done, in a sentence for the person.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("The form is incomplete or too large.")]
    Form,
    #[error("There is no such place, or this person is not a member of the channel.")]
    Lost(Lost),
    #[error("There is no such message.")]
    NoMessage,
    #[error("Slash commands do not work in threads; write to the app by its name instead.")]
    CommandInThread,
    #[error(
        "{0} is not a command of this workspace. To send it as a message, put a space in front of the slash."
    )]
    UnknownCommand(String),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Interaction(#[from] InteractionError),
}

/// A form as the page sends it; what is of no use for an action is left out.
type Sent<T> = Result<Form<T>, FormRejection>;

#[derive(Deserialize)]
struct Message {
    text: String,
    #[serde(flatten)]
    address: Address,
}

async fn send(State(shared): State<Arc<Shared>>, headers: HeaderMap, sent: Sent<Message>) -> Response {
    answer(&headers, || async {
        let (place, Form(form)) = at(&shared, sent, |form| &form.address)?;
        match command(&form.text) {
            Some(_) if place.thread.is_some() => return Err(Problem::CommandInThread),
            Some((command, text)) => interact::slash(&shared, &place, (command, text)).await?,
            None => {
                shared.workspace.say(&place.me, &place.channel, place.thread, &form.text).await?;
            }
        }
        Ok(place)
    })
    .await
}

/// Splits `/command text`; a slash alone or in a path is no command.
fn command(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end();
    let (command, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let name = command.strip_prefix('/')?;
    let is_name = !name.is_empty() && !name.contains('/');
    is_name.then(|| (command, rest.trim()))
}

#[derive(Deserialize)]
struct Edit {
    ts: String,
    text: String,
    #[serde(flatten)]
    address: Address,
}

async fn edit(State(shared): State<Arc<Shared>>, headers: HeaderMap, sent: Sent<Edit>) -> Response {
    answer(&headers, || async {
        let (place, Form(form)) = at(&shared, sent, |form| &form.address)?;
        shared.workspace.edit(&place.me, &place.channel, ts(&form.ts)?, &form.text).await?;
        Ok(place)
    })
    .await
}

#[derive(Deserialize)]
struct Delete {
    ts: String,
    #[serde(flatten)]
    address: Address,
}

async fn delete(State(shared): State<Arc<Shared>>, headers: HeaderMap, sent: Sent<Delete>) -> Response {
    answer(&headers, || async {
        let (place, Form(form)) = at(&shared, sent, |form| &form.address)?;
        shared.workspace.delete(&place.me, &place.channel, ts(&form.ts)?).await?;
        Ok(place)
    })
    .await
}

#[derive(Deserialize)]
struct React {
    ts: String,
    name: String,
    #[serde(flatten)]
    address: Address,
}

/// Puts the emoji there, or takes it back where this person has already put it.
async fn react(State(shared): State<Arc<Shared>>, headers: HeaderMap, sent: Sent<React>) -> Response {
    answer(&headers, || async {
        let (place, Form(form)) = at(&shared, sent, |form| &form.address)?;
        let ts = ts(&form.ts)?;
        match shared.workspace.react(&place.me, &place.channel, ts, &form.name).await {
            Err(Refused::AlreadyReacted) => {
                shared.workspace.unreact(&place.me, &place.channel, ts, &form.name).await?;
            }
            done => done?,
        }
        Ok(place)
    })
    .await
}

#[derive(Deserialize)]
struct OpenDirect {
    #[serde(flatten)]
    address: Address,
}

async fn open_direct(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    sent: Sent<OpenDirect>,
) -> Response {
    answer(&headers, || async {
        let (place, _) = at(&shared, sent, |form| &form.address)?;
        let channel = shared.workspace.open_app_home(&place.me, HomeTab::Messages).await?;
        Ok(place.in_channel(&channel))
    })
    .await
}

#[derive(Deserialize)]
struct AsideButton {
    button: String,
    #[serde(flatten)]
    address: Address,
}

/// Presses a button of what stands beside the workspace.
async fn aside(State(shared): State<Arc<Shared>>, headers: HeaderMap, sent: Sent<AsideButton>) -> Response {
    answer(&headers, || async {
        let (place, Form(form)) = at(&shared, sent, |form| &form.address)?;
        if let Some(aside) = &shared.aside {
            aside.press(&form.button);
        }
        Ok(place)
    })
    .await
}

/// Reads a form and finds the place that it names.
fn at<T: DeserializeOwned>(
    shared: &Shared,
    sent: Sent<T>,
    address: impl FnOnce(&T) -> &Address,
) -> Result<(Place, Form<T>), Problem> {
    let form = sent.map_err(|_| Problem::Form)?;
    let place = shared.workspace.read(|state| Place::find(state, address(&form))).map_err(Problem::Lost)?;
    Ok((place, form))
}

fn ts(text: &str) -> Result<Ts, Problem> {
    Ts::parse(text).ok_or(Problem::NoMessage)
}

/// Does `work` and answers in the way that the browser asked for.
async fn answer<F: Future<Output = Result<Place, Problem>>>(
    headers: &HeaderMap,
    work: impl FnOnce() -> F,
) -> Response {
    let done = work().await;
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match (accept.contains("application/json"), done) {
        (true, Ok(_)) => Json(json!({})).into_response(),
        (true, Err(problem)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": problem.to_string()}))).into_response()
        }
        (false, Ok(place)) => Redirect::to(&place.href()).into_response(),
        (false, Err(problem)) => {
            let page = problem::page("That did not work", &problem.to_string());
            (StatusCode::UNPROCESSABLE_ENTITY, HtmlBody(page.into_string())).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn commands_are_told_from_sentences() {
        assert_eq!(command("/infra stop  dev "), Some(("/infra", "stop  dev")));
        assert_eq!(command("/infra"), Some(("/infra", "")));
        for sentence in ["", "/", " /infra", "/usr/bin/env", "hello /infra", "/ x"] {
            assert_eq!(command(sentence), None, "{sentence}");
        }
    }
}
