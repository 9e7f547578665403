//! Block Kit → HTML, for messages and modals.
//!
//! Interactive elements carry `data-block` and `data-action`; the script reads them when one is used. Nothing is
//! fetched: an image is shown as a placeholder with its alternative text.

mod element;
mod input;
mod layout;
mod markdown;

#[cfg(test)]
mod tests;

use serde_json::Value;

use super::html::{Html, el};
use super::json::text;
use super::mrkdwn;
use super::names::Names;
use super::rich_text;

/// Where blocks are drawn and what is known there.
#[derive(Clone, Copy)]
pub struct Surface<'a> {
    /// What ids are called.
    pub names: &'a Names,
    /// In a modal: what the app found wrong, a sentence by `block_id`.
    pub errors: &'a Value,
    /// In a modal: what was chosen or typed before, by `block_id` and `action_id`, as in Slack's `state.values`.
    pub values: &'a Value,
    /// Starts the ids of elements, so that they are unique on the page.
    pub id: &'a str,
}

impl<'a> Surface<'a> {
    /// A message's blocks.
    pub fn message(names: &'a Names, id: &'a str) -> Surface<'a> {
        Surface { names, errors: &Value::Null, values: &Value::Null, id }
    }
}

/// Draws a list of blocks.
pub fn html(blocks: &[Value], surface: Surface<'_>) -> Html {
    let drawn: Html = blocks.iter().map(|block| one(block, surface)).collect();
    el("div").class("blocks").child(drawn).into()
}

fn one(block: &Value, surface: Surface<'_>) -> Html {
    match text(block, "type") {
        "section" => layout::section(block, surface),
        "header" => layout::header(block),
        "divider" => el("hr").into(),
        "context" => layout::context(block, surface),
        "actions" | "context_actions" => layout::actions(block, surface),
        "image" => layout::image(block),
        "table" => layout::table(block, surface),
        "input" => input::html(block, surface),
        "rich_text" => rich_text::html(block, surface.names),
        "markdown" => markdown::html(text(block, "text")),
        other => el("p")
            .class("muted")
            .text(format!("A block of type “{other}”, which this page does not draw."))
            .into(),
    }
}

/// Draws a text object: `plain_text` or `mrkdwn`.
fn text_object(object: Option<&Value>, names: &Names) -> Html {
    let Some(object) = object else { return Html::new() };
    let source = text(object, "text");
    match text(object, "type") {
        "mrkdwn" => mrkdwn::html(source, names),
        _ if object.get("emoji") == Some(&Value::Bool(false)) => Html::escaped(&mrkdwn::unescape(source)),
        _ => mrkdwn::plain(source),
    }
}

/// The words of a text object, without any markup, for attributes and option lists.
fn words(object: Option<&Value>) -> String {
    object.map(|object| mrkdwn::unescape(text(object, "text"))).unwrap_or_default()
}
