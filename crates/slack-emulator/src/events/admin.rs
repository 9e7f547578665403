//! What admins do: sharing channels, people's accounts, user groups, and the app's own installation.

use serde_json::json;

use super::{heard, send};
use crate::render;
use crate::seed::{Channel, Person, UserGroup};
use crate::workspace::tx::Tx;
use crate::workspace::{TeamId, UserId};

/// A channel is shared with another workspace from now on.
pub(crate) fn channel_shared(tx: &mut Tx<'_>, channel: &Channel, with: &TeamId) {
    if heard(tx, &channel.id).is_none() {
        return;
    }
    let event = json!({
        "type": "channel_shared",
        "connected_team_id": with,
        "channel": channel.id,
        "event_ts": tx.next_ts(),
    });
    send(tx, "channel_shared", &event, Some(channel));
}

/// Another workspace is no longer part of a channel.
pub(crate) fn channel_unshared(tx: &mut Tx<'_>, channel: &Channel, with: &TeamId) {
    if heard(tx, &channel.id).is_none() {
        return;
    }
    let event = json!({
        "type": "channel_unshared",
        "previously_connected_team_id": with,
        "channel": channel.id,
        "is_ext_shared": tx.state.is_ext_shared(channel),
        "event_ts": tx.next_ts(),
    });
    send(tx, "channel_unshared", &event, Some(channel));
}

/// A person's account changed. The published sample has no `event_ts`.
pub(crate) fn user_change(tx: &mut Tx<'_>, person: &Person) {
    let known = tx.state.know_each_other(&tx.state.app.bot_user, &person.id);
    if !known {
        return;
    }
    let user = render::person(tx.state, person);
    let event = json!({"type": "user_change", "user": user, "cache_ts": tx.now.as_second()});
    send(tx, "user_change", &event, None);
}

/// People came into a user group or left it; `before` is who was there, and since when (Unix seconds).
pub(crate) fn subteam_members_changed(tx: &mut Tx<'_>, group: &UserGroup, before: (&[UserId], i64)) {
    let (old, since) = before;
    let added: Vec<_> = group.members.iter().filter(|user| !old.contains(user)).collect();
    let removed: Vec<_> = old.iter().filter(|user| !group.members.contains(user)).collect();
    if added.is_empty() && removed.is_empty() {
        return;
    }
    let event = json!({
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": tx.state.team.id,
        "date_previous_update": since,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": added.len(),
        "removed_users": removed,
        "removed_users_count": removed.len(),
        "event_ts": tx.next_ts(),
    });
    send(tx, "subteam_members_changed", &event, None);
}

/// The app is thrown out: its tokens first, then the app itself.
pub(crate) fn app_uninstalled(tx: &mut Tx<'_>) {
    let none: [&str; 0] = [];
    let tokens = json!({"oauth": none, "bot": [tx.state.app.bot_user]});
    send(tx, "tokens_revoked", &json!({"type": "tokens_revoked", "tokens": tokens}), None);
    send(tx, "app_uninstalled", &json!({"type": "app_uninstalled"}), None);
}

/// Slack holds back the app's events. As Slack documents it, there is no inner event and nothing to subscribe to.
pub(crate) fn app_rate_limited(tx: &mut Tx<'_>) {
    let now = tx.now.as_second();
    let notice = json!({
        "token": "verification-token",
        "type": "app_rate_limited",
        "team_id": tx.state.team.id,
        "minute_rate_limited": now - now.rem_euclid(60),
        "api_app_id": tx.state.app.id,
    });
    tx.send_event(notice);
}
