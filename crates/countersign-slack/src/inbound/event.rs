//! `events_api`: messages and reactions.

use countersign_core::envelope::{Act, Address, Change, Envelope, Utterance};
use countersign_core::ids::{ChannelId, MessageId};

use super::{Payload, Skip, notice};
use crate::emoji::standard_name;
use crate::text::{self, Mention};

pub(super) fn read(payload: &Payload<'_>) -> Result<Envelope, Skip> {
    match payload.filled("/event/type") {
        Some("app_mention" | "message") => message(payload),
        Some("reaction_added") => reaction(payload, Change::Added),
        Some("reaction_removed") => reaction(payload, Change::Removed),
        Some("app_home_opened") => home(payload),
        Some("member_joined_channel") => joined(payload),
        Some(name) => Err(notice::read(payload, name)),
        None => Err(notice::without_event(payload)),
    }
}

fn message(payload: &Payload<'_>) -> Result<Envelope, Skip> {
    must_be_new_from_a_person(payload)?;
    let raw = payload.filled("/event/text").ok_or(Skip::Ignored("a message without text"))?;
    let user = payload.needed("/event/user", "a message without its author")?;
    let channel = payload.needed("/event/channel", "a message without its channel")?;
    let ts = payload.needed("/event/ts", "a message without its ts")?;
    let addressed = text::address(raw, &payload.me.user);
    let is_direct = payload.filled("/event/channel_type") == Some("im") || channel.starts_with('D');
    // The twin events of one message carry the same text: they must read the same.
    let address = match addressed.mention {
        _ if is_direct => Address::Direct,
        Mention::Leading | Mention::Elsewhere => Address::Mention,
        Mention::Absent => Address::Overheard,
    };
    Ok(Envelope {
        at: payload.at("/event/ts"),
        person: author(payload, user),
        channel: ChannelId::new(channel),
        act: Act::Said(Utterance {
            text: addressed.text,
            address,
            message: Some(MessageId::new(ts)),
            thread: payload.filled("/event/thread_ts").filter(|root| *root != ts).map(MessageId::new),
        }),
    })
}

/// An edit must not run what the original did not say, and bots ask for nothing.
fn must_be_new_from_a_person(payload: &Payload<'_>) -> Result<(), Skip> {
    match payload.filled("/event/subtype") {
        None | Some("thread_broadcast" | "file_share") => {}
        Some("message_changed") => return Err(Skip::Ignored("an edit")),
        Some("message_deleted") => return Err(Skip::Ignored("a deletion")),
        Some("bot_message") => return Err(Skip::Ignored("a message of a bot")),
        Some(_) => return Err(Skip::Ignored("a message that nobody wrote")),
    }
    if payload.json.pointer("/event/edited").is_some_and(|edited| !edited.is_null()) {
        return Err(Skip::Ignored("an edit"));
    }
    if payload.filled("/event/user") == Some(payload.me.user.as_str()) {
        return Err(Skip::Ignored("a message of our own"));
    }
    if payload.filled("/event/bot_id").or(payload.filled("/event/app_id")).is_some() {
        return Err(Skip::Ignored("a message of a bot"));
    }
    Ok(())
}

/// `team` may name the host of a shared channel; `user_team` and `source_team` name the author's own.
fn author(payload: &Payload<'_>, user: &str) -> countersign_core::ids::PersonId {
    payload.person(user, &["/event/user_team", "/event/source_team", "/enterprise_id", "/team_id"])
}

fn reaction(payload: &Payload<'_>, change: Change) -> Result<Envelope, Skip> {
    if payload.filled("/event/item/type") != Some("message") {
        return Err(Skip::Ignored("a reaction to something else than a message"));
    }
    let user = payload.needed("/event/user", "a reaction of nobody")?;
    if user == payload.me.user.as_str() {
        return Err(Skip::Ignored("a reaction of our own"));
    }
    let emoji = payload.needed("/event/reaction", "a reaction without its emoji")?;
    let message = payload.needed("/event/item/ts", "a reaction without its message")?;
    let channel = payload.needed("/event/item/channel", "a reaction without its channel")?;
    Ok(Envelope {
        at: payload.at("/event/event_ts"),
        // No payload says where a reacting person is from: the directory finds out.
        person: payload.person(user, &[]),
        channel: ChannelId::new(channel),
        act: Act::Reacted {
            message: MessageId::new(message),
            emoji: standard_name(emoji).to_owned(),
            change,
        },
    })
}

fn home(payload: &Payload<'_>) -> Result<Envelope, Skip> {
    if payload.filled("/event/tab") != Some("home") {
        return Err(Skip::Ignored("another tab than the home"));
    }
    let user = payload.needed("/event/user", "a home that nobody opened")?;
    let channel = payload.needed("/event/channel", "a home without its channel")?;
    Ok(Envelope {
        at: payload.at("/event/event_ts"),
        person: payload.person(user, &["/enterprise_id", "/team_id"]),
        channel: ChannelId::new(channel),
        act: Act::OpenedHome,
    })
}

/// Whoever else joins is no news for the bot.
fn joined(payload: &Payload<'_>) -> Result<Envelope, Skip> {
    let user = payload.needed("/event/user", "nobody joined a channel")?;
    if user != payload.me.user.as_str() {
        return Err(Skip::Ignored("another person joined a channel"));
    }
    let channel = payload.needed("/event/channel", "a channel without its name was joined")?;
    // Somebody who adds the bot by the channel's settings is not named.
    let inviter = payload.filled("/event/inviter").unwrap_or(user);
    Ok(Envelope {
        at: payload.at("/event/event_ts"),
        person: payload.person(inviter, &[]),
        channel: ChannelId::new(channel),
        act: Act::Invited,
    })
}
