//! Messages. The key lists follow the published samples of each place (slackapi/java-slack-sdk, `json-logs`).

use serde_json::{Map, Value, json};

use super::person::foreign_profile;
use crate::workspace::{Ephemeral, Message, State, Subtype};

/// Where a message is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surface {
    /// The answer of `chat.postMessage`.
    Posted,
    /// The answer of `chat.update`.
    Updated,
    /// `conversations.history`
    History,
    /// `conversations.replies`
    Replies,
    /// `reactions.get`
    Reactions,
    /// The `message` event.
    Event,
    /// The `app_mention` event.
    Mention,
    /// Inside `message_changed` and `message_deleted`.
    Inner,
    /// Inside `block_actions`.
    Interaction,
}

const EVERYWHERE: &[&str] = &["type", "user", "text", "team", "bot_id", "bot_profile", "blocks"];

impl Surface {
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Posted => {
                &["subtype", "ts", "app_id", "thread_ts", "parent_user_id", "metadata", "attachments"]
            }
            Self::Updated => &["app_id", "edited", "metadata", "files"],
            Self::History => &[
                "subtype",
                "ts",
                "client_msg_id",
                "app_id",
                "thread_ts",
                "parent_user_id",
                "reply_count",
                "reply_users_count",
                "latest_reply",
                "reply_users",
                "is_locked",
                "subscribed",
                "attachments",
                "metadata",
                "edited",
                "reactions",
                "files",
            ],
            Self::Replies => &[
                "ts",
                "app_id",
                "thread_ts",
                "parent_user_id",
                "reply_count",
                "reply_users_count",
                "latest_reply",
                "reply_users",
                "is_locked",
                "subscribed",
                "attachments",
                "metadata",
                "edited",
                "reactions",
                "files",
            ],
            Self::Reactions => &["ts", "app_id", "reactions", "permalink"],
            Self::Event => &[
                "subtype",
                "ts",
                "client_msg_id",
                "thread_ts",
                "parent_user_id",
                "attachments",
                "metadata",
                "edited",
                "files",
                "inviter",
            ],
            Self::Mention => &[
                "ts",
                "client_msg_id",
                "app_id",
                "thread_ts",
                "edited",
                "user_team",
                "source_team",
                "user_profile",
            ],
            Self::Inner => &[
                "subtype",
                "ts",
                "client_msg_id",
                "thread_ts",
                "parent_user_id",
                "reply_count",
                "reply_users_count",
                "latest_reply",
                "is_locked",
                "subscribed",
                "attachments",
                "edited",
                "user_team",
                "source_team",
                "files",
            ],
            Self::Interaction => &[
                "subtype",
                "ts",
                "client_msg_id",
                "app_id",
                "thread_ts",
                "parent_user_id",
                "reply_count",
                "reply_users_count",
                "latest_reply",
                "reply_users",
                "is_locked",
                "subscribed",
                "attachments",
                "metadata",
                "edited",
            ],
        }
    }
}

/// A message as `surface` shows it.
pub(crate) fn message(state: &State, message: &Message, surface: Surface) -> Map<String, Value> {
    let mut all = everything(state, message);
    if surface == Surface::Event
        && let Some(metadata) = &message.metadata
    {
        all.insert("metadata".into(), json!({"event_type": metadata.event_type}));
    }
    let keys = surface.keys();
    all.retain(|key, _| EVERYWHERE.contains(&key.as_str()) || keys.contains(&key.as_str()));
    all
}

/// An ephemeral message as its reader's interactions carry it.
pub(crate) fn ephemeral(state: &State, one: &Ephemeral) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("type".into(), "message".into());
    map.insert("user".into(), json!(state.app.bot_user));
    map.insert("text".into(), json!(one.text));
    map.insert("ts".into(), json!(one.ts));
    map.insert("bot_id".into(), json!(state.app.bot_id));
    map
}

