//! The side: whose workspace this is, where one can go, and as whom.

use super::icon::{self, Icon};
use super::{Viewer, avatar, role_label};
use crate::page::html::{Element, Html, el};
use crate::page::place::{Place, actors, own_channels, query};
use crate::seed::{Channel, ChannelKind, Person};
use crate::workspace::{ChannelId, State, UserId};

/// Draws the channels and direct messages of the acting person.
pub(super) fn channels(viewer: Viewer<'_>) -> Html {
    let Viewer { state, place, .. } = viewer;
    let own = own_channels(state, &place.me);
    let (direct, shared): (Vec<&Channel>, Vec<&Channel>) =
        own.into_iter().partition(|channel| channel.kind == ChannelKind::Direct);
    let rooms: Html = shared.into_iter().map(|channel| entry(viewer, channel)).collect();
    let mut talks: Html = direct.iter().map(|channel| entry(viewer, channel)).collect();
    let bot = &state.app().bot_user;
    if place.me != *bot && !direct.iter().any(|channel| channel.members.contains(bot)) {
        talks.push(open_direct(viewer));
    }
    el("div")
        .attr("id", "channels")
        .child(el("h2").text("Channels"))
        .child(el("ul").child(rooms))
        .child(el("h2").text("Direct messages"))
        .child(el("ul").child(talks))
        .into()
}

/// Draws the switch between people: each name is a link to this channel, or to one where that person is.
pub(super) fn people(viewer: Viewer<'_>) -> Html {
    let people: Html = actors(viewer.state).map(|person| actor(viewer, person)).collect();
    el("nav")
        .class("people")
        .attr("aria-label", "Acting as")
        .child(el("h2").text("Acting as"))
        .child(el("ul").child(people))
        .into()
}

/// What a channel is called: `#` or a lock with its name, or the other person.
pub(super) fn title(state: &State, channel: &Channel, me: &UserId) -> Html {
    let sign = match channel.kind {
        ChannelKind::Direct => {
            let partner = state.direct_partner(channel, me);
            let name =
                partner.and_then(|id| state.person(id)).map_or("Direct message", |p| p.real_name.as_str());
            return el("span").class("channel-name").text(name).into();
        }
        ChannelKind::Private => {
            el("span").class("sign").child(icon::html(Icon::Lock)).child(hidden("private "))
        }
        ChannelKind::Public => el("span").class("sign").text("#"),
    };
    [sign.into(), Html::from(el("span").class("channel-name").text(&channel.name))].into_iter().collect()
}

/// The name of a channel in plain words.
pub(super) fn plain_title(state: &State, channel: &Channel, me: &UserId) -> String {
    match channel.kind {
        ChannelKind::Direct => {
            let partner = state.direct_partner(channel, me).and_then(|id| state.person(id));
            partner.map_or_else(|| "Direct message".to_owned(), |person| person.real_name.clone())
        }
        ChannelKind::Private | ChannelKind::Public => format!("#{}", channel.name),
    }
}

/// Words for those who hear the page rather than see it.
pub(super) fn hidden(words: &'static str) -> Element {
    el("span").class("visually-hidden").text(words)
}

fn entry(viewer: Viewer<'_>, channel: &Channel) -> Element {
    let Viewer { state, place, .. } = viewer;
    let here = channel.id == place.channel;
    let picture = (channel.kind == ChannelKind::Direct)
        .then(|| state.direct_partner(channel, &place.me).map(|partner| avatar::html(state, partner)));
    let link = el("a")
        .class("channel-link")
        .attr("href", place.in_channel(&channel.id).href())
        .attr("data-channel", &channel.id)
        .maybe("data-latest", latest_of_others(state, &channel.id, &place.me))
        .maybe("aria-current", here.then_some("page"))
        .child(picture.flatten())
        .child(title(state, channel, &place.me))
        .child(el("span").class("unread").flag("hidden").child(hidden("unread")));
    el("li").child(link)
}

/// The newest message of somebody else, for the unread mark.
fn latest_of_others(state: &State, channel: &ChannelId, me: &UserId) -> Option<String> {
    state.messages(channel).rev().find(|message| message.author != *me).map(|message| message.ts.to_string())
}

/// Opening a direct message changes the workspace, so it is a form and not a link.
fn open_direct(viewer: Viewer<'_>) -> Element {
    let Viewer { state, place, .. } = viewer;
    let bot = &state.app().bot_user;
    let button = el("button")
        .class("channel-link")
        .child(avatar::html(state, bot))
        .child(el("span").class("channel-name").text(&state.app().name));
    let form = el("form")
        .attr("method", "post")
        .attr("action", "/page/open-direct")
        .child(el("input").attr("type", "hidden").attr("name", "as").attr("value", &place.handle))
        .child(button);
    el("li").child(form)
}

fn actor(viewer: Viewer<'_>, person: &Person) -> Element {
    let Viewer { state, place, .. } = viewer;
    let here = state.channel(&place.channel).is_some_and(|channel| channel.members.contains(&person.id));
    // The same place, thread included, where the other person is a member; else wherever they land.
    let href = if here {
        Place { me: person.id.clone(), handle: person.name.clone(), ..place.clone() }.href()
    } else {
        format!("/client?{}", query(&person.name))
    };
    let words = el("span")
        .class("person-words")
        .child(el("span").class("person-name").text(&person.real_name))
        .child(el("span").class("role").text(role_label(state, person)));
    let link = el("a")
        .class("person")
        .attr("href", href)
        .maybe("aria-current", (person.id == place.me).then_some("true"))
        .child(avatar::html(state, &person.id))
        .child(words);
    el("li").child(link)
}
