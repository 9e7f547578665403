//! A verified body → what is in it.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use crate::inbound::kind;
use crate::payload::filled;

/// The kind of a form that is neither a slash command nor an interaction.
const FORM: &str = "form";

/// What a request is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// Slack looks whether somebody is there.
    SslCheck,
    /// Slack looks whether it is us: this must be answered.
    Challenge(String),
    /// Something happened.
    Payload(Payload),
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Payload {
    /// One of [`kind`], or an unknown one.
    pub(super) kind: &'static str,
    /// What happened.
    pub(super) json: Value,
    /// The same as text, as it came where it came as JSON.
    pub(super) text: String,
}

/// The body is not what Slack sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoContent;

/// Reads a body: the wrapper of an event as JSON, anything else as a form.
pub(super) fn read(headers: &HeaderMap, body: Vec<u8>) -> Result<Content, NoContent> {
    let body = String::from_utf8(body).map_err(|_| NoContent)?;
    match media_type(headers) {
        Some(kind) if kind.eq_ignore_ascii_case("application/json") => event(body),
        Some(kind) if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") => form(&body),
        _ => Err(NoContent),
    }
}

fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split_once(';').map_or(value, |(kind, _)| kind).trim())
}

fn event(text: String) -> Result<Content, NoContent> {
    let json = object(&text)?;
    if filled(&json, "/type") == Some("url_verification") {
        return filled(&json, "/challenge").map(|it| Content::Challenge(it.to_owned())).ok_or(NoContent);
    }
    Ok(Content::Payload(Payload { kind: kind::EVENTS_API, json, text }))
}

fn form(body: &str) -> Result<Content, NoContent> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(body).map_err(|_| NoContent)?;
    let count = fields.len();
    let mut map: Map<String, Value> =
        fields.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    if map.is_empty() || map.len() != count {
        return Err(NoContent);
    }
    if map.get("ssl_check").and_then(Value::as_str) == Some("1") {
        return Ok(Content::SslCheck);
    }
    if let Some(Value::String(text)) = map.remove("payload") {
        let json = object(&text)?;
        return Ok(Content::Payload(Payload { kind: kind::INTERACTIVE, json, text }));
    }
    let kind = if map.contains_key("command") { kind::SLASH_COMMANDS } else { FORM };
    let json = Value::Object(map);
    let text = json.to_string();
    Ok(Content::Payload(Payload { kind, json, text }))
}

fn object(text: &str) -> Result<Value, NoContent> {
    serde_json::from_str(text).ok().filter(Value::is_object).ok_or(NoContent)
}
