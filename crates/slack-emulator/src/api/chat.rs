//! `chat.*`

use serde_json::{Map, Value, json};

use super::blocks::{self, PER_MESSAGE};
use super::call::Call;
use super::method::{Json, Method, Tier, Tokens};
use super::reply::{Answer, ApiError, and, one};
use crate::render::{self, Surface};
use crate::workspace::{Author, ChannelId, Draft, Edit, Refused, State, Subtype, Ts, UserId, compose};

/// The most characters that `chat.update` and `chat.postEphemeral` take.
const MAX_UPDATE: usize = 4_000;

/// `chat.*`
pub(super) const METHODS: &[Method] = &[
    Method {
        name: "chat.postMessage",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Posting,
        required: &["channel"],
        scope: Some("chat:write"),
        json: Json::Taken,
        errors: &[
            "channel_not_found",
            "is_archived",
            "not_in_channel",
            "no_text",
            "invalid_blocks",
            "invalid_blocks_format",
            "msg_blocks_too_long",
            "too_many_attachments",
            "invalid_metadata_format",
            "invalid_metadata_schema",
            "metadata_too_large",
            "metadata_must_be_sent_from_app",
            "cannot_reply_to_message",
            "markdown_text_conflict",
        ],
        run: |call| Box::pin(post_message(call)),
    },
    Method {
        name: "chat.update",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &["channel", "ts"],
        scope: Some("chat:write"),
        json: Json::Taken,
        errors: &[
            "channel_not_found",
            "message_not_found",
            "cant_update_message",
            "no_text",
            "msg_too_long",
            "invalid_blocks",
            "invalid_blocks_format",
            "too_many_attachments",
            "invalid_metadata_format",
            "invalid_metadata_schema",
            "metadata_too_large",
            "metadata_must_be_sent_from_app",
            "markdown_text_conflict",
        ],
        run: |call| Box::pin(update(call)),
    },
    Method {
        name: "chat.delete",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &["channel", "ts"],
        scope: Some("chat:write"),
        json: Json::Taken,
        errors: &["channel_not_found", "message_not_found", "cant_delete_message"],
        run: |call| Box::pin(delete(call)),
    },
    Method {
        name: "chat.postEphemeral",
        tokens: Tokens::Bot,
        tier: Tier::Four,
        required: &["channel", "user"],
        scope: Some("chat:write"),
        json: Json::Taken,
        errors: &[
            "channel_not_found",
            "is_archived",
            "not_in_channel",
            "user_not_in_channel",
            "no_text",
            "msg_too_long",
            "invalid_blocks",
            "invalid_blocks_format",
            "too_many_attachments",
            "markdown_text_conflict",
        ],
        run: |call| Box::pin(post_ephemeral(call)),
    },
    Method {
        name: "chat.getPermalink",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Hundreds,
        required: &["channel", "message_ts"],
        scope: None,
        json: Json::Ignored,
        errors: &["channel_not_found", "message_not_found"],
        run: |call| Box::pin(get_permalink(call)),
    },
];

async fn post_message(call: Call) -> Answer {
    let channel = target(&call).await?;
    let draft = draft(&call)?;
    let message = call.workspace().post(&call.author(), &channel, draft).await?;
    Ok(call.workspace().read(|state| {
        let shown = render::message(state, &message, Surface::Posted);
        and(and(one("channel", &channel), "ts", message.ts), "message", shown)
    }))
}

async fn update(call: Call) -> Answer {
    let channel = call.channel("channel")?.id;
    let ts = call.required_ts("ts", "message_not_found")?;
    let draft = draft(&call)?;
    if draft.text.chars().count() > MAX_UPDATE {
        return Err(Refused::TextTooLong.into());
    }
    let text_given = call.args.given("text") || call.args.given("markdown_text");
    let edit = Edit {
        // Slack drops the old blocks when only a text is given.
        blocks: (text_given || !draft.blocks.is_empty()).then_some(draft.blocks),
        text: text_given.then_some(draft.text),
        attachments: blocks::attachments(&call.args)?,
        metadata: draft.metadata,
    };
    let message = call.workspace().update(&call.author(), &channel, ts, edit).await?;
    Ok(call.workspace().read(|state| {
        let shown = render::message(state, &message, Surface::Updated);
        let answer = and(one("channel", &channel), "ts", ts);
        and(and(answer, "text", &message.text), "message", shown)
    }))
}

