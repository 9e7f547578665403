//! What Slack has no Web API method for: a person uses a slash command, presses a button, submits or closes a modal.
//!
//! Each one builds the payload, hands it to the app, and waits for the acknowledgement, three seconds at most. If the
//! app is not there or not in time, the person sees it, and nothing is repeated.

mod element;
mod modal;
mod press;
mod response_url;
mod slash;

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::delivery::{Answer, Delivery, Outgoing, Pending, RequestKind};
use crate::workspace::tx::Tx;
use crate::workspace::{
    ChannelId, Draft, EphemeralAuthor, Refused, ResponseUrl, State, Ts, UserId, Workspace,
};
pub(crate) use modal::Submitted;
pub(crate) use press::{Place, Press};
pub(crate) use response_url::routes;

/// How long a response URL works.
const RESPONSE_URL_LIFE: SignedDuration = SignedDuration::from_mins(30);

/// Why an interaction came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InteractionError {
    /// The workspace refused it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The app has no such command.
    #[error("The app has no such slash command.")]
    UnknownCommand,
    /// The message or view has no such element.
    #[error("There is no such button or input.")]
    UnknownAction,
    /// A value does not fit its input.
    #[error("The value for {0} does not fit its input.")]
    WrongValue(String),
    /// The app was not there, answered with a failure, or did not acknowledge on its socket in time.
    #[error("The app did not answer within three seconds.")]
    DispatchFailed,
    /// The app did not answer a request over HTTP in time.
    #[error("The app did not answer the request within three seconds.")]
    OperationTimeout,
}

impl InteractionError {
    /// A word for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Refused(refused) => refused.code(),
            Self::UnknownCommand => "invalid_command",
            Self::UnknownAction => "action_not_found",
            Self::WrongValue(_) => "invalid_value",
            Self::DispatchFailed => "dispatch_failed",
            Self::OperationTimeout => "operation_timeout",
        }
    }
}

/// The door for people's interactions.
pub(crate) struct Interactions {
    workspace: Workspace,
    delivery: Arc<dyn Delivery>,
    pending: Pending,
    base_url: String,
}

impl Interactions {
    /// `base_url` is the emulator's address, without a slash at the end.
    pub(crate) fn new(
        workspace: Workspace,
        delivery: Arc<dyn Delivery>,
        pending: Pending,
        base_url: String,
    ) -> Self {
        Self { workspace, delivery, pending, base_url }
    }

    /// Hands a request to the app and waits for its acknowledgement.
    async fn ask(&self, kind: RequestKind, payload: Value) -> Result<Option<Value>, InteractionError> {
        if self.workspace.read(|state| state.installation().uninstalled) {
            return Err(Refused::NotInstalled.into());
        }
        let (answer, answered) = oneshot::channel();
        self.pending.add(1);
        self.delivery.deliver(Outgoing::Request { kind, payload, answer });
        let answered = answered.await;
        self.pending.done();
        match answered {
            Ok(Answer::Acknowledged(payload)) => Ok(payload),
            Ok(Answer::TimedOut) => Err(InteractionError::OperationTimeout),
            Ok(Answer::DispatchFailed) | Err(_) => Err(InteractionError::DispatchFailed),
        }
    }

    /// Tells a person, in the channel, that the app failed.
    async fn tell_failure(&self, (user, channel): (&UserId, &ChannelId), thread: Option<Ts>, text: String) {
        let draft = Draft { text, thread_ts: thread, ..Draft::default() };
        let told =
            self.workspace.commit(|tx| Ok(tx.whisper(EphemeralAuthor::Slack, channel, user, draft))).await;
        if let Err(refused) = told {
            tracing::error!(%refused, "a failure could not be shown");
        }
    }

    /// A link through which the app may answer.
    fn response_url(&self, tx: &mut Tx<'_>, url: ResponseUrl) -> String {
        let key = format!("{}-{}", tx.next_number(), Ts::at(tx.now).micros());
        let link = format!("{}/response/{}/{key}", self.base_url, tx.state.team().id);
        tx.put_response_url(key, url);
        link
    }
}

/// A response URL as it is when new.
fn new_response_url(tx: &Tx<'_>, user: &UserId, channel: &ChannelId) -> ResponseUrl {
    ResponseUrl {
        user: user.clone(),
        channel: channel.clone(),
        thread_ts: None,
        origin: None,
        expires: tx.after(RESPONSE_URL_LIFE),
        uses: 0,
    }
}

/// A member of a channel that takes messages.
fn check_member(state: &State, user: &UserId, channel: &ChannelId) -> Result<(), Refused> {
    let found = state.channel(channel).filter(|found| state.can_see(user, found));
    let found = found.ok_or(Refused::ChannelNotFound)?;
    if found.archived {
        return Err(Refused::IsArchived);
    }
    if found.members.contains(user) { Ok(()) } else { Err(Refused::NotInChannel) }
}

/// The keys that every interaction payload has.
fn envelope(state: &State, kind: &str, user: &UserId) -> Value {
    let person = state.person(user);
    let team_of = person.map_or(&state.team().id, |person| &person.team);
    let name = person.map_or("", |person| person.name.as_str());
    json!({
        "type": kind,
        "team": {"id": state.team().id, "domain": state.team().domain},
        "user": {"id": user, "username": name, "name": name, "team_id": team_of},
        "api_app_id": state.app().id,
        "token": "verification-token",
        "is_enterprise_install": false,
    })
}

fn insert(payload: &mut Value, key: &str, value: Value) {
    if let Some(map) = payload.as_object_mut() {
        map.insert(key.into(), value);
    }
}
