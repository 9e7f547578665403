//! Channels and direct messages.

use serde_json::{Map, Value, json};

use crate::seed::{Channel, ChannelKind};
use crate::workspace::{State, UserId};

/// A channel as `user` sees it.
pub(crate) fn channel(state: &State, channel: &Channel, user: &UserId) -> Map<String, Value> {
    let value = match channel.kind {
        ChannelKind::Direct => direct(state, channel, user),
        ChannelKind::Public | ChannelKind::Private => room(state, channel, user),
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn direct(state: &State, channel: &Channel, user: &UserId) -> Value {
    json!({
        "id": channel.id,
        "created": 1,
        "is_archived": channel.archived,
        "is_im": true,
        "is_org_shared": false,
        "user": state.direct_partner(channel, user),
        "context_team_id": state.team.id,
        "updated": 1,
    })
}

fn room(state: &State, channel: &Channel, user: &UserId) -> Value {
    let private = channel.kind == ChannelKind::Private;
    let shared = state.is_ext_shared(channel);
    let mut teams = vec![state.team.id.clone()];
    teams.extend(state.foreign_teams(channel));
    json!({
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": !private,
        "is_group": private,
        "is_im": false,
        "is_mpim": false,
        "is_private": private,
        "is_general": channel.name == "general",
        "is_archived": channel.archived,
        "is_member": channel.members.contains(user),
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": false,
        "is_pending_ext_shared": !channel.pending_with.is_empty(),
        "pending_shared": channel.pending_with,
        "pending_connected_team_ids": channel.pending_with,
        "shared_team_ids": teams,
        "context_team_id": state.team.id,
        "created": 1,
        "creator": channel.members.first(),
        "unlinked": 0,
        "updated": 1,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    })
}
