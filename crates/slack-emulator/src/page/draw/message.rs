//! One message: who, when, what, which reactions, how many replies, and what one may do with it.

use jiff::Timestamp;
use serde_json::Value;

use super::icon::{self, Icon};
use super::{Viewer, avatar, role_label, typed};
use crate::page::blocks::{self, Surface};
use crate::page::html::{Element, Html, el};
use crate::page::json::{list, text};
use crate::page::{emoji, mrkdwn};
use crate::workspace::{
    Ephemeral, EphemeralAuthor, Message, Reaction, State, Subtype, ThreadSummary, Ts, UserId,
};

/// Where a message is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pane {
    /// In the channel.
    Channel,
    /// In the thread beside it.
    Thread,
}

/// Whether a message says again who wrote it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// With picture and name.
    Full,
    /// Directly under another one of the same author: only what it says.
    Continued,
}

/// The id of a message's element.
pub(super) fn id(pane: Pane, ts: Ts) -> String {
    match pane {
        Pane::Channel => format!("m-{ts}"),
        Pane::Thread => format!("t-{ts}"),
    }
}

/// Draws a message.
pub(super) fn html(viewer: Viewer<'_>, message: &Message, (pane, head): (Pane, Head)) -> Html {
    let Viewer { state, place, names } = viewer;
    let id = id(pane, message.ts);
    if message.subtype == Some(Subtype::Tombstone) {
        return tombstone(viewer, message, pane);
    }
    let mine = message.author == place.me && !message.from_app;
    let main = el("div")
        .class("message-main")
        .child((head == Head::Full).then(|| by_line(viewer, message)))
        .child(body(viewer, message, &id))
        .child(reactions(state, message, &place.me))
        .child((pane == Pane::Channel).then(|| thread_link(viewer, message)).flatten());
    let side = match head {
        Head::Full => avatar::html(state, &message.author),
        Head::Continued => el("span").class("aside-time").child(clock(message.ts)).into(),
    };
    el("article")
        .attr("id", id)
        .class(if head == Head::Full { "message" } else { "message message-continued" })
        .attr("tabindex", "-1")
        .attr("aria-label", format!("Message of {}", names.person(message.author.as_str())))
        .attr("data-ts", message.ts)
        .maybe("data-source", mine.then(|| typed::source(&message.text, names)))
        .child(side)
        .child(main)
        .child((message.subtype != Some(Subtype::ChannelJoin)).then(|| tools(viewer, message, (pane, mine))))
        .into()
}

/// Draws a message that the acting person alone sees.
pub(super) fn whisper(viewer: Viewer<'_>, message: &Ephemeral) -> Html {
    let state = viewer.state;
    let id = format!("e-{}", message.ts);
    let (picture, name) = match message.author {
        EphemeralAuthor::App => (avatar::html(state, &state.app().bot_user), app_name(state)),
        EphemeralAuthor::Slack => {
            (avatar::notice(), Html::from(el("span").class("author").text("Workspace")))
        }
    };
    let class = match message.author {
        EphemeralAuthor::App => "message message-whisper",
        EphemeralAuthor::Slack => "message message-whisper message-notice",
    };
    let line = el("div").class("by-line").child(name).child(clock(message.ts));
    let main = el("div")
        .class("message-main")
        .child(el("p").class("whisper-note").text("Only visible to you"))
        .child(line)
        .child(el("div").class("message-body").child(content(viewer, (&message.text, &message.blocks), &id)));
    el("article")
        .attr("id", id)
        .class(class)
        .attr("tabindex", "-1")
        .attr("data-ts", message.ts)
        .child(picture)
        .child(main)
        .into()
}

fn tombstone(viewer: Viewer<'_>, message: &Message, pane: Pane) -> Html {
    let note = el("p").class("muted").text("This message was deleted.");
    let main = el("div")
        .class("message-main")
        .child(note)
        .child((pane == Pane::Channel).then(|| thread_link(viewer, message)).flatten());
    let gone = el("span").class("avatar avatar-gone").attr("aria-hidden", "true");
    el("article")
        .attr("id", id(pane, message.ts))
        .class("message")
        .attr("tabindex", "-1")
        .child(gone)
        .child(main)
        .into()
}

