//! What a method answers.

use serde_json::{Map, Value, json};

use crate::limits::TooMany;
use crate::workspace::Refused;

/// A method's result: the keys beside `ok`.
pub(super) type Answer = Result<Map<String, Value>, ApiError>;

/// Codes that every method may answer (Slack's pages repeat them under each method).
pub(super) const GENERAL: [&str; 18] = [
    "access_denied",
    "account_inactive",
    "fatal_error",
    "internal_error",
    "invalid_arguments",
    "invalid_auth",
    "invalid_charset",
    "invalid_form_data",
    "invalid_json",
    "invalid_post_type",
    "json_not_object",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "ratelimited",
    "request_timeout",
    "token_revoked",
    "unknown_method",
];

/// An error that goes to the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiError {
    pub(super) code: String,
    /// What is wrong, in a sentence for the developer.
    pub(super) detail: Option<String>,
    /// The scope that was missing.
    pub(super) needed: Option<String>,
    /// Seconds until the next call has a place; goes out as 429.
    pub(super) retry_after: Option<u32>,
}

impl ApiError {
    pub(super) fn new(code: &str) -> Self {
        Self { code: code.into(), detail: None, needed: None, retry_after: None }
    }

    pub(super) fn with(code: &str, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::new(code) }
    }

    pub(super) fn invalid_arguments(detail: impl Into<String>) -> Self {
        Self::with("invalid_arguments", detail)
    }

    pub(super) fn missing_scope(needed: &str) -> Self {
        Self {
            needed: Some(needed.into()),
            ..Self::with("missing_scope", format!("This token lacks the scope {needed}."))
        }
    }

    pub(super) fn too_many(TooMany(seconds): TooMany) -> Self {
        let detail = format!("Too many calls of this method; the next one has a place in {seconds} s.");
        Self { retry_after: Some(seconds), ..Self::with("ratelimited", detail) }
    }

    /// Whether a method that lists `errors` may answer this.
    pub(super) fn is_listed(&self, errors: &[&str]) -> bool {
        errors.contains(&self.code.as_str()) || GENERAL.contains(&self.code.as_str())
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        Self::with(refused.code(), refused.to_string())
    }
}

/// An answer of one key.
pub(super) fn one(key: &str, value: impl serde::Serialize) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert(key.into(), json!(value));
    map
}

/// An answer of nothing but `ok`.
pub(super) fn nothing() -> Answer {
    Ok(Map::new())
}

/// Adds a key.
pub(super) fn and(
    mut map: Map<String, Value>,
    key: &str,
    value: impl serde::Serialize,
) -> Map<String, Value> {
    map.insert(key.into(), json!(value));
    map
}
