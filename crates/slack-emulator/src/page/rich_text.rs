//! `rich_text` blocks → HTML: what people type, and what apps build element by element.
//!
//! Unlike `mrkdwn`, text in here carries no escapes and no markup.

use serde_json::Value;

use super::emoji;
use super::html::{Element, Html, el};
use super::json::{is, list, number, text};
use super::mrkdwn::{date, link, mention};
use super::names::Names;

#[cfg(test)]
mod tests;

/// Draws a block of type `rich_text`.
pub fn html(block: &Value, names: &Names) -> Html {
    let parts = list(block, "elements").iter().map(|part| container(part, names));
    el("div").class("rich-text").child(parts.collect::<Html>()).into()
}

fn container(part: &Value, names: &Names) -> Html {
    let inside = || elements(part, names);
    match text(part, "type") {
        "rich_text_list" => bullets(part, names),
        "rich_text_quote" => el("blockquote").child(inside()).into(),
        "rich_text_preformatted" => {
            let plain: Html = list(part, "elements").iter().map(|e| preformatted(e, names)).collect();
            el("pre").child(el("code").child(plain)).into()
        }
        _ => el("div").child(inside()).into(),
    }
}

fn bullets(part: &Value, names: &Names) -> Html {
    let items: Html =
        list(part, "elements").iter().map(|item| el("li").child(elements(item, names))).collect();
    let indent = number(part, "indent").unwrap_or_default().clamp(0, 8);
    let class = format!("indent-{indent}");
    if text(part, "style") == "ordered" {
        let start = number(part, "offset").filter(|offset| *offset > 0).map(|offset| offset + 1);
        return el("ol").class(class).maybe("start", start).child(items).into();
    }
    el("ul").class(class).child(items).into()
}

fn elements(part: &Value, names: &Names) -> Html {
    list(part, "elements").iter().map(|element| styled(element, inline(element, names))).collect()
}

fn inline(element: &Value, names: &Names) -> Html {
    match text(element, "type") {
        "link" => {
            let url = text(element, "url");
            let shown = Some(text(element, "text")).filter(|text| !text.is_empty()).unwrap_or(url);
            link(url, Html::escaped(shown))
        }
        "emoji" => emoji_element(element),
        "date" => date_element(element),
        "user" => mention(text(element, "user_id"), names).into(),
        "usergroup" => {
            span("mention").text(format!("@{}", names.group(text(element, "usergroup_id")))).into()
        }
        "channel" => super::mrkdwn::channel(text(element, "channel_id"), names).into(),
        "broadcast" => span("mention mention-me").text(format!("@{}", text(element, "range"))).into(),
        "color" => el("code").text(text(element, "value")).into(),
        _ => with_line_breaks(text(element, "text")),
    }
}

/// In a code block everything is text, but a link can still be followed.
fn preformatted(element: &Value, names: &Names) -> Html {
    match text(element, "type") {
        "text" => Html::escaped(text(element, "text")),
        _ => inline(element, names),
    }
}

fn styled(element: &Value, mut shown: Html) -> Html {
    let Some(style) = element.get("style") else { return shown };
    for (key, tag) in
        [("code", "code"), ("strike", "s"), ("italic", "em"), ("bold", "strong"), ("underline", "u")]
    {
        if is(style, key) {
            shown = el(tag).child(shown).into();
        }
    }
    shown
}

fn emoji_element(element: &Value) -> Html {
    let name = text(element, "name");
    match number(element, "skin_tone") {
        Some(tone) if !name.contains("::") => emoji::html(&format!("{name}::skin-tone-{tone}")),
        _ => emoji::html(name),
    }
}

fn date_element(element: &Value) -> Html {
    let format = text(element, "format");
    let fallback = Some(text(element, "fallback")).filter(|text| !text.is_empty()).unwrap_or(format);
    let shown = date(number(element, "timestamp").unwrap_or_default(), format, fallback);
    match text(element, "url") {
        "" => shown,
        url => link(url, shown),
    }
}

fn with_line_breaks(text: &str) -> Html {
    let mut out = Html::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push(el("br"));
        }
        out.text(line);
    }
    out
}

fn span(class: &'static str) -> Element {
    el("span").class(class)
}
