//! What stands between `<` and `>` in `mrkdwn`: mentions, channels, dates and links.

use jiff::Timestamp;

use super::unescape;
use crate::page::html::{Element, Html, el};
use crate::page::names::Names;

/// Draws a token; `None` when it is not one, so that it is shown as typed.
pub(super) fn html(inside: &str, names: &Names) -> Option<Html> {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inside, None),
    };
    if let Some(id) = target.strip_prefix('@') {
        return Some(mention(id, names).into());
    }
    if let Some(id) = target.strip_prefix('#') {
        return Some(channel(id, names).into());
    }
    if let Some(command) = target.strip_prefix('!') {
        return special(command, label, names);
    }
    let target = unescape(target);
    safe_url(&target)?;
    let shown =
        label.map(unescape).unwrap_or_else(|| target.strip_prefix("mailto:").unwrap_or(&target).to_owned());
    Some(link(&target, Html::escaped(&shown)))
}

/// A person's or the bot's name as a mention.
pub fn mention(id: &str, names: &Names) -> Element {
    let class = if id == names.me { "mention mention-me" } else { "mention" };
    el("span").class(class).text(format!("@{}", names.person(id)))
}

/// A channel's name, as a link where the acting person may open it.
pub fn channel(id: &str, names: &Names) -> Element {
    match names.channel(id) {
        Some(name) => {
            let href = format!("/client/{id}?{}", names.query);
            el("a").class("mention").attr("href", href).text(format!("#{name}"))
        }
        None => el("span").class("mention mention-private").text("🔒 private channel"),
    }
}

/// A link that opens elsewhere and learns nothing about this page. A target that is not safe is shown as text.
pub fn link(target: &str, shown: Html) -> Html {
    match safe_url(target) {
        Some(url) => el("a")
            .attr("href", url)
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer")
            .child(shown)
            .into(),
        None => shown,
    }
}

/// The address itself when a browser may follow it: `http:`, `https:` or `mailto:`, without control characters.
pub fn safe_url(url: &str) -> Option<&str> {
    let scheme = url.split_once(':')?.0.to_ascii_lowercase();
    let known = matches!(scheme.as_str(), "http" | "https" | "mailto");
    (known && !url.chars().any(|c| c.is_control() || c.is_whitespace())).then_some(url)
}

/// A moment, written by the server in UTC-free words (`fallback`) and by the script in the reader's own time.
///
/// `seconds` since 1970 UTC; `format` is Slack's, such as `{date_short_pretty} at {time}`.
pub fn date(seconds: i64, format: &str, fallback: &str) -> Html {
    match Timestamp::from_second(seconds) {
        Ok(moment) => el("time").attr("datetime", moment).attr("data-format", format).text(fallback).into(),
        Err(_) => Html::escaped(fallback),
    }
}

fn special(command: &str, label: Option<&str>, names: &Names) -> Option<Html> {
    if let Some(id) = command.strip_prefix("subteam^") {
        return Some(el("span").class("mention").text(format!("@{}", names.group(id))).into());
    }
    if let Some(moment) = command.strip_prefix("date^") {
        let mut parts = moment.splitn(3, '^');
        let seconds = parts.next()?.parse().ok()?;
        let format = unescape(parts.next()?);
        let shown = date(seconds, &format, &unescape(label.unwrap_or(&format)));
        return Some(match parts.next() {
            Some(target) => link(&unescape(target), shown),
            None => shown,
        });
    }
    matches!(command, "here" | "channel" | "everyone")
        .then(|| el("span").class("mention mention-me").text(format!("@{command}")).into())
}
