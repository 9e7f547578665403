//! What a request is answered.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use super::body::NoBody;

/// It is stored.
pub(super) fn stored(with: Option<Value>) -> Response {
    match with {
        Some(value) => Json(value).into_response(),
        None => StatusCode::OK.into_response(),
    }
}

/// Yes, it is us.
pub(super) fn challenge(text: String) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// The signature does not hold; nobody is told in which way.
pub(super) fn refused() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

/// It was signed, but it is nothing that Slack sends.
pub(super) fn unreadable() -> Response {
    StatusCode::BAD_REQUEST.into_response()
}

/// It is not stored: Slack sends it again.
pub(super) fn busy() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]).into_response()
}

/// There was no body to look at.
pub(super) fn no_body(why: NoBody) -> Response {
    match why {
        NoBody::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        NoBody::TooSlow => StatusCode::REQUEST_TIMEOUT.into_response(),
        NoBody::Broken => StatusCode::BAD_REQUEST.into_response(),
    }
}