fn by_line(viewer: Viewer<'_>, message: &Message) -> Element {
    let Viewer { state, names, .. } = viewer;
    let name = match state.person(&message.author) {
        Some(_) if viewer.is_bot(&message.author) => app_name(state),
        Some(person) => {
            let outside = role_label(state, person);
            let badge = matches!(outside.as_str(), "Guest" | "Another workspace")
                .then(|| el("span").class("badge badge-quiet").text(&outside));
            [Html::from(el("span").class("author").text(&person.real_name)), badge.into()]
                .into_iter()
                .collect()
        }
        None => el("span").class("author").text(names.person(message.author.as_str())).into(),
    };
    el("div").class("by-line").child(name).child(clock(message.ts))
}

fn app_name(state: &State) -> Html {
    let name = el("span").class("author").text(&state.app().name);
    [name, el("span").class("badge").text("APP")].into_iter().collect()
}

/// A moment; the script writes it in the reader's own time zone.
fn clock(ts: Ts) -> Html {
    let seconds = i64::try_from(ts.seconds()).unwrap_or_default();
    let Ok(moment) = Timestamp::from_second(seconds) else { return Html::new() };
    el("time").attr("datetime", moment).text(moment.strftime("%H:%M UTC").to_string()).into()
}

fn body(viewer: Viewer<'_>, message: &Message, id: &str) -> Element {
    let files = message.files.iter().filter_map(|file| viewer.state.file(file)).map(|file| {
        el("figure").class("file").child(el("figcaption").text(&file.title)).child(
            file.content.as_deref().map(|content| {
                el("pre").child(el("code").text(content.chars().take(4_000).collect::<String>()))
            }),
        )
    });
    let attached = message
        .attachments
        .iter()
        .enumerate()
        .map(|(index, one)| attachment(viewer, one, &format!("{id}-{index}")));
    let blocks: &[Value] = if as_typed(message) { &[] } else { &message.blocks };
    el("div")
        .class("message-body")
        .child(content(viewer, (&message.text, blocks), id))
        .child(message.edited.as_ref().map(|_| el("span").class("edited").text("(edited)")))
        .child(attached.collect::<Html>())
        .child(files.collect::<Html>())
}

fn content(viewer: Viewer<'_>, (text, blocks): (&str, &[Value]), id: &str) -> Html {
    if blocks.is_empty() {
        return el("div").class("text").child(mrkdwn::html(text, viewer.names)).into();
    }
    blocks::html(blocks, Surface::message(viewer.names, id))
}

/// Whether a person's message is a plain typed sentence. Its `rich_text` block then says the same as its text, and
/// the text also carries the marks (`*bold*`, `:emoji:`) that a composer would have turned into styles.
fn as_typed(message: &Message) -> bool {
    let [block] = message.blocks.as_slice() else { return false };
    let [section] = list(block, "elements") else { return false };
    let plain = list(section, "elements")
        .iter()
        .all(|element| element.get("style").is_none() && text(element, "type") != "emoji");
    !message.from_app
        && text(block, "type") == "rich_text"
        && text(section, "type") == "rich_text_section"
        && plain
}

/// A legacy attachment: blocks, or title and text, behind a bar.
fn attachment(viewer: Viewer<'_>, attachment: &Value, id: &str) -> Element {
    let class = match text(attachment, "color") {
        "good" => "attachment attachment-good",
        "warning" => "attachment attachment-warning",
        "danger" => "attachment attachment-danger",
        _ => "attachment",
    };
    let shown =
        ["pretext", "title", "text"].iter().map(|key| text(attachment, key)).filter(|text| !text.is_empty());
    let words: Html = shown.map(|text| el("p").child(mrkdwn::html(text, viewer.names))).collect();
    let fallback = (words.is_empty() && list(attachment, "blocks").is_empty())
        .then(|| el("p").text(text(attachment, "fallback")));
    let blocks = blocks::html(list(attachment, "blocks"), Surface::message(viewer.names, id));
    el("div").class(class).child(words).child(fallback).child(blocks)
}

