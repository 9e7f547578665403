//! A modal of the app, in front of the acting person.

use serde_json::Value;

use super::Viewer;
use crate::page::blocks::{self, Surface};
use crate::page::html::{Element, Html, el};
use crate::page::json;
use crate::page::mrkdwn::unescape;
use crate::workspace::View;

/// Draws a modal; the script shows the topmost one as a dialog that keeps the focus.
pub(super) fn html(viewer: Viewer<'_>, view: &View) -> Html {
    let id = format!("v-{}", view.id);
    let title_id = format!("{id}-title");
    let errors = Value::Object(view.errors.clone());
    let values = Value::Object(view.values.clone());
    let surface = Surface { names: viewer.names, errors: &errors, values: &values, id: &id };
    let close = el("button")
        .attr("type", "button")
        .class("dialog-close")
        .flag("data-close-view")
        .attr("aria-label", "Close")
        .text("✕");
    let head = el("header")
        .class("dialog-head")
        .child(
            el("h2")
                .attr("id", &title_id)
                .text(words(view, "title").unwrap_or_else(|| "Untitled".to_owned())),
        )
        .child(close);
    let form = el("form")
        .attr("method", "dialog")
        .flag("novalidate")
        .child(head)
        .child(el("div").class("dialog-body").child(blocks::html(view.blocks(), surface)))
        .child(buttons(view));
    el("dialog")
        .attr("id", &id)
        .class("modal")
        .attr("data-view", &view.id)
        .attr("data-hash", &view.hash)
        .attr("aria-labelledby", title_id)
        .child(form)
        .into()
}

fn buttons(view: &View) -> Element {
    let submit = words(view, "submit")
        .map(|label| el("button").attr("type", "submit").class("button button-primary").text(label));
    let close = words(view, "close").unwrap_or_else(|| "Close".to_owned());
    el("footer")
        .class("dialog-buttons")
        .child(el("button").attr("type", "button").class("button").flag("data-close-view").text(close))
        .child(submit)
}

fn words(view: &View, key: &str) -> Option<String> {
    let text = json::text(view.body.get(key)?, "text");
    (!text.is_empty()).then(|| unescape(text))
}
