//! Modals and home tabs.

use serde_json::{Map, Value, json};

use crate::workspace::{State, View, ViewKind};

/// Keys that Slack copies from what the app sent.
const FROM_APP: [&str; 6] = ["title", "submit", "close", "blocks", "private_metadata", "callback_id"];

/// A view as interactions and `app_home_opened` carry it: without its blocks, as in the published samples.
pub(crate) fn view_without_blocks(state: &State, shown: &View) -> Map<String, Value> {
    let mut map = view(state, shown);
    map.remove("blocks");
    map
}

/// A view as `views.*` answer it.
pub(crate) fn view(state: &State, view: &View) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("id".into(), json!(view.id));
    map.insert("team_id".into(), json!(state.team.id));
    map.insert("type".into(), json!(if view.kind == ViewKind::Modal { "modal" } else { "home" }));
    for key in FROM_APP {
        if let Some(value) = view.body.get(key).filter(|value| !value.is_null()) {
            map.insert(key.into(), value.clone());
        }
    }
    for key in ["private_metadata", "callback_id", "external_id"] {
        map.insert(key.into(), json!(view.text(key)));
    }
    map.insert("state".into(), json!({"values": view.values}));
    map.insert("hash".into(), json!(view.hash));
    for key in ["clear_on_close", "notify_on_close"] {
        map.insert(key.into(), json!(view.flag(key)));
    }
    map.insert("root_view_id".into(), json!(view.root));
    if let Some(previous) = &view.previous {
        map.insert("previous_view_id".into(), json!(previous));
    }
    map.insert("app_id".into(), json!(state.app.id));
    map.insert("app_installed_team_id".into(), json!(state.team.id));
    map.insert("bot_id".into(), json!(state.app.bot_id));
    map
}
