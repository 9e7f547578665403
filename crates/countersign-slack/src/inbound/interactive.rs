//! `interactive`: buttons and dialogs.

use countersign_core::envelope::{Act, Envelope};
use countersign_core::ids::{ChannelId, MessageId, PersonId};

use super::{Payload, Skip, immediate};
use crate::block_kit::Carried;
use crate::payload::{only_input, text};

pub(super) fn read(payload: &Payload<'_>) -> Result<Envelope, Skip> {
    match payload.filled("/type") {
        Some("block_actions") => button(payload),
        Some("view_submission") => dialog(payload),
        Some("view_closed") => Err(Skip::Ignored("a dialog that was closed")),
        Some(name) => Err(Skip::unknown(super::kind::INTERACTIVE, Some(name))),
        None => Err(Skip::Unreadable("an interaction without its type")),
    }
}

fn button(payload: &Payload<'_>) -> Result<Envelope, Skip> {
    if payload.filled("/actions/0/type") != Some("button") {
        return Err(Skip::Ignored("an element that is no button"));
    }
    let message = payload.filled("/container/message_ts").or(payload.filled("/message/ts"));
    let message = message.ok_or(Skip::Ignored("a button outside of messages"))?;
    let channel = payload.filled("/channel/id").or(payload.filled("/container/channel_id"));
    let channel = channel.ok_or(Skip::Unreadable("a button without its channel"))?;
    let action = payload.needed("/actions/0/action_id", "a button without its name")?;
    Ok(Envelope {
        at: payload.at("/actions/0/action_ts"),
        person: actor(payload)?,
        channel: ChannelId::new(channel),
        act: Act::Pressed {
            message: MessageId::new(message),
            action: action.to_owned(),
            value: text(payload.json, "/actions/0/value").unwrap_or_default().to_owned(),
            trigger: payload.filled("/trigger_id").map(str::to_owned),
        },
    })
}

fn dialog(payload: &Payload<'_>) -> Result<Envelope, Skip> {
    let dialog = payload.needed("/view/callback_id", "a dialog without its name")?;
    let input = only_input(payload.json).ok_or(Skip::Ignored("a dialog with another form than ours"))?;
    if immediate(payload.json).is_some() {
        return Err(Skip::Ignored("a dialog that says itself what is wrong with its answer"));
    }
    let carried = Carried::read(text(payload.json, "/view/private_metadata").unwrap_or_default());
    Ok(Envelope {
        at: payload.received_at,
        person: actor(payload)?,
        // A dialog floats above the channels: Slack names none unless the dialog asked for it.
        channel: ChannelId::new(payload.filled("/view/response_urls/0/channel_id").unwrap_or_default()),
        act: Act::Submitted { dialog: dialog.to_owned(), value: carried.value, input },
    })
}

/// `user.team_id` is the person's own workspace; `team.id` is where they pressed it.
fn actor(payload: &Payload<'_>) -> Result<PersonId, Skip> {
    let user = payload.needed("/user/id", "an interaction of nobody")?;
    Ok(payload.person(user, &["/user/team_id", "/enterprise/id", "/team/id"]))
}
