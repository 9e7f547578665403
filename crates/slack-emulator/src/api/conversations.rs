//! `conversations.*`

mod history;
mod open;

use serde_json::Value;

use super::call::{Call, channel_scope};
use super::method::{Json, Method, Tier, Tokens};
use super::paging::{Page, page};
use super::reply::{Answer, ApiError, and, one};
use crate::render;
use crate::seed::ChannelKind;

/// `conversations.*`
pub(super) const METHODS: &[Method] = &[
    Method {
        name: "conversations.list",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Two,
        required: &[],
        scope: None,
        json: Json::Ignored,
        errors: &["invalid_cursor", "invalid_types"],
        run: |call| Box::pin(list(call)),
    },
    Method {
        name: "conversations.info",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &["channel"],
        scope: None,
        json: Json::Ignored,
        errors: &["channel_not_found"],
        run: |call| Box::pin(info(call)),
    },
    Method {
        name: "conversations.members",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Four,
        required: &["channel"],
        scope: None,
        json: Json::Ignored,
        errors: &["channel_not_found", "invalid_cursor"],
        run: |call| Box::pin(members(call)),
    },
    Method {
        name: "conversations.history",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &["channel"],
        scope: None,
        json: Json::Taken,
        errors: &[
            "channel_not_found",
            "not_in_channel",
            "invalid_cursor",
            "invalid_ts_latest",
            "invalid_ts_oldest",
        ],
        run: |call| Box::pin(history::history(call)),
    },
    Method {
        name: "conversations.replies",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &["channel", "ts"],
        scope: None,
        json: Json::Ignored,
        errors: &[
            "channel_not_found",
            "thread_not_found",
            "invalid_cursor",
            "invalid_ts_latest",
            "invalid_ts_oldest",
        ],
        run: |call| Box::pin(history::replies(call)),
    },
    Method {
        name: "conversations.open",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &[],
        scope: Some("im:write"),
        json: Json::Taken,
        errors: &[
            "channel_not_found",
            "user_not_found",
            "users_list_not_supplied",
            "too_many_users",
            "method_not_supported_for_channel_type",
        ],
        run: |call| Box::pin(open::open(call)),
    },
    Method {
        name: "conversations.join",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &["channel"],
        scope: Some("channels:join"),
        json: Json::Taken,
        errors: &["channel_not_found", "is_archived", "method_not_supported_for_channel_type"],
        run: |call| Box::pin(open::join(call)),
    },
];

async fn list(call: Call) -> Answer {
    let kinds = kinds(call.args.text("types").unwrap_or("public_channel"))?;
    for kind in &kinds {
        call.need_scope(&channel_scope(*kind, "read"))?;
    }
    let user = call.user();
    let without_archived = call.args.is_on("exclude_archived");
    let all: Vec<_> = call.workspace().read(|state| {
        let seen = state.visible_channels(&user).into_iter();
        let wanted = seen.filter(|channel| kinds.contains(&channel.kind));
        wanted
            .filter(|channel| !(without_archived && channel.archived))
            .map(|channel| {
                let shown = render::channel(state, channel, &user);
                match channel.kind {
                    ChannelKind::Direct => shown,
                    _ => and(shown, "num_members", channel.members.len()),
                }
            })
            .collect()
    });
    let (part, next) = Page::of(&call, 100, 999)?.cut(all);
    Ok(page(one("channels", part), &next))
}

async fn info(call: Call) -> Answer {
    let channel = call.channel("channel")?;
    call.need_scope(&channel_scope(channel.kind, "read"))?;
    let mut shown = call.workspace().read(|state| render::channel(state, &channel, &call.user()));
    // The published sample has no `user`: who is on the other side is in conversations.list and .members.
    shown.remove("user");
    if call.args.is_on("include_num_members") {
        shown = and(shown, "num_members", channel.members.len());
    }
    Ok(one("channel", Value::Object(shown)))
}

async fn members(call: Call) -> Answer {
    let channel = call.channel("channel")?;
    call.need_scope(&channel_scope(channel.kind, "read"))?;
    let (part, next) = Page::of(&call, 100, 999)?.cut(channel.members);
    Ok(page(one("members", part), &next))
}

fn kinds(types: &str) -> Result<Vec<ChannelKind>, ApiError> {
    let mut kinds = Vec::new();
    for kind in types.split(',').map(str::trim).filter(|kind| !kind.is_empty()) {
        match kind {
            "public_channel" => kinds.push(ChannelKind::Public),
            "private_channel" => kinds.push(ChannelKind::Private),
            "im" => kinds.push(ChannelKind::Direct),
            "mpim" => {}
            other => return Err(ApiError::with("invalid_types", format!("{other} is no type of channel."))),
        }
    }
    Ok(kinds)
}