/// The bot's face.
fn bot_profile(state: &State) -> Value {
    json!({
        "id": state.app.bot_id,
        "deleted": false,
        "name": state.app.name,
        "updated": 1,
        "app_id": state.app.id,
        "icons": super::person::icons(),
        "team_id": state.team.id,
    })
}

fn everything(state: &State, message: &Message) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("user".into(), json!(message.author));
    map.insert("type".into(), "message".into());
    map.insert("ts".into(), json!(message.ts));
    insert_some(&mut map, "client_msg_id", message.client_msg_id.as_ref());
    if message.from_app {
        map.insert("bot_id".into(), json!(state.app.bot_id));
        map.insert("app_id".into(), json!(state.app.id));
        map.insert("bot_profile".into(), bot_profile(state));
    }
    map.insert("text".into(), json!(message.text));
    map.insert("team".into(), json!(state.team.id));
    insert_some(&mut map, "subtype", message.subtype.map(Subtype::as_str).as_ref());
    add_foreign_marks(&mut map, state, message);
    add_thread(&mut map, state, message);
    insert_list(&mut map, "blocks", &message.blocks);
    insert_list(&mut map, "attachments", &message.attachments);
    insert_some(&mut map, "metadata", message.metadata.as_ref());
    insert_some(&mut map, "edited", message.edited.as_ref());
    let reactions: Vec<_> = message
        .reactions
        .iter()
        .map(|one| json!({"name": one.name, "users": one.users, "count": one.users.len()}))
        .collect();
    insert_list(&mut map, "reactions", &reactions);
    let files: Vec<_> = message.files.iter().filter_map(|id| state.files.get(id)).map(file).collect();
    insert_list(&mut map, "files", &files);
    map
}

/// What marks an author from another workspace. `team` names the host: it says nothing about the author.
fn add_foreign_marks(map: &mut Map<String, Value>, state: &State, message: &Message) {
    let Some(author) = state.person(&message.author).filter(|author| author.team != state.team.id) else {
        return;
    };
    map.insert("user_team".into(), json!(author.team));
    map.insert("source_team".into(), json!(author.team));
    map.insert("user_profile".into(), foreign_profile(author));
}

fn add_thread(map: &mut Map<String, Value>, state: &State, message: &Message) {
    insert_some(map, "thread_ts", message.thread_ts.as_ref());
    if message.is_reply() {
        let root = message.thread_ts.and_then(|root| state.message(&message.channel, root));
        insert_some(map, "parent_user_id", root.map(|root| &root.author));
    }
    let Some(thread) = state.thread(&message.channel, message.ts) else { return };
    map.insert("reply_count".into(), json!(thread.reply_count));
    map.insert("reply_users_count".into(), json!(thread.reply_users.len()));
    map.insert("latest_reply".into(), json!(thread.latest_reply));
    map.insert("reply_users".into(), json!(thread.reply_users));
    map.insert("is_locked".into(), json!(false));
    map.insert("subscribed".into(), json!(false));
}

/// A file as messages and `files.*` show it.
pub(crate) fn file(file: &crate::workspace::File) -> Value {
    json!({
        "id": file.id,
        "created": file.created.seconds(),
        "timestamp": file.created.seconds(),
        "name": file.name,
        "title": file.title,
        "mimetype": "text/plain",
        "filetype": "text",
        "pretty_type": "Plain Text",
        "user": file.user,
        "size": file.size,
        "mode": "hosted",
        "preview": file.content.as_deref().unwrap_or_default().chars().take(500).collect::<String>(),
    })
}

fn insert_some<T: serde::Serialize>(map: &mut Map<String, Value>, key: &str, value: Option<&T>) {
    if let Some(value) = value {
        map.insert(key.into(), json!(value));
    }
}

fn insert_list(map: &mut Map<String, Value>, key: &str, values: &[Value]) {
    if !values.is_empty() {
        map.insert(key.into(), json!(values));
    }
}
