//! Things that one fills in: `input` blocks of modals, and the same elements elsewhere.

use serde_json::Value;

use super::element::{takes_several, usable, wants_focus};
use super::{Surface, text_object, words};
use crate::page::html::{Element, Html, el};
use crate::page::json::{is, list, number, text};
use crate::page::mrkdwn;

/// What using the element does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// The app hears of it at once.
    Dispatched,
    /// It is sent with the form.
    Collected,
}

/// Draws an `input` block: label, element, hint, and what was wrong with it.
pub(super) fn html(block: &Value, surface: Surface<'_>) -> Html {
    let Some(element) = block.get("element") else { return Html::new() };
    let block_id = text(block, "block_id");
    let id = control_id(element, block_id, surface);
    let error = surface.errors.get(block_id).and_then(Value::as_str);
    let hint =
        block.get("hint").map(|hint| el("div").class("hint").child(text_object(Some(hint), surface.names)));
    let optional = is(block, "optional").then(|| el("span").class("optional").text(" (optional)"));
    let used = if is(block, "dispatch_action") { Use::Dispatched } else { Use::Collected };
    let drawn = control(element, block_id, (surface, used))
        .maybe("aria-required", (!is(block, "optional")).then_some("true"))
        .maybe("aria-invalid", error.map(|_| "true"))
        .maybe("aria-describedby", error.map(|_| format!("{id}-error")));
    let error_id = format!("{id}-error");
    el("div")
        .class("block input")
        .attr("data-input-block", block_id)
        .child(label(block.get("label"), (element, &id)).child(optional))
        .child(drawn)
        .child(hint)
        .child(
            el("p").class("error").attr("id", error_id).attr("role", "alert").text(error.unwrap_or_default()),
        )
        .into()
}

