//! Reading JSON that others wrote: what is not there, or is of another type, is `None`.

use serde_json::Value;

/// The text at a JSON pointer (`/event/user`).
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

/// The text at a JSON pointer, unless it is empty: Slack leaves some fields blank instead of leaving them out.
pub(crate) fn filled<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    text(value, pointer).filter(|text| !text.is_empty())
}

/// The truth at a JSON pointer.
pub(crate) fn truth(value: &Value, pointer: &str) -> Option<bool> {
    value.pointer(pointer)?.as_bool()
}

/// The list at a JSON pointer; empty when there is none.
pub(crate) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// At most `limit` characters of a text that goes into an error or a name.
pub(crate) fn short(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
}

/// What was typed into the one input of a submitted dialog; an empty one comes as `null`.
pub(crate) fn only_input(payload: &Value) -> Option<String> {
    let blocks = payload.pointer("/view/state/values")?.as_object()?;
    let mut inputs = blocks.values().filter_map(Value::as_object).flat_map(serde_json::Map::values);
    let (Some(input), None) = (inputs.next(), inputs.next()) else { return None };
    match input.get("value")? {
        Value::String(text) => Some(text.clone()),
        Value::Null => Some(String::new()),
        _ => None,
    }
}
