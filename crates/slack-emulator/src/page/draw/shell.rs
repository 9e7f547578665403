//! The whole document: what does not move, around the regions that do.

use super::icon::{self, Icon};
use super::scene::Scene;
use super::{Viewer, avatar, composer, names, role_label, sidebar};
use crate::aside::Panel;
use crate::page::html::{Element, Html, el};
use crate::page::place::Place;
use crate::seed::{Channel, ChannelKind};
use crate::workspace::State;

/// The style sheets, later ones on top of earlier ones.
const STYLES: [&str; 7] = ["tokens", "layout", "side", "messages", "blocks", "controls", "dialogs"];

/// Draws the document of a place.
pub fn html(state: &State, place: &Place, aside: Option<&Panel>) -> Html {
    let names = names(state, place);
    let viewer = Viewer { state, place, names: &names };
    let scene = Scene::draw(state, place).beside(aside, place);
    let channel = state.channel(&place.channel);
    let title = channel.map(|channel| sidebar::plain_title(state, channel, &place.me)).unwrap_or_default();
    let app = el("div")
        .class(if place.thread.is_some() { "app with-thread" } else { "app" })
        .attr("id", "app")
        .attr("data-as", &place.handle)
        .attr("data-me", &place.me)
        .attr("data-channel", &place.channel)
        .maybe("data-thread", place.thread)
        .attr("data-here", place.in_channel(&place.channel).href())
        .child(side(viewer, &scene))
        .child(channel.map(|channel| main(viewer, channel, &scene)))
        .child(thread_pane(viewer, &scene));
    let extras = el("div")
        .attr("id", "extras")
        .child(el("div").attr("id", "modals").child(scene.region("modals")))
        .child(el("div").attr("id", "toasts").attr("role", "status").attr("aria-live", "polite"))
        .child(el("div").attr("id", "said").class("visually-hidden").attr("aria-live", "polite"));
    let body =
        [Html::from(lost_banner()), app.into(), extras.into(), icon::sheet().into()].into_iter().collect();
    document(&format!("{title} · {}", state.team().name), (body, Script::Live))
}

/// Whether a document comes with the script.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Live updates and everything else.
    Live,
    /// Nothing but the choice between light and dark.
    Still,
}

/// Wraps a body into a document of this page.
pub fn document(title: &str, (body, script): (Html, Script)) -> Html {
    let styles: Html = STYLES
        .iter()
        .map(|name| el("link").attr("rel", "stylesheet").attr("href", format!("/page/assets/{name}.css")))
        .collect();
    let live = (script == Script::Live)
        .then(|| el("script").attr("type", "module").attr("src", "/page/assets/main.js"));
    let head = el("head")
        .child(el("meta").attr("charset", "utf-8"))
        .child(el("meta").attr("name", "viewport").attr("content", "width=device-width, initial-scale=1"))
        .child(el("meta").attr("name", "color-scheme").attr("content", "light dark"))
        .child(el("title").text(title))
        .child(
            el("link")
                .attr("rel", "icon")
                .attr("type", "image/svg+xml")
                .attr("href", "/page/assets/favicon.svg"),
        )
        .child(el("script").attr("src", "/page/assets/theme.js"))
        .child(styles)
        .child(live);
    let page = el("html").attr("lang", "en").child(head).child(el("body").child(body));
    [Html::literal("<!doctype html>"), page.into()].into_iter().collect()
}

fn lost_banner() -> Element {
    el("div")
        .attr("id", "lost")
        .attr("role", "alert")
        .flag("hidden")
        .text("The connection to the workspace is lost. Trying again…")
}

fn side(viewer: Viewer<'_>, scene: &Scene) -> Element {
    let state = viewer.state;
    let head = el("header").class("side-head").child(el("h1").text(&state.team().name)).child(
        el("button")
            .attr("type", "button")
            .class("icon-button")
            .flag("data-theme-toggle")
            .attr("aria-label", "Switch between light and dark")
            .attr("title", "Light or dark")
            .child(icon::html(Icon::Theme)),
    );
    el("div")
        .class("side")
        .attr("id", "sidebar")
        .child(head)
        .child(sidebar::people(viewer))
        .child(el("nav").attr("id", "side").attr("aria-label", "Channels").child(scene.region("side")))
        .child(el("div").attr("id", "aside").child(scene.region("aside")))
        .child(el("p").class("side-foot").text("A workspace emulator on this computer. Nothing leaves it."))
}

