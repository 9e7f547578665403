//! What the app is told of: each happening becomes the events that the app is subscribed to, in Slack's wrapper,
//! and goes into the outbox within the same change.
//!
//! The app hears of channels that its bot user is in. A mention is two events with one `ts` (`app_mention` and
//! `message`), as in Slack; the bot's own messages and reactions produce events as well.

mod admin;
mod wrapper;

use serde_json::{Map, Value, json};

use crate::render::{self, Surface};
use crate::seed::{Channel, ChannelKind};
use crate::workspace::tx::Tx;
use crate::workspace::{ChannelId, HomeTab, Message, Subtype, Ts, UserId};
pub(crate) use admin::{
    app_rate_limited, app_uninstalled, channel_shared, channel_unshared, subteam_members_changed, user_change,
};
use wrapper::wrap;

/// Whether an emoji came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reacted {
    /// It came.
    Added,
    /// It went.
    Removed,
}

/// A new message: the mention first, then its twin.
pub(crate) fn message_posted(tx: &mut Tx<'_>, message: &Message) {
    let Some(channel) = heard(tx, &message.channel) else { return };
    if message.subtype != Some(Subtype::ChannelJoin) {
        mention(tx, &channel, message);
    }
    let mut event = render::message(tx.state, message, Surface::Event);
    place(&mut event, &channel, message.ts);
    send(tx, message_event(&channel), &Value::Object(event), Some(&channel));
}

/// An edit: `message_changed`, and a new `app_mention` if a person's text mentions the bot.
pub(crate) fn message_changed(tx: &mut Tx<'_>, after: &Message, before: &Message) {
    let Some(channel) = heard(tx, &after.channel) else { return };
    mention(tx, &channel, after);
    let mut event = Map::new();
    event.insert("type".into(), "message".into());
    event.insert("subtype".into(), "message_changed".into());
    event.insert("hidden".into(), json!(true));
    event.insert("message".into(), json!(render::message(tx.state, after, Surface::Inner)));
    event.insert("previous_message".into(), json!(render::message(tx.state, before, Surface::Inner)));
    let ts = tx.next_ts();
    event.insert("ts".into(), json!(ts));
    place(&mut event, &channel, ts);
    send(tx, message_event(&channel), &Value::Object(event), Some(&channel));
}

/// A deletion.
pub(crate) fn message_deleted(tx: &mut Tx<'_>, message: &Message) {
    let Some(channel) = heard(tx, &message.channel) else { return };
    let mut event = Map::new();
    event.insert("type".into(), "message".into());
    event.insert("subtype".into(), "message_deleted".into());
    event.insert("hidden".into(), json!(true));
    event.insert("deleted_ts".into(), json!(message.ts));
    event.insert("previous_message".into(), json!(render::message(tx.state, message, Surface::Inner)));
    let ts = tx.next_ts();
    event.insert("ts".into(), json!(ts));
    place(&mut event, &channel, ts);
    send(tx, message_event(&channel), &Value::Object(event), Some(&channel));
}

/// An emoji put under a message, or taken back. Slack sends neither the text nor the person's workspace.
pub(crate) fn reaction(tx: &mut Tx<'_>, what: Reacted, (user, name): (&UserId, &str), message: &Message) {
    let Some(channel) = heard(tx, &message.channel) else { return };
    let kind = match what {
        Reacted::Added => "reaction_added",
        Reacted::Removed => "reaction_removed",
    };
    let event = json!({
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.author,
        "event_ts": tx.next_ts(),
    });
    send(tx, kind, &event, Some(&channel));
}

/// Somebody joined a channel.
pub(crate) fn member_joined(tx: &mut Tx<'_>, channel: &Channel, user: &UserId, inviter: Option<&UserId>) {
    if heard(tx, &channel.id).is_none() {
        return;
    }
    let team = tx.state.person(user).map(|person| person.team.clone());
    let mut event = json!({
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": letter(channel),
        "team": team,
        "event_ts": tx.next_ts(),
    });
    if let (Some(inviter), Some(map)) = (inviter, event.as_object_mut()) {
        map.insert("inviter".into(), json!(inviter));
    }
    send(tx, "member_joined_channel", &event, Some(channel));
}

/// Somebody is no longer in a channel; `channel` is how it was before.
pub(crate) fn member_left(tx: &mut Tx<'_>, channel: &Channel, user: &UserId) {
    if heard(tx, &channel.id).is_none() {
        return;
    }
    let event = json!({
        "type": "member_left_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": letter(channel),
        "team": tx.state.person(user).map(|person| &person.team),
        "event_ts": tx.next_ts(),
    });
    send(tx, "member_left_channel", &event, Some(channel));
}

/// Somebody looked at the app's page.
pub(crate) fn app_home_opened(tx: &mut Tx<'_>, user: &UserId, channel: &ChannelId, tab: HomeTab) {
    let mut event = json!({
        "type": "app_home_opened",
        "user": user,
        "channel": channel,
        "tab": if tab == HomeTab::Home { "home" } else { "messages" },
        "event_ts": tx.next_ts(),
    });
    let home = tx.state.home(user).filter(|_| tab == HomeTab::Home);
    if let (Some(home), Some(map)) = (home, event.as_object_mut()) {
        map.insert("view".into(), json!(render::view_without_blocks(tx.state, home)));
    }
    send(tx, "app_home_opened", &event, None);
}

/// The kind of a channel as events about members write it.
fn letter(channel: &Channel) -> &'static str {
    if channel.kind == ChannelKind::Private { "G" } else { "C" }
}

/// The channel, if the bot is in it.
fn heard(tx: &Tx<'_>, channel: &ChannelId) -> Option<Channel> {
    tx.state.channel(channel).filter(|channel| channel.members.contains(&tx.state.app.bot_user)).cloned()
}

/// `app_mention`: not for the bot's own messages, and not in direct messages.
fn mention(tx: &mut Tx<'_>, channel: &Channel, message: &Message) {
    let bot = format!("<@{}>", tx.state.app.bot_user);
    let named = format!("<@{}|", tx.state.app.bot_user);
    let mentioned = message.text.contains(&bot) || message.text.contains(&named);
    if message.from_app || channel.kind == ChannelKind::Direct || !mentioned {
        return;
    }
    let mut event = render::message(tx.state, message, Surface::Mention);
    event.insert("type".into(), "app_mention".into());
    event.insert("channel".into(), json!(channel.id));
    let ts = message.edited.as_ref().map_or(message.ts, |edited| edited.ts);
    event.insert("event_ts".into(), json!(ts));
    send(tx, "app_mention", &Value::Object(event), Some(channel));
}

fn message_event(channel: &Channel) -> &'static str {
    match channel.kind {
        ChannelKind::Public => "message.channels",
        ChannelKind::Private => "message.groups",
        ChannelKind::Direct => "message.im",
    }
}

fn place(event: &mut Map<String, Value>, channel: &Channel, event_ts: Ts) {
    let kind = match channel.kind {
        ChannelKind::Public => "channel",
        ChannelKind::Private => "group",
        ChannelKind::Direct => "im",
    };
    event.insert("channel".into(), json!(channel.id));
    event.insert("event_ts".into(), json!(event_ts));
    event.insert("channel_type".into(), json!(kind));
}

fn send(tx: &mut Tx<'_>, subscription: &str, event: &Value, channel: Option<&Channel>) {
    let subscribed = tx.state.app.events.iter().any(|one| one == subscription);
    if subscribed && !tx.state.installation.uninstalled {
        let payload = wrap(tx, event, channel);
        tx.send_event(payload);
    }
}
