//! People and the bot.

use serde_json::{Value, json};

use crate::seed::{Person, Role};
use crate::workspace::State;

/// A person as `users.info` shows it.
pub(crate) fn person(state: &State, person: &Person) -> Value {
    let is_bot = person.role == Role::Bot;
    let guest = matches!(person.role, Role::Guest | Role::SingleChannelGuest);
    let mut profile = json!({
        "title": person.title,
        "phone": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.real_name,
        "display_name_normalized": person.real_name,
        "first_name": first_name(person),
        "avatar_hash": "g0",
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "team": person.team,
    });
    if is_bot {
        add(&mut profile, "bot_id", json!(state.app.bot_id));
        add(&mut profile, "api_app_id", json!(state.app.id));
    }
    if person.team == state.team.id && !is_bot && scope(state, "users:read.email") {
        add(&mut profile, "email", json!(person.email));
    }
    json!({
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "deleted": person.deactivated || (is_bot && state.installation.uninstalled),
        "real_name": person.real_name,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
        "profile": profile,
        "is_admin": person.role == Role::Admin,
        "is_owner": false,
        "is_primary_owner": false,
        "is_restricted": guest,
        "is_ultra_restricted": person.role == Role::SingleChannelGuest,
        "is_bot": is_bot,
        "is_app_user": false,
        "updated": person.updated,
    })
}

/// What an `app_mention` says about an author from another workspace.
pub(crate) fn foreign_profile(person: &Person) -> Value {
    json!({
        "name": person.name,
        "first_name": first_name(person),
        "real_name": person.real_name,
        "display_name": person.real_name,
        "team": person.team,
        "is_restricted": false,
        "is_ultra_restricted": false,
        "avatar_hash": "g0",
    })
}

/// The bot as `bots.info` shows it.
pub(crate) fn bot(state: &State) -> Value {
    json!({
        "id": state.app.bot_id,
        "deleted": false,
        "name": state.app.name,
        "updated": 1,
        "app_id": state.app.id,
        "user_id": state.app.bot_user,
        "icons": icons(),
    })
}

/// The bot's picture; `example.com` answers nothing, and nothing here asks it.
pub(super) fn icons() -> Value {
    json!({"image_36": "https://example.com/bot_36.png", "image_48": "https://example.com/bot_48.png"})
}

fn first_name(person: &Person) -> &str {
    person.real_name.split(' ').next().unwrap_or_default()
}

fn scope(state: &State, scope: &str) -> bool {
    state.installation.has_scope(scope)
}

fn add(object: &mut Value, key: &str, value: Value) {
    if let Some(map) = object.as_object_mut() {
        map.insert(key.into(), value);
    }
}