fn reactions(state: &State, message: &Message, me: &UserId) -> Option<Element> {
    let chips: Html = message.reactions.iter().map(|reaction| chip(state, reaction, me)).collect();
    let add = el("button")
        .attr("type", "button")
        .class("chip chip-add")
        .flag("data-pick")
        .attr("aria-label", "Add another reaction")
        .attr("title", "Add another reaction")
        .child(icon::html(Icon::Smile));
    (!message.reactions.is_empty()).then(|| el("div").class("reactions").child(chips).child(add))
}

fn chip(state: &State, reaction: &Reaction, me: &UserId) -> Element {
    let mine = reaction.users.contains(me);
    let people: Vec<&str> = reaction
        .users
        .iter()
        .map(|user| {
            if user == me {
                "you"
            } else {
                state.person(user).map_or(user.as_str(), |person| person.real_name.as_str())
            }
        })
        .collect();
    let said = format!("{} reacted with :{}:", joined(&people), reaction.name);
    let symbol = match emoji::unicode(&reaction.name) {
        Some(symbol) => el("span").class("emoji").attr("aria-hidden", "true").text(symbol),
        None => el("span").class("emoji-name").text(format!(":{}:", reaction.name)),
    };
    el("button")
        .attr("type", "button")
        .class(if mine { "chip chip-mine" } else { "chip" })
        .attr("data-react", &reaction.name)
        .attr("aria-pressed", mine)
        .attr("title", &said)
        .attr("aria-label", &said)
        .child(symbol)
        .child(el("span").class("count").text(reaction.users.len().to_string()))
}

/// "ana", "ana and ben", "ana, ben and you".
fn joined(people: &[&str]) -> String {
    match people {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn thread_link(viewer: Viewer<'_>, message: &Message) -> Option<Element> {
    let ThreadSummary { reply_count, reply_users, latest_reply } =
        viewer.state.thread(&message.channel, message.thread_root())?;
    let faces: Html = reply_users.iter().take(4).map(|user| avatar::html(viewer.state, user)).collect();
    let count = if reply_count == 1 { "1 reply".to_owned() } else { format!("{reply_count} replies") };
    let last = el("span").class("muted").child(Html::literal("last ")).child(clock(latest_reply));
    let open = viewer.place.thread == Some(message.thread_root());
    let link = el("a")
        .class("thread-link")
        .attr("href", viewer.place.with_thread(Some(message.thread_root())).href())
        .maybe("aria-current", open.then_some("true"))
        .child(el("span").class("faces").child(faces))
        .child(el("span").class("thread-count").text(count))
        .child(last);
    Some(link)
}

/// What one may do with a message; seen when it is pointed at or has the focus.
fn tools(viewer: Viewer<'_>, message: &Message, (pane, mine): (Pane, bool)) -> Element {
    let button = |what: &'static str, label: &'static str, sign: Html| {
        el("button")
            .attr("type", "button")
            .class("tool")
            .flag(what)
            .attr("aria-label", label)
            .attr("title", label)
            .child(sign)
    };
    let quick = ["white_check_mark", "x", "eyes"].into_iter().map(|name| {
        el("button")
            .attr("type", "button")
            .class("tool")
            .attr("data-react", name)
            .attr("aria-label", format!("React with {}", emoji::spoken(name)))
            .attr("title", format!("React with :{name}:"))
            .text(emoji::unicode(name).unwrap_or_default())
    });
    let reply = (pane == Pane::Channel).then(|| {
        el("a")
            .class("tool")
            .attr("href", viewer.place.with_thread(Some(message.thread_root())).href())
            .attr("aria-label", "Reply in thread")
            .attr("title", "Reply in thread")
            .child(icon::html(Icon::Reply))
    });
    let own = mine.then(|| {
        [
            button("data-edit", "Edit message", icon::html(Icon::Edit)),
            button("data-delete", "Delete message", icon::html(Icon::Delete)),
        ]
        .into_iter()
        .collect::<Html>()
    });
    el("div")
        .class("tools")
        .attr("role", "group")
        .attr("aria-label", "Message actions")
        .child(quick.collect::<Html>())
        .child(button("data-pick", "Find another reaction", icon::html(Icon::Smile)))
        .child(reply)
        .child(own)
}