fn main(viewer: Viewer<'_>, channel: &Channel, scene: &Scene) -> Element {
    let list = el("div")
        .class("scroll")
        .attr("data-scroll", "channel")
        .child(welcome(viewer, channel))
        .child(el("div").attr("id", "messages").class("list").child(scene.region("messages")));
    let newer = el("button")
        .attr("type", "button")
        .class("to-end")
        .flag("data-to-end")
        .flag("hidden")
        .text("New messages ↓");
    el("main")
        .class("channel")
        .attr("aria-label", sidebar::plain_title(viewer.state, channel, &viewer.place.me))
        .child(channel_head(viewer, channel))
        .child(list)
        .child(newer)
        .child(composer::html(viewer, None))
}

fn channel_head(viewer: Viewer<'_>, channel: &Channel) -> Element {
    let Viewer { state, place, .. } = viewer;
    let menu = el("button")
        .attr("type", "button")
        .class("icon-button menu-button")
        .flag("data-menu")
        .attr("aria-label", "Channels and people")
        .attr("aria-expanded", "false")
        .attr("aria-controls", "sidebar")
        .child(icon::html(Icon::Menu));
    let shared = state.is_ext_shared(channel).then(|| {
        el("span")
            .class("badge badge-quiet")
            .attr("title", "People of another workspace are in this channel")
            .text("shared")
    });
    let members = (channel.kind != ChannelKind::Direct).then(|| {
        let people = channel.members.iter().filter_map(|id| state.person(id));
        let faces: Html = people.clone().take(5).map(|person| avatar::html(state, &person.id)).collect();
        let names: Vec<String> =
            people.map(|p| format!("{} ({})", p.real_name, role_label(state, p))).collect();
        let said = format!("{} members: {}", names.len(), names.join(", "));
        el("div")
            .class("members")
            .attr("role", "img")
            .attr("title", &said)
            .attr("aria-label", &said)
            .child(el("span").class("faces").child(faces))
            .child(el("span").text(names.len().to_string()))
    });
    let topic = (!channel.topic.is_empty()).then(|| el("p").class("topic").text(&channel.topic));
    let title = el("h2").child(sidebar::title(state, channel, &place.me)).child(shared);
    let me = state.person(&place.me).map(|person| {
        el("span")
            .class("me")
            .attr("role", "img")
            .attr("aria-label", format!("Acting as {}", person.real_name))
            .attr("title", format!("Acting as {}", person.real_name))
            .child(avatar::html(state, &place.me))
    });
    el("header")
        .class("pane-head")
        .child(menu)
        .child(el("div").class("pane-title").child(title).child(topic))
        .child(members)
        .child(me)
}

/// The beginning of a channel: what it is, and for a newcomer what to type.
fn welcome(viewer: Viewer<'_>, channel: &Channel) -> Element {
    let Viewer { state, place, .. } = viewer;
    let bot = &state.app().name;
    let about = match channel.kind {
        ChannelKind::Direct => format!("This is the beginning of your conversation with {bot}."),
        ChannelKind::Private => {
            "This is the beginning of a private channel: only its members can see it.".to_owned()
        }
        ChannelKind::Public => "This is the beginning of the channel.".to_owned(),
    };
    let sentence = match channel.kind {
        ChannelKind::Direct => "help".to_owned(),
        _ => format!("@{bot} help"),
    };
    let suggest = |text: String| {
        el("button")
            .attr("type", "button")
            .class("suggestion")
            .attr("data-insert", &text)
            .child(el("code").text(&text))
    };
    let command = state.app().commands.first().map(|one| suggest(format!("{} ", one.command)));
    let card = el("div")
        .class("hint-card")
        .child(el("p").child(el("strong").text("New here? ")).child(Html::escaped("Pick a sentence; it goes into the box below, and Enter sends it.")))
        .child(el("p").class("suggestions").child(suggest(sentence)).child(command))
        .child(el("p").class("muted").text("To see how somebody else sees it, choose another name under “Acting as”. Two windows can be two people."));
    el("section")
        .class("welcome")
        .child(el("h3").child(sidebar::title(state, channel, &place.me)))
        .child(el("p").class("muted").text(about))
        .child(card)
}

fn thread_pane(viewer: Viewer<'_>, scene: &Scene) -> Option<Element> {
    let root = viewer.place.thread?;
    let close = el("a")
        .class("icon-button")
        .attr("id", "close-thread")
        .attr("href", viewer.place.with_thread(None).href())
        .attr("aria-label", "Close the thread")
        .attr("title", "Close the thread (Escape)")
        .text("✕");
    let head = el("header")
        .class("pane-head")
        .child(el("div").class("pane-title").child(el("h2").text("Thread")))
        .child(close);
    let list = el("div")
        .class("scroll")
        .attr("data-scroll", "thread")
        .child(el("div").attr("id", "replies").class("list").child(scene.region("replies")));
    Some(
        el("aside")
            .class("thread")
            .attr("aria-label", "Thread")
            .child(head)
            .child(list)
            .child(composer::html(viewer, Some(root))),
    )
}
