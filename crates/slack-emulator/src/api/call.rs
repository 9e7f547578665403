//! One call of a method, and who calls.

use std::sync::Arc;

use super::args::Args;
use super::reply::ApiError;
use crate::Shared;
use crate::seed::{Channel, ChannelKind};
use crate::workspace::{Author, ChannelId, Refused, State, Ts, UserId, Workspace};

/// A call of a method by somebody who may make it.
pub(super) struct Call {
    pub(super) shared: Arc<Shared>,
    pub(super) caller: Caller,
    pub(super) args: Args,
}

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller {
    /// Nobody's: methods that need none.
    Nobody,
    /// `xoxb-…`
    Bot(UserId),
    /// `xoxp-…`
    Person(UserId),
    /// `xapp-…`
    App,
}

impl Caller {
    /// A name for counting calls.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Nobody => String::new(),
            Self::Bot(user) | Self::Person(user) => user.to_string(),
            Self::App => "app".into(),
        }
    }
}

impl Call {
    pub(super) fn workspace(&self) -> &Workspace {
        &self.shared.workspace
    }

    /// The account behind the token.
    pub(super) fn user(&self) -> UserId {
        match &self.caller {
            Caller::Bot(user) | Caller::Person(user) => user.clone(),
            Caller::App | Caller::Nobody => UserId::new(""),
        }
    }

    pub(super) fn author(&self) -> Author {
        match &self.caller {
            Caller::Person(user) => Author::Person(user.clone()),
            Caller::Bot(_) | Caller::App | Caller::Nobody => Author::App,
        }
    }

    pub(super) fn is_person(&self) -> bool {
        matches!(self.caller, Caller::Person(_))
    }

    /// Refuses a bot token that lacks a scope. People's tokens may do what people may.
    pub(super) fn need_scope(&self, scope: &str) -> Result<(), ApiError> {
        let lacking = matches!(self.caller, Caller::Bot(_))
            && self.workspace().read(|state| !state.installation().has_scope(scope));
        if lacking { Err(ApiError::missing_scope(scope)) } else { Ok(()) }
    }

    /// A required text; the dispatcher has checked that it is there.
    pub(super) fn required(&self, key: &str) -> Result<&str, ApiError> {
        self.args
            .text(key)
            .ok_or_else(|| ApiError::invalid_arguments(format!("The argument {key} must be a text.")))
    }

    /// A required timestamp.
    pub(super) fn required_ts(&self, key: &str, code: &str) -> Result<Ts, ApiError> {
        self.args.ts(key, code)?.ok_or_else(|| ApiError::new(code))
    }

    /// The channel that the argument names, if the caller can see it.
    pub(super) fn channel(&self, key: &str) -> Result<Channel, ApiError> {
        let id = ChannelId::new(self.required(key)?);
        let user = self.user();
        self.workspace().read(|state| visible(state, &user, &id).cloned())
    }
}

/// A channel that `user` can see.
fn visible<'a>(state: &'a State, user: &UserId, id: &ChannelId) -> Result<&'a Channel, ApiError> {
    let found = state.channel(id).filter(|channel| state.can_see(user, channel));
    found.ok_or_else(|| Refused::ChannelNotFound.into())
}

/// The scope that reading a kind of channel needs: `channels:read`, `groups:history`, ….
pub(super) fn channel_scope(kind: ChannelKind, what: &str) -> String {
    let family = match kind {
        ChannelKind::Public => "channels",
        ChannelKind::Private => "groups",
        ChannelKind::Direct => "im",
    };
    format!("{family}:{what}")
}
