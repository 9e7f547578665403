//! What admins do: people, user groups, shared channels, and the app's installation.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, State};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Map, json};

use super::{Body, finish, one, refuse, unreadable};
use crate::Shared;
use crate::interaction::InteractionError;
use crate::seed::{Role, Token};
use crate::workspace::{ChannelId, PersonChange, Refused, Sharing, TeamId, UserId};

/// The routes of admins.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/emulator/kick", post(kick))
        .route("/emulator/share_channel", post(share_channel))
        .route("/emulator/unshare_channel", post(unshare_channel))
        .route("/emulator/set_person", post(set_person))
        .route("/emulator/set_usergroup", post(set_usergroup))
        .route("/emulator/uninstall_app", post(uninstall_app))
        .route("/emulator/rate_limit_events", post(rate_limit_events))
        .route("/emulator/rotate_token", post(rotate_token))
        .route("/emulator/scopes", post(scopes))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kick {
    channel: ChannelId,
    user: UserId,
}

async fn kick(State(shared): State<Arc<Shared>>, body: Body<Kick>) -> Response {
    match body {
        Ok(Json(body)) => done(shared.workspace.kick(&body.channel, &body.user).await.map(drop)),
        Err(wrong) => unreadable(&wrong),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareChannel {
    channel: ChannelId,
    with: TeamId,
    #[serde(default)]
    pending: bool,
}

async fn share_channel(State(shared): State<Arc<Shared>>, body: Body<ShareChannel>) -> Response {
    let body = match body {
        Ok(Json(body)) => body,
        Err(wrong) => return unreadable(&wrong),
    };
    let how = if body.pending { Sharing::Pending } else { Sharing::Accepted };
    done(shared.workspace.share(&body.channel, &body.with, how).await.map(drop))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnshareChannel {
    channel: ChannelId,
    with: Option<TeamId>,
}

async fn unshare_channel(State(shared): State<Arc<Shared>>, body: Body<UnshareChannel>) -> Response {
    match body {
        Ok(Json(body)) => done(shared.workspace.unshare(&body.channel, body.with.as_ref()).await.map(drop)),
        Err(wrong) => unreadable(&wrong),
    }
}

/// The keys are those of Slack's user object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetPerson {
    user: UserId,
    deleted: Option<bool>,
    is_admin: Option<bool>,
    is_restricted: Option<bool>,
    is_ultra_restricted: Option<bool>,
    real_name: Option<String>,
    title: Option<String>,
    email: Option<String>,
}

async fn set_person(State(shared): State<Arc<Shared>>, body: Body<SetPerson>) -> Response {
    let body = match body {
        Ok(Json(body)) => body,
        Err(wrong) => return unreadable(&wrong),
    };
    let Ok(role) = body.role() else {
        return refuse("invalid_arguments", "A person is an admin or a guest, not both.");
    };
    let change = PersonChange {
        deactivated: body.deleted,
        role,
        real_name: body.real_name,
        title: body.title,
        email: body.email,
    };
    done(shared.workspace.set_person(&body.user, change).await.map(drop))
}

/// Two flags that no account has together.
struct Contradiction;

impl SetPerson {
    /// The role that the flags amount to; `None` when none is given.
    fn role(&self) -> Result<Option<Role>, Contradiction> {
        let guest = match (self.is_restricted, self.is_ultra_restricted) {
            (Some(false), Some(true)) => return Err(Contradiction),
            (_, Some(true)) => Some(Role::SingleChannelGuest),
            (Some(true), _) => Some(Role::Guest),
            (None, None) => None,
            _ => Some(Role::Member),
        };
        match (self.is_admin, guest) {
            (Some(true), Some(Role::Guest | Role::SingleChannelGuest)) => Err(Contradiction),
            (Some(true), _) => Ok(Some(Role::Admin)),
            (Some(false), None) => Ok(Some(Role::Member)),
            (_, guest) => Ok(guest),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetUserGroup {
    usergroup: String,
    users: Vec<UserId>,
}

async fn set_usergroup(State(shared): State<Arc<Shared>>, body: Body<SetUserGroup>) -> Response {
    match body {
        Ok(Json(body)) => done(shared.workspace.set_usergroup(&body.usergroup, body.users).await),
        Err(wrong) => unreadable(&wrong),
    }
}

async fn uninstall_app(State(shared): State<Arc<Shared>>) -> Response {
    done(shared.workspace.uninstall_app().await)
}

async fn rate_limit_events(State(shared): State<Arc<Shared>>) -> Response {
    done(shared.workspace.rate_limit_events().await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RotateToken {
    bot_token: Token,
}

async fn rotate_token(State(shared): State<Arc<Shared>>, body: Body<RotateToken>) -> Response {
    match body {
        Ok(Json(body)) => done(shared.workspace.rotate_token(body.bot_token).await),
        Err(wrong) => unreadable(&wrong),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scopes {
    bot: Option<Vec<String>>,
}

/// Sets the scopes if any are given, and answers with those that there are.
async fn scopes(State(shared): State<Arc<Shared>>, body: Body<Scopes>) -> Response {
    let body = match body {
        Ok(Json(body)) => body,
        Err(wrong) => return unreadable(&wrong),
    };
    if let Some(scopes) = body.bot
        && let Err(refused) = shared.workspace.set_scopes(scopes).await
    {
        return done(Err(refused));
    }
    let now = shared.workspace.read(|state| state.installation().scopes.clone());
    finish(Ok(one("bot", json!(now))))
}

fn done(result: Result<(), Refused>) -> Response {
    finish(result.map(|()| Map::new()).map_err(InteractionError::from))
}
