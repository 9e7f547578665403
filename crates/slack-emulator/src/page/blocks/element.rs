//! Elements that one presses or chooses from, in rows of actions and beside sections.

use serde_json::Value;

use super::input::Use;
use super::{Surface, input, layout, text_object, words};
use crate::page::html::{Element, Html, el};
use crate::page::json::{is, list, text};
use crate::page::mrkdwn::safe_url;
use crate::page::names::Names;

/// Draws one element of the block `block_id`.
pub(super) fn html(element: &Value, block_id: &str, surface: Surface<'_>) -> Html {
    let drawn = match text(element, "type") {
        "button" | "workflow_button" => button(element, block_id),
        "image" => return layout::picture(element, "picture"),
        "overflow" => overflow(element, block_id),
        _ => input::control(element, block_id, (surface, Use::Dispatched)),
    };
    let mut html: Html = drawn.into();
    html.push(element.get("confirm").map(|question| confirmation(question, surface.names)));
    html
}

/// Marks an element as usable: which block and action it belongs to, and whether a dialog asks first.
pub(super) fn usable(drawn: Element, element: &Value, block_id: &str) -> Element {
    drawn
        .attr("data-block", block_id)
        .attr("data-action", text(element, "action_id"))
        .flag_if(element.get("confirm").is_some_and(Value::is_object), "data-confirm")
}

fn button(element: &Value, block_id: &str) -> Element {
    let class = match text(element, "style") {
        "primary" => "button button-primary",
        "danger" => "button button-danger",
        _ => "button",
    };
    let label = text_object(element.get("text"), &Names::default());
    let drawn = match safe_url(text(element, "url")) {
        Some(url) => el("a").attr("href", url).attr("target", "_blank").attr("rel", "noopener noreferrer"),
        None => el("button").attr("type", "button").attr("data-value", text(element, "value")),
    };
    usable(drawn, element, block_id)
        .class(class)
        .flag("data-press")
        .maybe("aria-label", element.get("accessibility_label").and_then(Value::as_str))
        .child(label)
}

fn overflow(element: &Value, block_id: &str) -> Element {
    let choices: Html = list(element, "options")
        .iter()
        .map(|option| {
            usable(el("button").attr("type", "button"), element, block_id)
                .class("menu-item")
                .flag("data-press")
                .attr("data-value", text(option, "value"))
                .text(words(option.get("text")))
        })
        .collect();
    el("details")
        .class("overflow")
        .child(el("summary").class("button").attr("aria-label", "More actions").text("⋯"))
        .child(el("div").class("menu").child(choices))
}

/// What the dialog asks before the element is used; the script shows it.
fn confirmation(question: &Value, names: &Names) -> Element {
    let class =
        if text(question, "style") == "danger" { "button button-danger" } else { "button button-primary" };
    let says = |key, otherwise: &str| {
        Some(words(question.get(key))).filter(|w| !w.is_empty()).unwrap_or_else(|| otherwise.to_owned())
    };
    el("template")
        .class("confirmation")
        .child(el("h2").text(says("title", "Are you sure?")))
        .child(el("div").class("block-text").child(text_object(question.get("text"), names)))
        .child(
            el("div")
                .class("dialog-buttons")
                .child(
                    el("button")
                        .class("button")
                        .attr("type", "button")
                        .attr("value", "no")
                        .text(says("deny", "Cancel")),
                )
                .child(
                    el("button")
                        .class(class)
                        .attr("type", "button")
                        .attr("value", "yes")
                        .text(says("confirm", "Yes")),
                ),
        )
}

/// Whether the element takes several options.
pub(super) fn takes_several(element: &Value) -> bool {
    text(element, "type").starts_with("multi_") || text(element, "type") == "checkboxes"
}

/// Whether the element should have the focus when its modal opens.
pub(super) fn wants_focus(element: &Value) -> bool {
    is(element, "focus_on_load")
}