async fn delete(call: Call) -> Answer {
    let channel = call.channel("channel")?.id;
    let ts = call.required_ts("ts", "message_not_found")?;
    call.workspace().remove(&call.author(), &channel, ts).await?;
    Ok(and(one("channel", &channel), "ts", ts))
}

async fn post_ephemeral(call: Call) -> Answer {
    let channel = call.channel("channel")?.id;
    let user = UserId::new(call.required("user")?);
    let draft = draft(&call)?;
    if draft.text.chars().count() > MAX_UPDATE {
        return Err(Refused::TextTooLong.into());
    }
    let ts = call.workspace().post_ephemeral(&channel, &user, draft).await?;
    Ok(one("message_ts", ts))
}

async fn get_permalink(call: Call) -> Answer {
    let channel = call.channel("channel")?.id;
    let ts = call.required_ts("message_ts", "message_not_found")?;
    let message = call.workspace().read(|state| state.message(&channel, ts).cloned());
    let message = message.ok_or(Refused::MessageNotFound)?;
    let link = permalink(&call.shared.base_url, &channel, (ts, message.thread_ts));
    Ok(and(one("permalink", link), "channel", &channel))
}

/// The address of a message.
pub(super) fn permalink(base: &str, channel: &ChannelId, (ts, thread): (Ts, Option<Ts>)) -> String {
    let link = format!("{base}/archives/{channel}/p{}", ts.micros());
    match thread.filter(|root| *root != ts) {
        Some(root) => format!("{link}?thread_ts={root}&cid={channel}"),
        None => link,
    }
}

/// Where a message goes: a channel's id or name, or a person's id for a direct message.
async fn target(call: &Call) -> Result<ChannelId, ApiError> {
    let wanted = call.required("channel")?;
    let user = call.user();
    if wanted.starts_with('U') {
        let other = UserId::new(wanted);
        let opened = call.workspace().open_direct(&user, &other).await;
        return opened.map(|(channel, _)| channel.id).map_err(|_| Refused::ChannelNotFound.into());
    }
    Ok(call.workspace().read(|state| by_name(state, &user, wanted)).unwrap_or_else(|| ChannelId::new(wanted)))
}

fn by_name(state: &State, user: &UserId, wanted: &str) -> Option<ChannelId> {
    let name = wanted.strip_prefix('#').unwrap_or(wanted);
    state.visible_channels(user).iter().find(|channel| channel.name == name).map(|channel| channel.id.clone())
}

/// The message that the arguments describe.
fn draft(call: &Call) -> Result<Draft, ApiError> {
    let args = &call.args;
    let markdown = args.text("markdown_text");
    let blocks = blocks::blocks(args, PER_MESSAGE)?;
    if markdown.is_some() && (args.has("text") || blocks.is_some()) {
        return Err(ApiError::new("markdown_text_conflict"));
    }
    let metadata = blocks::metadata(args)?;
    if metadata.is_some() && call.is_person() {
        return Err(ApiError::new("metadata_must_be_sent_from_app"));
    }
    let text = markdown.or_else(|| args.text("text")).unwrap_or_default();
    let written = match call.author() {
        Author::Person(_) => call.workspace().read(|state| compose::posted(state, text)),
        Author::App => compose::Written { text: text.into(), blocks: app_blocks(markdown) },
    };
    let thread_ts = args.ts("thread_ts", "invalid_arguments")?;
    let broadcast = thread_ts.is_some() && args.is_on("reply_broadcast");
    Ok(Draft {
        text: written.text,
        blocks: blocks.unwrap_or(written.blocks),
        attachments: blocks::attachments(args)?.unwrap_or_default(),
        metadata,
        thread_ts,
        subtype: broadcast.then_some(Subtype::ThreadBroadcast),
        files: Vec::new(),
    })
}

fn app_blocks(markdown: Option<&str>) -> Vec<Value> {
    markdown.map(|text| json!({"type": "markdown", "text": text})).into_iter().collect()
}

/// A message's metadata as much as `include_all_metadata` shows: without it, the type alone.
pub(super) fn trim_metadata(message: &mut Map<String, Value>, call: &Call) {
    if call.args.is_on("include_all_metadata") {
        return;
    }
    if let Some(metadata) = message.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| key == "event_type");
    }
}