/// Draws the part of an element that one fills in.
pub(super) fn control(element: &Value, block_id: &str, (surface, used): (Surface<'_>, Use)) -> Element {
    let state = surface.values.get(block_id).and_then(|block| block.get(text(element, "action_id")));
    let chosen = chosen(element, state);
    let first = chosen.first().map(String::as_str).unwrap_or_default();
    let drawn = match text(element, "type") {
        "plain_text_input" if !is(element, "multiline") => typed("text", element, first),
        "email_text_input" => typed("email", element, first),
        "url_text_input" => typed("url", element, first),
        "number_input" => typed("number", element, first)
            .attr("step", if is(element, "is_decimal_allowed") { "any" } else { "1" })
            .maybe("min", element.get("min_value").and_then(Value::as_str))
            .maybe("max", element.get("max_value").and_then(Value::as_str)),
        "plain_text_input" | "rich_text_input" => limits(el("textarea").attr("rows", 4), element).text(first),
        "datepicker" => typed("date", element, first),
        "timepicker" => typed("time", element, first),
        "datetimepicker" => typed("datetime-local", element, ""),
        "checkboxes" => choices("checkbox", (element, &chosen), (block_id, surface)),
        "radio_buttons" => choices("radio", (element, &chosen), (block_id, surface)),
        kind if kind.ends_with("_select") => select((element, &chosen), surface),
        other => {
            return el("p")
                .class("muted")
                .text(format!("An element of type “{other}”, which this page does not draw."));
        }
    };
    let group = matches!(text(element, "type"), "checkboxes" | "radio_buttons");
    usable(drawn, element, block_id)
        .attr("id", control_id(element, block_id, surface))
        .attr("data-kind", text(element, "type"))
        .flag_if(used == Use::Dispatched, "data-choose")
        .flag_if(wants_focus(element), "autofocus")
        .flag_if(takes_several(element), "data-several")
        .maybe("aria-label", (used == Use::Dispatched && !group).then(|| placeholder(element)))
}

fn control_id(element: &Value, block_id: &str, surface: Surface<'_>) -> String {
    format!("{}-{}-{}", surface.id, block_id, text(element, "action_id"))
}

/// The label of an element; a group of boxes is labelled by a heading, since `for` names one control.
fn label(object: Option<&Value>, (element, id): (&Value, &str)) -> Element {
    let shown = words(object);
    match text(element, "type") {
        "checkboxes" | "radio_buttons" => {
            el("div").class("label").attr("id", format!("{id}-label")).text(shown)
        }
        _ => el("label").class("label").attr("for", id).text(shown),
    }
}

fn typed(kind: &'static str, element: &Value, value: &str) -> Element {
    limits(el("input").attr("type", kind).attr("autocomplete", "off").attr("value", value), element)
}

fn limits(drawn: Element, element: &Value) -> Element {
    drawn
        .class("control")
        .attr("placeholder", words(element.get("placeholder")))
        .maybe("minlength", number(element, "min_length"))
        .maybe("maxlength", number(element, "max_length"))
}

fn placeholder(element: &Value) -> String {
    match words(element.get("placeholder")) {
        empty if empty.is_empty() => "Choose".to_owned(),
        given => given,
    }
}

fn select((element, chosen): (&Value, &[String]), surface: Surface<'_>) -> Element {
    let several = takes_several(element);
    let nothing = (!several).then(|| el("option").attr("value", "").text(placeholder(element)));
    let plain = |value: &str, shown: &str| {
        el("option").attr("value", value).flag_if(chosen.iter().any(|c| c == value), "selected").text(shown)
    };
    let option = |option: &Value| plain(text(option, "value"), &words(option.get("text")));
    let kind = text(element, "type").trim_start_matches("multi_");
    let options: Html = match kind {
        "users_select" => surface.names.people.iter().map(|(id, name)| plain(id, name)).collect(),
        "channels_select" | "conversations_select" => {
            surface.names.channels.iter().map(|(id, name)| plain(id, &format!("#{name}"))).collect()
        }
        _ if element.get("option_groups").is_some() => list(element, "option_groups")
            .iter()
            .map(|group| {
                let options: Html = list(group, "options").iter().map(option).collect();
                el("optgroup").attr("label", words(group.get("label"))).child(options)
            })
            .collect(),
        _ => list(element, "options").iter().map(option).collect(),
    };
    el("select").class("control").flag_if(several, "multiple").child(nothing).child(options)
}

fn choices(
    kind: &'static str,
    (element, chosen): (&Value, &[String]),
    (block_id, surface): (&str, Surface<'_>),
) -> Element {
    let id = control_id(element, block_id, surface);
    let boxes: Html = list(element, "options")
        .iter()
        .map(|option| {
            let value = text(option, "value");
            let described = option
                .get("description")
                .map(|about| el("span").class("hint").child(text_object(Some(about), surface.names)));
            let tick = el("input")
                .attr("type", kind)
                .attr("name", &id)
                .attr("value", value)
                .flag_if(chosen.iter().any(|c| c == value), "checked");
            let words = el("span").child(text_object(option.get("text"), surface.names)).child(described);
            el("label").class("choice").child(tick).child(words)
        })
        .collect();
    let role = if kind == "radio" { "radiogroup" } else { "group" };
    el("div").class("choices").attr("role", role).attr("aria-labelledby", format!("{id}-label")).child(boxes)
}

/// What is chosen or typed in an element: from the modal's state, else what the app put there.
fn chosen(element: &Value, state: Option<&Value>) -> Vec<String> {
    const KEYS: [&str; 12] = [
        "value",
        "option",
        "options",
        "user",
        "users",
        "channel",
        "channels",
        "conversation",
        "conversations",
        "date",
        "time",
        "date_time",
    ];
    let prefixed = |value: &Value, prefix: &str| {
        KEYS.iter()
            .filter_map(|key| value.get(format!("{prefix}{key}")))
            .flat_map(strings)
            .collect::<Vec<_>>()
    };
    match state {
        Some(state) if state.get("value").is_some() => state.get("value").map(strings).unwrap_or_default(),
        Some(state) => prefixed(state, "selected_"),
        None => prefixed(element, "initial_"),
    }
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![mrkdwn::unescape(text)],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(values) => values.iter().flat_map(strings).collect(),
        Value::Object(_) => value.get("value").map(strings).unwrap_or_default(),
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}
