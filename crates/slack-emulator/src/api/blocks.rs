//! Slack's limits on what an app sends (docs.slack.dev, Block Kit reference; slack_sdk's model classes).

use serde_json::{Map, Value};

use super::args::Args;
use super::reply::ApiError;
use crate::workspace::Metadata;

/// Blocks of a message.
pub(super) const PER_MESSAGE: usize = 50;

/// Blocks of a view.
pub(super) const PER_VIEW: usize = 100;

/// Characters of all texts in the blocks of a message together (bolt-js issue 2509).
const ALL_TEXT: usize = 13_200;

/// The largest metadata, in bytes of JSON.
const METADATA: usize = 8_000;

/// Longest texts by block type and key.
const TEXTS: [(&str, &str, usize); 9] = [
    ("section", "text", 3000),
    ("header", "text", 150),
    ("markdown", "text", 12_000),
    ("button", "text", 75),
    ("button", "value", 2000),
    ("button", "url", 3000),
    ("image", "alt_text", 2000),
    ("image", "image_url", 3000),
    ("input", "label", 2000),
];

/// Longest lists by block type and key.
const LISTS: [(&str, &str, usize); 6] = [
    ("section", "fields", 10),
    ("actions", "elements", 25),
    ("context", "elements", 10),
    ("static_select", "options", 100),
    ("overflow", "options", 5),
    ("checkboxes", "options", 10),
];

/// The `blocks` argument, checked; `None` when it was not given.
pub(super) fn blocks(args: &Args, max: usize) -> Result<Option<Vec<Value>>, ApiError> {
    let Some(value) = args.json("blocks", "invalid_blocks_format")? else { return Ok(None) };
    let Value::Array(blocks) = value else {
        return Err(ApiError::with("invalid_blocks_format", "blocks must be a list."));
    };
    check(&blocks, max)?;
    Ok(Some(blocks))
}

/// The `attachments` argument.
pub(super) fn attachments(args: &Args) -> Result<Option<Vec<Value>>, ApiError> {
    match args.json("attachments", "invalid_arguments")? {
        None | Some(Value::Bool(_)) => Ok(None),
        Some(Value::Array(list)) if list.len() > 100 => Err(ApiError::new("too_many_attachments")),
        Some(Value::Array(list)) => Ok(Some(list)),
        Some(_) => Err(ApiError::invalid_arguments("attachments must be a list.")),
    }
}

/// The `metadata` argument.
pub(super) fn metadata(args: &Args) -> Result<Option<Metadata>, ApiError> {
    let Some(value) = args.json("metadata", "invalid_metadata_format")? else { return Ok(None) };
    if value.to_string().len() > METADATA {
        return Err(ApiError::new("metadata_too_large"));
    }
    let metadata: Metadata = serde_json::from_value(value).map_err(|wrong| {
        ApiError::with(
            "invalid_metadata_format",
            format!("metadata needs event_type and event_payload: {wrong}."),
        )
    })?;
    if metadata.event_type.is_empty() || !metadata.event_payload.is_object() {
        return Err(ApiError::with("invalid_metadata_schema", "event_payload must be an object."));
    }
    Ok(Some(metadata))
}

/// Checks blocks of a message or view.
pub(super) fn check(blocks: &[Value], max: usize) -> Result<(), ApiError> {
    if blocks.len() > max {
        return Err(invalid(format!("no more than {max} items allowed [json-pointer:/blocks]")));
    }
    let mut ids = Vec::new();
    let mut letters = 0;
    for (place, block) in blocks.iter().enumerate() {
        let map = block.as_object().ok_or_else(|| invalid(format!("/blocks/{place} must be an object")))?;
        check_object(map, &format!("/blocks/{place}"), &mut letters)?;
        if let Some(id) = map.get("block_id").and_then(Value::as_str) {
            if ids.contains(&id) {
                return Err(invalid(format!("block_id {id} is used twice")));
            }
            ids.push(id);
        }
    }
    if letters > ALL_TEXT && max == PER_MESSAGE {
        return Err(ApiError::with("msg_blocks_too_long", "All texts in the blocks together are too long."));
    }
    Ok(())
}

fn check_object(map: &Map<String, Value>, path: &str, letters: &mut usize) -> Result<(), ApiError> {
    let kind = map.get("type").and_then(Value::as_str);
    let kind = kind.ok_or_else(|| invalid(format!("missing required field: type [json-pointer:{path}]")))?;
    check_required(map, kind, path)?;
    for (_, key, max) in TEXTS.iter().filter(|(of, ..)| *of == kind) {
        let length = map.get(*key).map_or(0, text_length);
        *letters += length;
        if length > *max {
            return Err(invalid(format!(
                "must be no more than {max} characters [json-pointer:{path}/{key}]"
            )));
        }
    }
    for (_, key, max) in LISTS.iter().filter(|(of, ..)| *of == kind) {
        if map.get(*key).and_then(Value::as_array).is_some_and(|list| list.len() > *max) {
            return Err(invalid(format!("no more than {max} items allowed [json-pointer:{path}/{key}]")));
        }
    }
    for id in ["action_id", "block_id"] {
        if map.get(id).map_or(0, text_length) > 255 {
            return Err(invalid(format!("must be no more than 255 characters [json-pointer:{path}/{id}]")));
        }
    }
    let elements = map.get("elements").and_then(Value::as_array).into_iter().flatten();
    let others = ["accessory", "element"].into_iter().filter_map(|key| map.get(key));
    for (place, element) in elements.chain(others).enumerate() {
        if let (Some(element), false) = (element.as_object(), kind.starts_with("rich_text")) {
            check_object(element, &format!("{path}/elements/{place}"), letters)?;
        }
    }
    Ok(())
}

/// What a block cannot be without.
fn check_required(map: &Map<String, Value>, kind: &str, path: &str) -> Result<(), ApiError> {
    let needed: &[&str] = match kind {
        "section" if !map.contains_key("fields") => &["text"],
        "header" | "button" => &["text"],
        "actions" | "context" => &["elements"],
        "input" => &["label", "element"],
        _ => &[],
    };
    match needed.iter().find(|key| map.get(**key).is_none_or(|value| value.is_null() || text_is_empty(value)))
    {
        Some(key) => Err(invalid(format!("missing required field: {key} [json-pointer:{path}]"))),
        None => Ok(()),
    }
}

fn text_of(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("text")?.as_str())
}

fn text_length(value: &Value) -> usize {
    text_of(value).map_or(0, |text| text.chars().count())
}

fn text_is_empty(value: &Value) -> bool {
    text_of(value).is_some_and(str::is_empty)
}

fn invalid(detail: impl std::fmt::Display) -> ApiError {
    ApiError::with("invalid_blocks", format!("[ERROR] {detail}"))
}
