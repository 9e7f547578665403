//! Blocks that show: sections, headers, contexts, rows of actions, images and tables.

use serde_json::Value;

use super::{Surface, element, text_object, words};
use crate::page::html::{Html, el};
use crate::page::json::{list, text};
use crate::page::rich_text;

pub(super) fn section(block: &Value, surface: Surface<'_>) -> Html {
    let names = surface.names;
    let body =
        block.get("text").map(|object| el("div").class("block-text").child(text_object(Some(object), names)));
    let fields = list(block, "fields");
    let fields = (!fields.is_empty()).then(|| {
        let drawn: Html =
            fields.iter().map(|f| el("div").class("field").child(text_object(Some(f), names))).collect();
        el("div").class("fields").child(drawn)
    });
    let accessory = block.get("accessory").filter(|value| value.is_object()).map(|accessory| {
        el("div").class("accessory").child(element::html(accessory, text(block, "block_id"), surface))
    });
    el("div")
        .class("block section")
        .child(el("div").class("section-body").child(body).child(fields))
        .child(accessory)
        .into()
}

pub(super) fn header(block: &Value) -> Html {
    let names = Default::default();
    el("h3").class("block header").child(text_object(block.get("text"), &names)).into()
}

pub(super) fn context(block: &Value, surface: Surface<'_>) -> Html {
    let drawn: Html = list(block, "elements")
        .iter()
        .map(|part| match text(part, "type") {
            "image" => picture(part, "picture picture-small"),
            _ => el("span").child(text_object(Some(part), surface.names)).into(),
        })
        .collect();
    el("div").class("block context").child(drawn).into()
}

pub(super) fn actions(block: &Value, surface: Surface<'_>) -> Html {
    let id = text(block, "block_id");
    let drawn: Html = list(block, "elements").iter().map(|part| element::html(part, id, surface)).collect();
    el("div").class("block actions").child(drawn).into()
}

pub(super) fn image(block: &Value) -> Html {
    let title = block.get("title").map(|title| el("figcaption").text(words(Some(title))));
    el("figure").class("block image").child(title).child(picture(block, "picture")).into()
}

/// A picture's place: its alternative text, since this page fetches nothing.
pub(super) fn picture(part: &Value, class: &'static str) -> Html {
    let alt = text(part, "alt_text");
    let label = if alt.is_empty() { "image" } else { alt };
    el("span")
        .class(class)
        .attr("role", "img")
        .attr("aria-label", label)
        .attr("title", label)
        .text(label)
        .into()
}

/// A table; the first row is its head.
pub(super) fn table(block: &Value, surface: Surface<'_>) -> Html {
    let settings = list(block, "column_settings");
    let rows = list(block, "rows").iter().enumerate().map(|(index, row)| {
        let cells: Html = row
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(column, cell)| {
                let tag = if index == 0 { "th" } else { "td" };
                let align = settings.get(column).map(|setting| text(setting, "align")).and_then(align_class);
                el(tag).maybe("class", align).child(table_cell(cell, surface))
            })
            .collect();
        el("tr").child(cells)
    });
    let table = el("table").child(rows.collect::<Html>());
    el("div")
        .class("block table")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "Table")
        .child(table)
        .into()
}

fn align_class(align: &str) -> Option<&'static str> {
    match align {
        "center" => Some("align-center"),
        "right" => Some("align-right"),
        _ => None,
    }
}

fn table_cell(cell: &Value, surface: Surface<'_>) -> Html {
    match text(cell, "type") {
        "rich_text" => rich_text::html(cell, surface.names),
        _ => Html::escaped(text(cell, "text")),
    }
}
