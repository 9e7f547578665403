//! People, their groups, and what one person alone sees.

use countersign_core::ids::{UserId, UsergroupId};
use serde_json::{Value, json};

use super::call::{Call, Repeat};
use super::methods::unreadable;
use super::{WebApi, WebError};

impl WebApi {
    /// `users.info`: the user object.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn user(&self, user: &UserId) -> Result<Value, WebError> {
        let call = Call::new("users.info", Repeat::Harmless).arg("user", user.as_str());
        let mut answer = self.call(&call).await?;
        match answer.pointer_mut("/user") {
            Some(user) => Ok(user.take()),
            None => Err(unreadable(&call, "it holds no user")),
        }
    }

    /// `usergroups.users.list`: everyone in a user group; Slack knows none that is switched off.
    ///
    /// # Errors
    /// All of [`WebError`]; `Unreadable` when a member is none, since a list with a hole in it is no list.
    pub async fn usergroup(&self, usergroup: &UsergroupId) -> Result<Vec<UserId>, WebError> {
        let call = Call::new("usergroups.users.list", Repeat::Harmless)
            .arg("usergroup", usergroup.as_str())
            .arg("include_disabled", "false");
        let answer = self.call(&call).await?;
        users(&call, &answer, "/users")
    }

    /// `views.open`: shows a dialog to the person behind `trigger`, within three seconds of their act.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn open_view(&self, trigger: &str, view: &Value) -> Result<(), WebError> {
        let call = Call::new("views.open", Repeat::Harmful).arg("trigger_id", trigger).json("view", view);
        self.call(&call).await.map(drop)
    }

    /// `views.publish`: the app's home as one person sees it.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn publish_home(&self, user: &UserId, blocks: &Value) -> Result<(), WebError> {
        let view = json!({"type": "home", "blocks": blocks});
        let call =
            Call::new("views.publish", Repeat::Harmless).arg("user_id", user.as_str()).json("view", &view);
        self.call(&call).await.map(drop)
    }
}

/// All users of a list.
pub(super) fn users(call: &Call, answer: &Value, pointer: &str) -> Result<Vec<UserId>, WebError> {
    let users = answer.pointer(pointer).and_then(Value::as_array);
    let ids = users.and_then(|users| {
        users.iter().map(|user| user.as_str().filter(|id| !id.is_empty()).map(UserId::new)).collect()
    });
    ids.ok_or_else(|| unreadable(call, "it holds no list of users"))
}
