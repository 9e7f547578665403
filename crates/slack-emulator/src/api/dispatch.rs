//! From a request to a method and back.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::args::{Args, Source};
use super::call::{Call, Caller};
use super::method::{Json, Method, Tier, Tokens};
use super::reply::{Answer, ApiError};
use crate::Shared;
use crate::faults::Before;
use crate::limits::Lane;

/// Carries the sentence that explains an error, where Slack's answer has no place for it.
const HINT: &str = "x-emulator-hint";

/// Methods whose answers have a place for explanations (`response_metadata.messages`).
const WITH_MESSAGES: [&str; 9] = [
    "apps.connections.open",
    "chat.postMessage",
    "chat.update",
    "files.completeUploadExternal",
    "files.getUploadURLExternal",
    "users.lookupByEmail",
    "views.open",
    "views.push",
    "views.update",
];

/// Answers one call.
pub(super) async fn dispatch(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let read =
        Args::read(query.as_deref().unwrap_or_default(), header(&headers, CONTENT_TYPE.as_str()), &body);
    let token = read.as_ref().ok().and_then(|(args, _)| args.text("token").map(String::from));
    let token = bearer(&headers).map(String::from).or(token);
    let call = (name.as_str(), token.as_deref().unwrap_or_default());
    let then = match shared.faults.before(call, shared.workspace.clock()).await {
        Before::Answer(response) => return response,
        Before::Proceed(then) => then,
    };
    let response = match read {
        Ok((args, source)) => {
            let warning = (source == Source::JsonWithoutCharset).then_some("missing_charset");
            let answer = answer(&shared, &name, args, (source, token.as_deref())).await;
            write(&shared, &name, answer, warning)
        }
        Err(error) => write(&shared, &name, Err(error), None),
    };
    then.finish(response).await
}

async fn answer(
    shared: &Arc<Shared>,
    name: &str,
    args: Args,
    (source, token): (Source, Option<&str>),
) -> Answer {
    let Some(method) = super::find(name) else {
        return Err(ApiError::with("unknown_method", format!("The emulator has no method {name}.")));
    };
    let caller = caller(shared, method, token)?;
    if method.json == Json::Ignored && source != Source::Form {
        tracing::warn!(name, "Slack ignores JSON bodies for this method; send a form or a query");
    }
    let lane = Lane { caller: caller.name(), method: method.name, channel: channel(method, &args) };
    let now = shared.workspace.clock().now();
    shared.limits.take(lane, method.tier, now).map_err(ApiError::too_many)?;
    let call = Call { shared: Arc::clone(shared), caller, args };
    if let Some(scope) = method.scope {
        call.need_scope(scope)?;
    }
    if let Some(missing) = method.required.iter().find(|key| !call.args.has(key)) {
        return Err(ApiError::invalid_arguments(format!("[ERROR] missing required field: {missing}")));
    }
    let answer = (method.run)(call).await;
    answer.map_err(|error| listed(method, error))
}

/// The channel, where calls are counted for each.
fn channel(method: &Method, args: &Args) -> Option<String> {
    args.text("channel").filter(|_| method.tier == Tier::Posting).map(String::from)
}

/// An error that the method does not list would be a mistake of ours: it goes to the log instead.
fn listed(method: &Method, error: ApiError) -> ApiError {
    if error.is_listed(method.errors) {
        return error;
    }
    tracing::error!(method = method.name, code = error.code, "this method does not list this error");
    ApiError { code: "fatal_error".into(), ..error }
}

fn caller(shared: &Shared, method: &Method, token: Option<&str>) -> Result<Caller, ApiError> {
    if method.tokens == Tokens::None {
        return Ok(Caller::Nobody);
    }
    let token = token.ok_or_else(|| ApiError::with("not_authed", "No token came with this request."))?;
    let caller = shared.workspace.read(|state| {
        let installation = state.installation();
        if installation.bot_token.matches(token) {
            let bot = state.app().bot_user.clone();
            let gone = || ApiError::with("account_inactive", "The app is uninstalled.");
            return if installation.uninstalled { Err(gone()) } else { Ok(Caller::Bot(bot)) };
        }
        if installation.revoked.iter().any(|one| one.matches(token)) {
            return Err(ApiError::with("token_revoked", "This bot token was replaced by another."));
        }
        if state.app().app_token.matches(token) {
            return Ok(Caller::App);
        }
        let owner =
            |person: &&crate::seed::Person| person.token.as_ref().is_some_and(|one| one.matches(token));
        match state.people().iter().find(owner) {
            Some(person) if person.deactivated => Err(ApiError::new("account_inactive")),
            Some(person) => Ok(Caller::Person(person.id.clone())),
            None => Err(ApiError::with("invalid_auth", "Nobody has this token.")),
        }
    })?;
    let fits = match method.tokens {
        Tokens::None => true,
        Tokens::BotOrPerson => matches!(caller, Caller::Bot(_) | Caller::Person(_)),
        Tokens::Bot => matches!(caller, Caller::Bot(_)),
        Tokens::App => caller == Caller::App,
    };
    if fits { Ok(caller) } else { Err(ApiError::new("not_allowed_token_type")) }
}

fn write(shared: &Shared, name: &str, answer: Answer, warning: Option<&str>) -> Response {
    let mut hint = None;
    let retry_after = answer.as_ref().err().and_then(|error| error.retry_after);
    let mut map = Map::new();
    map.insert("ok".into(), json!(answer.is_ok()));
    match answer {
        Ok(keys) => map.extend(keys),
        Err(error) => hint = explain(shared, name, error, &mut map),
    }
    if let Some(warning) = warning {
        map.insert("warning".into(), json!(warning));
    }
    let mut response = axum::Json(Value::Object(map)).into_response();
    if let Some(hint) = hint.and_then(|hint| HeaderValue::from_str(&hint).ok()) {
        response.headers_mut().insert(HINT, hint);
    }
    if let Some(seconds) = retry_after {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(date) = shared.faults.date(shared.workspace.clock().now()) {
        response.headers_mut().insert(DATE, date);
    }
    let scopes = shared.workspace.read(|state| state.installation().scopes.join(","));
    if let Ok(scopes) = HeaderValue::from_str(&scopes) {
        response.headers_mut().insert("x-oauth-scopes", scopes);
    }
    response
}

/// Writes an error; returns the sentence that has no place in the answer.
fn explain(shared: &Shared, name: &str, error: ApiError, map: &mut Map<String, Value>) -> Option<String> {
    map.insert("error".into(), json!(error.code));
    if let Some(needed) = error.needed {
        map.insert("needed".into(), json!(needed));
        map.insert(
            "provided".into(),
            json!(shared.workspace.read(|state| state.installation().scopes.join(","))),
        );
    }
    match error.detail {
        Some(detail) if WITH_MESSAGES.contains(&name) => {
            map.insert("response_metadata".into(), json!({"messages": [detail]}));
            None
        }
        detail => detail,
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (kind, token) = value.split_once(' ')?;
    (kind.eq_ignore_ascii_case("bearer") && !token.trim().is_empty()).then(|| token.trim())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
