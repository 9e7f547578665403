//! The box that one types into, for the channel and for the thread.

use serde_json::{Value, json};

use super::Viewer;
use super::icon::{self, Icon};
use super::sidebar::plain_title;
use crate::page::html::{Html, el};
use crate::page::place::actors;
use crate::seed::ChannelKind;
use crate::workspace::Ts;

/// Draws the box of the channel, or of its open thread. It works as a plain form where scripts are off.
pub(super) fn html(viewer: Viewer<'_>, thread: Option<Ts>) -> Html {
    let Viewer { state, place, .. } = viewer;
    let title = state
        .channel(&place.channel)
        .map(|channel| plain_title(state, channel, &place.me))
        .unwrap_or_default();
    let (id, prompt) = match thread {
        Some(_) => ("reply-box", "Reply…".to_owned()),
        None => ("message-box", format!("Message {title}")),
    };
    let hidden = |name: &'static str, value: &str| {
        el("input").attr("type", "hidden").attr("name", name).attr("value", value)
    };
    let text = el("textarea")
        .attr("id", id)
        .attr("name", "text")
        .attr("rows", 1)
        .attr("maxlength", 40_000)
        .attr("placeholder", &prompt)
        .attr("aria-label", &prompt)
        .attr("aria-describedby", format!("{id}-hint"))
        .attr("autocomplete", "off")
        .attr("enterkeyhint", "send");
    let send = el("button")
        .class("send")
        .attr("type", "submit")
        .attr("aria-label", "Send")
        .attr("title", "Send (Enter)")
        .child(icon::html(Icon::Send));
    let words = if thread.is_some() {
        "Enter sends · Shift+Enter new line · @ names"
    } else {
        "Enter sends · Shift+Enter new line · / commands · @ names"
    };
    el("form")
        .class("composer")
        .attr("method", "post")
        .attr("action", "/page/send")
        .attr("data-known", if thread.is_some() { json!({"people": people(viewer)}) } else { known(viewer) })
        .child(hidden("as", &place.handle))
        .child(hidden("channel", place.channel.as_str()))
        .child(thread.map(|thread| hidden("thread", &thread.to_string())))
        .child(
            el("div")
                .class("completion")
                .attr("id", format!("{id}-list"))
                .attr("role", "listbox")
                .attr("aria-label", "Suggestions")
                .flag("hidden"),
        )
        .child(el("p").class("error composer-error").attr("role", "alert"))
        .child(el("div").class("composer-row").child(text).child(send))
        .child(el("p").class("composer-hint").attr("id", format!("{id}-hint")).text(words))
        .into()
}

/// What the box can complete: commands of the app, and people.
fn known(viewer: Viewer<'_>) -> Value {
    let commands: Vec<Value> = viewer
        .state
        .app()
        .commands
        .iter()
        .map(|one| json!({"insert": one.command, "title": one.command, "hint": one.usage_hint, "about": one.description}))
        .collect();
    json!({"commands": commands, "people": people(viewer)})
}

/// The app first, then the members of the channel; in a direct message, only the app.
fn people(viewer: Viewer<'_>) -> Vec<Value> {
    let Viewer { state, place, .. } = viewer;
    let app = state.app();
    let mut people = vec![
        json!({"insert": format!("@{}", app.name), "title": app.name, "hint": app.handle, "about": "APP"}),
    ];
    let channel = state.channel(&place.channel).filter(|channel| channel.kind != ChannelKind::Direct);
    people.extend(
        actors(state)
            .filter(|person| person.id != app.bot_user)
            .filter(|person| channel.is_some_and(|channel| channel.members.contains(&person.id)))
            .map(|person| json!({"insert": format!("@{}", person.real_name), "title": person.real_name, "hint": person.name, "about": person.title})),
    );
    people
}
