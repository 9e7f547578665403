//! `interactive`: buttons and dialogs.

use countersign_core::envelope::{Act, Envelope};
use countersign_core::ids::{ChannelId, MessageId, PersonId};
use serde_json::Value;

use super::{Payload, Skip};
use crate::payload::text;

pub(super) fn read(payload: &Payload<'_>) -> Result<Envelope, Skip> {
    match payload.filled("/type") {
        Some("block_actions") => button(payload),
        Some("view_submission") => dialog(payload),
        Some(_) => Err(Skip::Ignored("an interaction that no reply offers")),
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
    Ok(Envelope {
        at: payload.received_at,
        person: actor(payload)?,
        // A dialog floats above the channels: Slack names none unless the dialog asked for it.
        channel: ChannelId::new(payload.filled("/view/response_urls/0/channel_id").unwrap_or_default()),
        act: Act::Submitted {
            dialog: dialog.to_owned(),
            value: text(payload.json, "/view/private_metadata").unwrap_or_default().to_owned(),
            input,
        },
    })
}

/// The text of the one input; an empty one comes as `null`.
fn only_input(payload: &Value) -> Option<String> {
    let blocks = payload.pointer("/view/state/values")?.as_object()?;
    let mut inputs = blocks.values().filter_map(Value::as_object).flat_map(serde_json::Map::values);
    let (Some(input), None) = (inputs.next(), inputs.next()) else { return None };
    match input.get("value")? {
        Value::String(text) => Some(text.clone()),
        Value::Null => Some(String::new()),
        _ => None,
    }
}

/// `user.team_id` is the person's own workspace; `team.id` is where they pressed it.
fn actor(payload: &Payload<'_>) -> Result<PersonId, Skip> {
    let user = payload.needed("/user/id", "an interaction of nobody")?;
    Ok(payload.person(user, &["/user/team_id", "/enterprise/id", "/team/id"]))
}
