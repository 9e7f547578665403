//! The outer part of an event.

use serde_json::{Value, json};

use crate::seed::Channel;
use crate::workspace::tx::Tx;

/// Events whose published sample carries `context_team_id`; the older samples do without.
const WITH_CONTEXT_TEAM: [&str; 4] =
    ["reaction_added", "reaction_removed", "member_joined_channel", "member_left_channel"];

/// Wraps an event for the app.
pub(super) fn wrap(tx: &mut Tx<'_>, event: &Value, channel: Option<&Channel>) -> Value {
    let event_id = tx.next_id("Ev");
    let state = &*tx.state;
    let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
    let with_context = WITH_CONTEXT_TEAM.contains(&kind);
    let event_context = format!("4-{event_id}");
    let mut payload = json!({
        "token": "verification-token",
        "team_id": state.team.id,
        "api_app_id": state.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": tx.now.as_second(),
        "authorizations": [{
            "team_id": state.team.id,
            "user_id": state.app.bot_user,
            "is_bot": true,
            "is_enterprise_install": false,
        }],
        "is_ext_shared_channel": channel.is_some_and(|channel| state.is_ext_shared(channel)),
        "event_context": event_context,
    });
    if let Some(map) = payload.as_object_mut().filter(|_| with_context) {
        map.insert("context_team_id".into(), json!(state.team.id));
    }
    payload
}
