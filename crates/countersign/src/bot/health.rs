//! Is the bot well? For supervisors, load balancers and people.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use countersign_engine::ports::Inbox;
use countersign_slack::http::Receiver;
use serde::Serialize;
use tokio::time::timeout;

use super::listening::Ear;
use super::notices::Notices;

/// A ledger that takes longer does not answer.
const ANSWER: Duration = Duration::from_secs(2);
/// A key that no delivery has: marking it as done goes all the way to the disk and changes nothing.
const NO_DELIVERY: &str = "health";

/// How the bot is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Does it hear, and can it work?
    pub healthy: bool,
    /// Why it does not, as sentences.
    pub problems: Vec<String>,
    /// What somebody has to do something about, though it works.
    pub warnings: Vec<String>,
    /// Socket Mode's connections, where it is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub socket_mode: Option<Sockets>,
    /// Requests over HTTP since the start, where they are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<Requests>,
    /// How often something unknown came, by its kind.
    pub unknown: BTreeMap<String, u64>,
}

/// Socket Mode's connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sockets {
    /// On which Slack has said hello.
    pub connected: usize,
    /// To be kept open.
    pub wanted: usize,
}

/// Requests since the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// Stored, or known already.
    pub stored: u64,
    /// Without a signature that holds.
    pub refused: u64,
    /// Left for Slack to send again.
    pub turned_away: u64,
}

/// Where it is seen how the bot is.
pub(super) struct Vitals {
    inbox: Arc<dyn Inbox>,
    notices: Arc<Notices>,
    ear: Mutex<Option<Ear>>,
    receiver: Mutex<Option<Arc<Receiver>>>,
}

impl Vitals {
    pub(super) fn new(inbox: Arc<dyn Inbox>, notices: Arc<Notices>) -> Self {
        Self { inbox, notices, ear: Mutex::default(), receiver: Mutex::default() }
    }

    /// Socket Mode is on; an ear from before is not listened with any more.
    pub(super) fn listens_with(&self, ear: Ear) {
        *self.ear.lock().unwrap_or_else(PoisonError::into_inner) = Some(ear);
    }

    /// Requests are taken over HTTP.
    pub(super) fn receives_with(&self, receiver: Arc<Receiver>) {
        *self.receiver.lock().unwrap_or_else(PoisonError::into_inner) = Some(receiver);
    }

    pub(super) fn ear(&self) -> Option<Ear> {
        self.ear.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks now.
    pub(super) async fn look(&self) -> Health {
        let mut problems: Vec<String> = self.notices.gone().into_iter().map(str::to_owned).collect();
        let mut warnings: Vec<String> = self.notices.limited().into_iter().map(str::to_owned).collect();
        let receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let socket_mode = self.ear().map(|ear| ear.health());
        if let Some(health) = &socket_mode {
            warnings.extend(health.alarms.iter().map(ToString::to_string));
            let deaf = health.connected == 0;
            let why = health.last_error.as_deref().unwrap_or("none was opened yet");
            let sentence = format!("no connection of Socket Mode stands: {why}");
            match deaf && receiver.is_none() {
                true => problems.push(sentence),
                false => warnings.extend(deaf.then_some(sentence)),
            }
        }
        problems.extend(self.ledger_problem().await);
        Health {
            healthy: problems.is_empty(),
            problems,
            warnings,
            socket_mode: socket_mode
                .map(|health| Sockets { connected: health.connected, wanted: health.wanted }),
            http: receiver.map(|receiver| requests(&receiver)),
            unknown: self.notices.unknown(),
        }
    }

    async fn ledger_problem(&self) -> Option<String> {
        match timeout(ANSWER, self.inbox.done(NO_DELIVERY)).await {
            Ok(Ok(())) => None,
            // The cause may name files: it is for the log.
            Ok(Err(error)) => {
                let cause = countersign_engine::causes::line(&error);
                tracing::error!(cause, "the ledger does not answer");
                Some("the ledger does not answer; the log says why".to_owned())
            }
            Err(_) => Some("the ledger does not answer in time".to_owned()),
        }
    }
}

fn requests(receiver: &Receiver) -> Requests {
    let counts = receiver.counts();
    Requests { stored: counts.stored, refused: counts.refused, turned_away: counts.turned_away }
}

/// `GET /healthz`: 200 while all is well, and else 503, with [`Health`] as JSON.
pub(super) fn router(vitals: Arc<Vitals>) -> Router {
    let look = |State(vitals): State<Arc<Vitals>>| async move {
        let health = vitals.look().await;
        let status = if health.healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        (status, Json(health))
    };
    Router::new().route("/healthz", get(look)).with_state(vitals)
}
