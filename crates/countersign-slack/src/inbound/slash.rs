//! `slash_commands`.

use countersign_core::envelope::{Act, Address, Envelope, Utterance};
use countersign_core::ids::ChannelId;

use super::{Payload, Skip};
use crate::payload::text;
use crate::text::address;

pub(super) fn read(payload: &Payload<'_>) -> Result<Envelope, Skip> {
    let user = payload.needed("/user_id", "a slash command of nobody")?;
    let channel = payload.needed("/channel_id", "a slash command without its channel")?;
    let command = payload.needed("/command", "a slash command without its name")?;
    let reply_to = payload.needed("/response_url", "a slash command without its response_url")?;
    Ok(Envelope {
        // Slack does not say when it was typed.
        at: payload.received_at,
        person: payload.person(user, &["/enterprise_id", "/team_id"]),
        channel: ChannelId::new(channel),
        act: Act::Said(Utterance {
            text: address(text(payload.json, "/text").unwrap_or_default(), &payload.me.user).text,
            address: Address::Slash { command: command.to_owned(), reply_to: reply_to.to_owned() },
            message: None,
            thread: None,
        }),
    })
}
