//! A method's arguments, from the query, a form or a JSON body: all three look the same to the handler.

use serde_json::{Map, Value};

use super::reply::ApiError;
use crate::workspace::Ts;

/// Arguments by name; in a form every value is a text.
#[derive(Debug, Default)]
pub(super) struct Args(Map<String, Value>);

/// Where the arguments of a request came from, as far as Slack cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The query or a form.
    Form,
    /// JSON that names its character set.
    Json,
    /// JSON that does not; Slack warns.
    JsonWithoutCharset,
}

impl Args {
    /// Reads the query and the body.
    pub(super) fn read(query: &str, content_type: &str, body: &[u8]) -> Result<(Self, Source), ApiError> {
        let mut args = Map::new();
        add_form(&mut args, query.as_bytes())?;
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let source = match kind.as_str() {
            _ if body.is_empty() => Source::Form,
            "application/json" => {
                add_json(&mut args, body)?;
                let has_charset = content_type.to_ascii_lowercase().contains("charset=");
                if has_charset { Source::Json } else { Source::JsonWithoutCharset }
            }
            "application/x-www-form-urlencoded" | "" => {
                add_form(&mut args, body)?;
                Source::Form
            }
            _ => return Err(ApiError::with("invalid_post_type", format!("{kind} bodies are not read."))),
        };
        Ok((Self(args), source))
    }

    /// A text; empty and `null` count as absent.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// Whether an argument was given, even if empty.
    pub(super) fn given(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| !value.is_null())
    }

    /// Whether an argument is there and not empty.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| !value.is_null() && value != "")
    }

    /// A switch: `true`, `1`, or their text.
    pub(super) fn is_on(&self, key: &str) -> bool {
        match self.0.get(key) {
            Some(Value::Bool(on)) => *on,
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            Some(Value::String(text)) => text == "true" || text == "1",
            _ => false,
        }
    }

    /// A whole number, also as a text.
    pub(super) fn number(&self, key: &str) -> Option<i64> {
        match self.0.get(key)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// JSON: as it is, or as a text that holds it. `code` is the error for a text that holds none.
    pub(super) fn json(&self, key: &str, code: &str) -> Result<Option<Value>, ApiError> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text)
                .map(Some)
                .map_err(|wrong| ApiError::with(code, format!("{key} is no JSON: {wrong}."))),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// A message timestamp; `code` is the error for another shape.
    pub(super) fn ts(&self, key: &str, code: &str) -> Result<Option<Ts>, ApiError> {
        let text = match self.0.get(key) {
            Some(Value::Number(number)) => number.to_string(),
            _ => match self.text(key) {
                Some(text) => text.to_owned(),
                None => return Ok(None),
            },
        };
        let wrong =
            || ApiError::with(code, format!("{key} is no message timestamp such as 1700000000.000100."));
        Ts::parse(&text).map(Some).ok_or_else(wrong)
    }
}

fn add_form(args: &mut Map<String, Value>, form: &[u8]) -> Result<(), ApiError> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(form)
        .map_err(|wrong| ApiError::with("invalid_form_data", format!("The form cannot be read: {wrong}.")))?;
    args.extend(pairs.into_iter().map(|(key, value)| (key, Value::String(value))));
    Ok(())
}

fn add_json(args: &mut Map<String, Value>, body: &[u8]) -> Result<(), ApiError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => {
            args.extend(map);
            Ok(())
        }
        Ok(_) => Err(ApiError::with("json_not_object", "The body is JSON, but no object.")),
        Err(wrong) => Err(ApiError::with("invalid_json", format!("The body is no JSON: {wrong}."))),
    }
}
