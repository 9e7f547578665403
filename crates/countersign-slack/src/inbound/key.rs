//! What happened, by name.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::kind;
use crate::payload::filled;

/// No key is longer, so that every store can index it.
const LONGEST: usize = 250;

/// The natural key of a payload of this kind: the same for a redelivery and for the
/// twin events of one message, another one for everything else. At most 250 bytes.
pub fn natural_key(kind: &str, payload: &Value) -> String {
    let parts = match kind {
        kind::EVENTS_API => event(payload),
        kind::SLASH_COMMANDS => parts(payload, "slash", &["/trigger_id"]),
        kind::INTERACTIVE => parts(payload, "act", &["/trigger_id"]).or_else(|| {
            parts(payload, "act", &["/container/message_ts", "/user/id", "/actions/0/action_ts"])
        }),
        _ => None,
    };
    match parts.map(|parts| parts.join("/")) {
        Some(key) if key.len() <= LONGEST => key,
        _ => format!("{}/{}", plain_kind(kind), hash(payload)),
    }
}

fn event(payload: &Value) -> Option<Vec<String>> {
    let natural = match filled(payload, "/event/type") {
        Some("app_mention" | "message") => message(payload),
        Some("reaction_added") => reaction(payload, "added"),
        Some("reaction_removed") => reaction(payload, "removed"),
        _ => None,
    };
    natural.or_else(|| parts(payload, "event", &["/event_id"]))
}

fn message(payload: &Value) -> Option<Vec<String>> {
    let changed = match filled(payload, "/event/subtype") {
        Some("message_changed") => &["/team_id", "/event/channel", "/event/message/ts", "/event/event_ts"],
        Some("message_deleted") => &["/team_id", "/event/channel", "/event/deleted_ts", "/event/event_ts"],
        _ => return written(payload),
    };
    parts(payload, "changed", changed)
}

/// A message's key holds its subtype only where that makes it another thing than what the
/// person wrote: `app_mention` does not carry the subtype that its twin has.
fn written(payload: &Value) -> Option<Vec<String>> {
    let mut key = parts(payload, "msg", &["/team_id", "/event/channel", "/event/ts"])?;
    match filled(payload, "/event/subtype") {
        None | Some("thread_broadcast" | "file_share" | "bot_message") => {}
        Some(subtype) => key.push(clean(subtype)?),
    }
    if let Some(edited) = payload.pointer("/event/edited").filter(|edited| !edited.is_null()) {
        key.extend(["edited".to_owned(), clean(filled(edited, "/ts")?)?]);
    }
    Some(key)
}

fn reaction(payload: &Value, change: &str) -> Option<Vec<String>> {
    let what =
        ["/team_id", "/event/item/channel", "/event/item/ts", "/event/user", "/event/reaction"].as_slice();
    let mut key = parts(payload, "react", what)?;
    key.push(change.to_owned());
    key.push(clean(filled(payload, "/event/event_ts")?)?);
    Some(key)
}

/// The texts at these pointers behind a name; `None` if one is missing or odd.
fn parts(payload: &Value, name: &str, pointers: &[&str]) -> Option<Vec<String>> {
    let found = pointers.iter().map(|pointer| clean(filled(payload, pointer)?));
    std::iter::once(Some(name.to_owned())).chain(found).collect()
}

/// A part that cannot be mistaken for two.
fn clean(part: &str) -> Option<String> {
    (!part.contains('/') && !part.contains(char::is_control)).then(|| part.to_owned())
}

fn plain_kind(kind: &str) -> &str {
    match kind {
        kind::EVENTS_API | kind::SLASH_COMMANDS | kind::INTERACTIVE => kind,
        _ => "other",
    }
}

fn hash(payload: &Value) -> String {
    hex::encode(Sha256::digest(payload.to_string()))
}
