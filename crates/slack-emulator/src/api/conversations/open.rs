//! Opening direct messages and joining channels.

use serde_json::Value;

use super::super::call::Call;
use super::super::reply::{Answer, ApiError, and, one};
use crate::render;
use crate::seed::ChannelKind;
use crate::workspace::{Refused, UserId};

/// `conversations.open`: a direct message with one person; more at once are not supported here.
pub(super) async fn open(call: Call) -> Answer {
    if call.args.has("channel") {
        let channel = call.channel("channel")?;
        if channel.kind != ChannelKind::Direct {
            return Err(Refused::WrongChannelType.into());
        }
        return Ok(and(and(one("channel", one("id", &channel.id)), "no_op", true), "already_open", true));
    }
    let users = users(&call)?;
    let other = match users.as_slice() {
        [] => return Err(ApiError::new("users_list_not_supplied")),
        [one] => one,
        _ => {
            return Err(ApiError::with("too_many_users", "The emulator opens direct messages of two alone."));
        }
    };
    let (channel, was_open) = call.workspace().open_direct(&call.user(), other).await?;
    let shown = if call.args.is_on("return_im") {
        call.workspace().read(|state| render::channel(state, &channel, &call.user()))
    } else {
        one("id", &channel.id)
    };
    let answer = one("channel", Value::Object(shown));
    Ok(if was_open { and(and(answer, "no_op", true), "already_open", true) } else { answer })
}

/// `conversations.join`
pub(super) async fn join(call: Call) -> Answer {
    let channel = call.channel("channel")?;
    let channel = call.workspace().join(&call.user(), &channel.id).await?;
    let shown = call.workspace().read(|state| render::channel(state, &channel, &call.user()));
    Ok(one("channel", Value::Object(shown)))
}

fn users(call: &Call) -> Result<Vec<UserId>, ApiError> {
    if let Some(text) = call.args.text("users") {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        return Ok(names.map(UserId::new).collect());
    }
    match call.args.json("users", "invalid_arguments")? {
        Some(Value::Array(list)) => Ok(list.iter().filter_map(Value::as_str).map(UserId::new).collect()),
        _ => Ok(Vec::new()),
    }
}
