//! What stands beside the workspace: a small panel at the bottom of the side.

use crate::aside::{Line, Panel, Section, Weight};
use crate::page::html::{Element, Html, el};
use crate::page::place::Place;

/// Draws the panel.
pub(crate) fn html(panel: &Panel, place: &Place) -> Html {
    let buttons: Html = panel.buttons.iter().map(|button| form(button, place)).collect();
    let sections: Html = panel.sections.iter().map(section).collect();
    el("section")
        .attr("id", "aside-panel")
        .class("aside")
        .attr("aria-label", &panel.title)
        .child(el("h2").text(&panel.title))
        .child(el("p").class("aside-note").text(&panel.note))
        .child(el("div").class("aside-buttons").child(buttons))
        .child(sections)
        .into()
}

/// Pressing it changes something, so it is a form and not a link.
fn form((name, label): &(&'static str, String), place: &Place) -> Element {
    let hidden = |name: &'static str, value: &str| {
        el("input").attr("type", "hidden").attr("name", name).attr("value", value)
    };
    el("form")
        .class("aside-form")
        .attr("method", "post")
        .attr("action", "/page/aside")
        .child(hidden("as", &place.handle))
        .child(hidden("channel", &place.channel.to_string()))
        .child(hidden("button", name))
        .child(el("button").class("aside-button").text(label))
}

fn section(section: &Section) -> Element {
    let lines: Html = section.lines.iter().map(line).collect();
    el("div")
        .class("aside-section")
        .child(el("h3").text(&section.heading).child(el("span").class("role").text(&section.note)))
        .child(el("ul").child(lines))
}

fn line(line: &Line) -> Element {
    let class = match line.weight {
        Weight::Strong => "aside-line aside-strong",
        Weight::Quiet => "aside-line",
    };
    el("li").class(class).attr("title", &line.hint).text(&line.text)
}
