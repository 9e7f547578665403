//! Reads an answer: its status, its size, and what Slack says in it.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::error::WebError;
use crate::payload::{filled, short, truth};

/// No answer of Slack's that we ask for comes near this.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The wait when Slack does not say how long.
const UNSAID_WAIT: Duration = Duration::from_secs(5);

/// What Slack answered to a call that it carried out.
#[derive(Debug)]
pub(super) struct Answer {
    /// The JSON, which says `ok: true`.
    pub(super) body: Value,
    /// The token's scopes, where Slack tells them.
    pub(super) scopes: Option<Vec<String>>,
}

/// The answer, if it says `ok: true`.
pub(super) async fn read(method: &'static str, response: Response) -> Result<Answer, WebError> {
    let status = response.status();
    let scopes = scopes(response.headers());
    if let Some(error) = failed(method, &response) {
        return Err(error);
    }
    let body = body(method, response).await?;
    let unreadable = |reason: String| WebError::Unreadable { method, reason };
    let body: Value =
        serde_json::from_slice(&body).map_err(|_| unreadable(format!("status {status} without JSON")))?;
    match truth(&body, "/ok") {
        Some(true) => Ok(Answer { body, scopes }),
        Some(false) => Err(refused(method, &body)),
        None => Err(unreadable(format!("status {status}, and it does not say whether it is ok"))),
    }
}

/// What the status alone tells.
pub(super) fn failed(method: &'static str, response: &Response) -> Option<WebError> {
    let status = response.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Some(WebError::RateLimited { method, retry_after: retry_after(response) });
    }
    // A gateway's error does not say how far the request got.
    status.is_server_error().then(|| WebError::Lost { method, reason: format!("status {status}") })
}

/// The request found nobody, or nobody answered it.
pub(super) fn not_received(method: &'static str, error: &reqwest::Error) -> WebError {
    let reason = chain(error);
    if error.is_connect() || error.is_builder() {
        WebError::Unavailable { method, reason }
    } else {
        WebError::Lost { method, reason }
    }
}

async fn body(method: &'static str, mut response: Response) -> Result<Vec<u8>, WebError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MOST_BYTES => {
                let reason = format!("more than {MOST_BYTES} bytes");
                return Err(WebError::Unreadable { method, reason });
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(WebError::Lost { method, reason: chain(&error) }),
        }
    }
}

/// The header `x-oauth-scopes`: `chat:write,commands`.
fn scopes(headers: &HeaderMap) -> Option<Vec<String>> {
    let text = headers.get("x-oauth-scopes")?.to_str().ok()?;
    Some(text.split(',').map(str::trim).filter(|scope| !scope.is_empty()).map(str::to_owned).collect())
}

fn retry_after(response: &Response) -> Duration {
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    header.and_then(|text| text.trim().parse().ok()).map_or(UNSAID_WAIT, Duration::from_secs)
}

/// `ok: false`, by what it means for the caller.
fn refused(method: &'static str, answer: &Value) -> WebError {
    let code = short(filled(answer, "/error").unwrap_or("without a reason"), 100);
    match code.as_str() {
        "ratelimited" | "rate_limited" => WebError::RateLimited { method, retry_after: UNSAID_WAIT },
        "service_unavailable" | "team_added_to_org" => WebError::Unavailable { method, reason: code },
        // Slack's own words for both: some part may have been done before the error.
        "internal_error" | "fatal_error" => WebError::Lost { method, reason: code },
        _ => {
            let detail = |pointer| filled(answer, pointer).map(|text| short(text, 300));
            WebError::Denied { method, needed: detail("/needed"), provided: detail("/provided"), code }
        }
    }
}

/// An error of the HTTP client with its causes, without the address, which may be a secret.
fn chain(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    let cause = std::iter::successors(std::error::Error::source(error), |error| error.source()).last();
    cause.map_or_else(|| what.to_owned(), |cause| format!("{what} ({cause})"))
}
