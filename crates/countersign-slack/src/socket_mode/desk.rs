//! What all connections share.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign_engine::ports::{BoxFuture, Clock, Delivery, Ids};
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::census::Census;
use super::dial::DialError;
use super::frame::{Arrival, acknowledgement};
use super::health::Alarm;
use super::{Health, Others, Sink};
use crate::inbound::{immediate, natural_key};

/// Where payloads are handed in, and where it is written down how things are.
pub(super) struct Desk {
    pub(super) sink: Arc<dyn Sink>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    others: Others,
    pub(super) health: watch::Sender<Health>,
    shared: Mutex<Shared>,
}

/// What the desk works with.
pub(super) struct Tools {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) others: Others,
    pub(super) health: watch::Sender<Health>,
}

/// Does a program use the app's token that should not?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strangers {
    None,
    Seen,
}

#[derive(Default)]
struct Shared {
    census: Census,
    /// No connection is opened before this.
    not_before: Option<Instant>,
}

/// A payload that is to be stored.
pub(super) struct Store {
    id: String,
    delivery: Delivery,
    answer: Option<Value>,
}

impl Store {
    /// Bytes, about.
    pub(super) fn size(&self) -> usize {
        self.delivery.payload.len()
    }

    /// Stores it; resolves to its acknowledgement if it may be acknowledged.
    pub(super) fn run(self, desk: Arc<Desk>) -> BoxFuture<'static, Option<String>> {
        Box::pin(async move {
            match desk.sink.accept(self.delivery).await {
                Ok(()) => Some(acknowledgement(&self.id, self.answer.as_ref())),
                Err(error) => {
                    tracing::error!(
                        "socket mode: a payload could not be stored and is not acknowledged: {error}"
                    );
                    desk.failed(format!("a payload could not be stored: {error}"));
                    None
                }
            }
        })
    }
}

impl Desk {
    /// `wanted` connections are to be kept open.
    pub(super) fn new(sink: Arc<dyn Sink>, tools: Tools, wanted: usize) -> Self {
        let Tools { clock, ids, others, health } = tools;
        health.send_modify(|health| health.wanted = wanted);
        Self { sink, clock, ids, others, health, shared: Mutex::default() }
    }

    /// A payload as it came in, by the time that it came in.
    pub(super) fn take(&self, arrival: &Arrival) -> Store {
        let Arrival { id, kind, payload, answerable, retry } = arrival;
        let delivery = Delivery {
            key: natural_key(kind, payload),
            kind: kind.clone(),
            payload: payload.to_string(),
            received_at: self.clock.now(),
            retry: retry.clone(),
        };
        Store { id: id.clone(), delivery, answer: immediate(payload).filter(|_| *answerable) }
    }

    /// A WebSocket is being opened.
    pub(super) fn opening(&self) {
        self.shared(|shared| shared.census.opening());
    }

    /// There is none. If only its handshake failed, Slack may think otherwise for a while.
    pub(super) fn not_opened(&self, error: &DialError) {
        self.shared(|shared| match error {
            DialError::Web(_) => shared.census.gave_up(),
            DialError::Handshake(_) | DialError::TooSlow => shared.census.ended(Instant::now()),
        });
    }

    /// A WebSocket is closed, on which Slack had said hello or not.
    pub(super) fn ended(&self, greeted: bool) {
        self.shared(|shared| shared.census.ended(Instant::now()));
        if greeted {
            self.health.send_modify(|health| health.connected = health.connected.saturating_sub(1));
        }
    }

    /// Slack said hello and counted so many connections of the app, in whatever process.
    pub(super) fn greeted(&self, all: Option<u64>) -> Strangers {
        let ours = self.shared(|shared| shared.census.ours(Instant::now()));
        let others = all.filter(|all| usize::try_from(*all).unwrap_or(usize::MAX) > ours);
        self.health.send_modify(|health| {
            health.connected += 1;
            health.last_error = None;
            health.clear(Alarm::is_about_the_link);
            health.clear(Alarm::is_about_others);
        });
        match others {
            Some(all) if self.others == Others::Strangers => {
                self.alarm(Alarm::OtherInstance { all, ours });
                Strangers::Seen
            }
            _ => Strangers::None,
        }
    }

    /// A frame came in.
    pub(super) fn heard(&self) {
        let now = self.clock.now();
        // Nobody waits for this.
        self.health.send_if_modified(|health| {
            health.last_frame = Some(now);
            false
        });
    }

    pub(super) fn odd_frame(&self, what: &str) {
        tracing::warn!("socket mode: a frame that is none of ours ({what})");
        self.health.send_modify(|health| health.odd_frames = health.odd_frames.saturating_add(1));
    }

    pub(super) fn failed(&self, error: String) {
        self.health.send_modify(|health| health.last_error = Some(error));
    }

    pub(super) fn alarm(&self, alarm: Alarm) {
        tracing::error!("socket mode: {alarm}");
        self.health.send_modify(|health| health.raise(alarm));
    }

    /// Slack wants fewer connections; `true` if one can be spared.
    pub(super) fn spare_one(&self) -> bool {
        self.health.send_if_modified(|health| {
            let spared = health.wanted > 1;
            health.wanted -= usize::from(spared);
            spared
        })
    }

    /// The connection that was spared is wanted again.
    pub(super) fn want_one_more(&self) {
        self.health.send_modify(|health| {
            health.wanted += 1;
            health.clear(|alarm| matches!(alarm, Alarm::TooManyConnections));
        });
    }

    /// No connection is opened for so long, by whomever: what Slack said to one holds for all.
    pub(super) fn hold_off(&self, time: Duration) {
        let until = Instant::now() + time;
        self.shared(|shared| shared.not_before = shared.not_before.max(Some(until)));
    }

    /// Waits until connections may be opened.
    pub(super) async fn may_open(&self) {
        while let Some(at) = self.shared(|shared| shared.not_before).filter(|at| *at > Instant::now()) {
            sleep_until(at).await;
        }
    }

    fn shared<T>(&self, with: impl FnOnce(&mut Shared) -> T) -> T {
        with(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
