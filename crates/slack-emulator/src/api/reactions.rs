//! `reactions.*`

use super::call::Call;
use super::chat::permalink;
use super::method::{Json, Method, Tier, Tokens};
use super::reply::{Answer, ApiError, and, nothing, one};
use crate::render::{self, Surface};
use crate::workspace::{ChannelId, Refused, Ts};

/// `reactions.*`
pub(super) const METHODS: &[Method] = &[
    Method {
        name: "reactions.add",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &["name", "channel", "timestamp"],
        scope: Some("reactions:write"),
        json: Json::Taken,
        errors: &[
            "already_reacted",
            "bad_timestamp",
            "channel_not_found",
            "invalid_name",
            "is_archived",
            "message_not_found",
            "no_access",
            "too_many_emoji",
        ],
        run: |call| Box::pin(add(call)),
    },
    Method {
        name: "reactions.remove",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Two,
        required: &["name"],
        scope: Some("reactions:write"),
        json: Json::Taken,
        errors: &[
            "no_reaction",
            "bad_timestamp",
            "channel_not_found",
            "invalid_name",
            "message_not_found",
            "no_access",
            "no_item_specified",
        ],
        run: |call| Box::pin(remove(call)),
    },
    Method {
        name: "reactions.get",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &[],
        scope: Some("reactions:read"),
        json: Json::Ignored,
        errors: &["bad_timestamp", "channel_not_found", "message_not_found", "no_item_specified"],
        run: |call| Box::pin(get(call)),
    },
];

async fn add(call: Call) -> Answer {
    let (channel, ts) = item(&call)?;
    call.workspace().react(&call.user(), &channel, ts, call.required("name")?).await.map_err(refused)?;
    nothing()
}

async fn remove(call: Call) -> Answer {
    let (channel, ts) = item(&call)?;
    let done = call.workspace().unreact(&call.user(), &channel, ts, call.required("name")?).await;
    match done {
        // reactions.remove does not list is_archived.
        Err(Refused::IsArchived) => Err(ApiError::new("no_access")),
        done => done.map_err(refused).and_then(|()| nothing()),
    }
}

async fn get(call: Call) -> Answer {
    let (channel, ts) = item(&call)?;
    let channel = call.workspace().read(|state| {
        let found = state.channel(&channel).filter(|found| state.can_see(&call.user(), found));
        found.map(|found| found.id.clone()).ok_or(Refused::ChannelNotFound)
    })?;
    let shown = call.workspace().read(|state| {
        let message = state.message(&channel, ts)?;
        let link = permalink(&call.shared.base_url, &channel, (ts, message.thread_ts));
        Some(and(render::message(state, message, Surface::Reactions), "permalink", link))
    });
    let shown = shown.ok_or(Refused::MessageNotFound)?;
    Ok(and(and(one("type", "message"), "channel", &channel), "message", shown))
}

/// The message that is meant.
fn item(call: &Call) -> Result<(ChannelId, Ts), ApiError> {
    if !call.args.has("channel") || !call.args.has("timestamp") {
        return Err(ApiError::with("no_item_specified", "Name a message by channel and timestamp."));
    }
    let ts = call.required_ts("timestamp", "bad_timestamp")?;
    Ok((ChannelId::new(call.required("channel")?), ts))
}

/// `reactions.*` call it `no_access` when somebody is not in the channel.
fn refused(refused: Refused) -> ApiError {
    match refused {
        Refused::NotInChannel => ApiError::with("no_access", refused.to_string()),
        other => other.into(),
    }
}
