//! One request, from its head to its answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use countersign_engine::ports::{Cause, Clock, Delivery, Retry};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::content::{Content, Payload};
use super::signature::Claim;
use super::{SigningSecrets, answer, body, content};
use crate::inbound::{immediate, natural_key};
use crate::payload::short;
use crate::socket_mode::Sink;

/// Slack gives up after three seconds; our answer needs a part of them for its way.
const DEADLINE: Duration = Duration::from_millis(2500);
/// Payloads that are being stored at once; one more is turned away.
const MOST_IN_HAND: usize = 1024;
/// No word of Slack's for why it tries again is longer.
const LONGEST_REASON: usize = 60;

/// Takes Slack's requests.
pub struct Receiver {
    sink: Arc<dyn Sink>,
    clock: Arc<dyn Clock>,
    secrets: Arc<SigningSecrets>,
    in_hand: Arc<Semaphore>,
    stored: AtomicU64,
    refused: AtomicU64,
    turned_away: AtomicU64,
}

/// What became of the requests so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Stored, or known already.
    pub stored: u64,
    /// Without a signature that holds.
    pub refused: u64,
    /// Being stored now.
    pub in_hand: usize,
    /// Too many, or not stored in time: Slack sends them again.
    pub turned_away: u64,
}

impl Receiver {
    /// Stores into `sink` what is signed with one of `secrets`, by the time of `clock`.
    pub fn new(sink: Arc<dyn Sink>, secrets: Arc<SigningSecrets>, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            sink,
            clock,
            secrets,
            in_hand: Arc::new(Semaphore::new(MOST_IN_HAND)),
            stored: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            turned_away: AtomicU64::new(0),
        })
    }

    /// What became of the requests so far.
    pub fn counts(&self) -> Counts {
        Counts {
            stored: self.stored.load(Ordering::Relaxed),
            in_hand: MOST_IN_HAND.saturating_sub(self.in_hand.available_permits()),
            refused: self.refused.load(Ordering::Relaxed),
            turned_away: self.turned_away.load(Ordering::Relaxed),
        }
    }

    /// Resolves once nothing is being stored.
    pub async fn settled(&self) {
        let all = u32::try_from(MOST_IN_HAND).unwrap_or(u32::MAX);
        // The semaphore is never closed.
        let _ = self.in_hand.acquire_many(all).await;
    }

    pub(super) async fn receive(self: &Arc<Self>, request: Request) -> Response {
        let deadline = Instant::now() + DEADLINE;
        let (head, body) = request.into_parts();
        // Whoever cannot sign does not even have a body read.
        let Some(claim) = Claim::read(&head.headers).filter(|claim| claim.is_fresh(self.clock.now())) else {
            return self.refuse("without a signature of these minutes");
        };
        let body = match body::read(&head.headers, body, deadline).await {
            Ok(body) => body,
            Err(why) => return answer::no_body(why),
        };
        if !self.secrets.accept(&claim, &body, self.clock.now()) {
            return self.refuse("with a signature that does not hold");
        }
        match content::read(&head.headers, body) {
            Ok(Content::SslCheck) => answer::stored(None),
            Ok(Content::Challenge(text)) => answer::challenge(text),
            Ok(Content::Payload(payload)) => self.store(payload, retry(&head.headers), deadline).await,
            Err(_) => answer::unreadable(),
        }
    }

    async fn store(self: &Arc<Self>, payload: Payload, retry: Option<Retry>, deadline: Instant) -> Response {
        let Ok(permit) = Arc::clone(&self.in_hand).try_acquire_owned() else {
            return self.turn_away("there are too many at once");
        };
        let Payload { kind, json, text } = payload;
        let key = natural_key(kind, &json);
        let with = immediate(&json);
        drop(json);
        let received_at = self.clock.now();
        let delivery = Delivery { key, kind: kind.to_owned(), payload: text, received_at, retry };
        // In a task of its own: it must end, also when Slack hangs up or the deadline passes.
        let storing = tokio::spawn(accept(Arc::clone(&self.sink), delivery, permit));
        match timeout_at(deadline, storing).await {
            Ok(Ok(Ok(()))) => {
                self.stored.fetch_add(1, Ordering::Relaxed);
                answer::stored(with)
            }
            Ok(Ok(Err(error))) => {
                let cause = countersign_engine::causes::line(&*error);
                tracing::error!(cause, "http: a request could not be stored; Slack sends it again");
                self.turn_away("it could not be stored")
            }
            Ok(Err(broken)) => {
                tracing::error!(%broken, "http: storing a request broke; Slack sends it again");
                self.turn_away("storing it broke")
            }
            Err(_) => self.turn_away("it was not stored in time"),
        }
    }

    /// Anybody can send rubbish: the log is told of the first, the second, the fourth and so on.
    fn refuse(&self, why: &str) -> Response {
        let count = self.refused.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_power_of_two() {
            tracing::warn!(
                count,
                "http: a request {why} was refused; if Slack sent it, check the signing secret and this machine's clock"
            );
        }
        answer::refused()
    }

    fn turn_away(&self, why: &str) -> Response {
        let count = self.turned_away.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_power_of_two() {
            tracing::warn!(count, "http: a request was turned away, {why}; Slack sends it again");
        }
        answer::busy()
    }
}

async fn accept(sink: Arc<dyn Sink>, delivery: Delivery, permit: OwnedSemaphorePermit) -> Result<(), Cause> {
    let accepted = sink.accept(delivery).await;
    drop(permit);
    accepted
}

/// What Slack says about a delivery that is not the first.
fn retry(headers: &HeaderMap) -> Option<Retry> {
    let text = |name| headers.get(name)?.to_str().ok();
    let number = text("x-slack-retry-num")?.parse().ok().filter(|number| *number > 0)?;
    Some(Retry { number, reason: short(text("x-slack-retry-reason").unwrap_or_default(), LONGEST_REASON) })
}
