//! Signed requests over HTTP: the Events API, slash commands and interactions, when the app has URLs instead of sockets.
//!
//! - [`courier`]: an event until it is taken: at once, and after a failure at once again, after a minute, after five
//! - [`request`]: what a request consists of, and its signature
//! - [`client`]: one exchange with the app: the deadline, redirects, and how it can fail
//! - [`verify`]: the challenge that a new URL must echo
//! - [`faults`]: what goes wrong on purpose

mod answer;
mod client;
mod courier;
mod faults;
mod request;
mod verify;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;

use crate::clock::Clock;
use crate::delivery::{Answer, Delivery, Outgoing, Pending, RequestKind, RequestUrls};
use crate::seed::Token;
use client::Client;
pub(crate) use faults::HttpFaults;

/// How many requests are under way at once.
const MAX_UNDER_WAY: usize = 64;

/// The app's URLs, and what is on its way to them.
#[derive(Clone)]
pub(crate) struct Http(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    client: Client,
    signing_secret: Token,
    pending: Pending,
    done: mpsc::UnboundedSender<u64>,
    under_way: Semaphore,
    urls: Mutex<Option<RequestUrls>>,
    faults: Mutex<HttpFaults>,
    /// Events by their places in the outbox. Whoever takes one out of here ends it.
    events: Mutex<BTreeMap<u64, Flight>>,
}

struct Flight {
    payload: Value,
    task: Option<AbortHandle>,
}

/// What the way over HTTP is made of.
pub(crate) struct Parts {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) signing_secret: Token,
    pub(crate) pending: Pending,
    /// Gets the outbox place of each event that needs no further delivery.
    pub(crate) done: mpsc::UnboundedSender<u64>,
}

impl Http {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            clock: parts.clock,
            client: Client::new(),
            signing_secret: parts.signing_secret,
            pending: parts.pending,
            done: parts.done,
            under_way: Semaphore::new(MAX_UNDER_WAY),
            urls: Mutex::new(None),
            faults: Mutex::default(),
            events: Mutex::default(),
        }))
    }

    /// Sends to these URLs from the next attempt on.
    pub(crate) fn send_to(&self, urls: RequestUrls) {
        *lock(&self.0.urls) = Some(urls);
    }

    /// Makes something go wrong.
    pub(crate) fn fault(&self, wanted: &HttpFaults) {
        lock(&self.0.faults).add(wanted);
    }

    /// Ends every fault.
    pub(crate) fn clear_faults(&self) {
        *lock(&self.0.faults) = HttpFaults::default();
    }

    /// How many requests wait for the app's answer.
    pub(crate) fn under_way(&self) -> usize {
        MAX_UNDER_WAY.saturating_sub(self.0.under_way.available_permits())
    }

    /// Takes every event that the app has not taken, oldest first.
    pub(crate) fn take_events(&self) -> Vec<(u64, Value)> {
        let events = std::mem::take(&mut *lock(&self.0.events));
        events
            .into_iter()
            .map(|(seq, flight)| {
                flight.task.iter().for_each(AbortHandle::abort);
                (seq, flight.payload)
            })
            .collect()
    }

    /// Delivers none of the events that wait.
    pub(crate) fn forget_events(&self) {
        for (seq, _) in self.take_events() {
            self.0.finish(seq);
        }
    }

    /// Sends nothing any more; what was not taken stays in the outbox.
    pub(crate) fn stop(&self) {
        drop(self.take_events());
    }
}

impl Delivery for Http {
    fn deliver(&self, outgoing: Outgoing) {
        let inner = Arc::clone(&self.0);
        match outgoing {
            Outgoing::Event { seq, payload } => {
                let mut events = lock(&self.0.events);
                events.insert(seq, Flight { payload: payload.clone(), task: None });
                let task = tokio::spawn(async move { inner.carry(seq, payload).await }).abort_handle();
                if let Some(flight) = events.get_mut(&seq) {
                    flight.task = Some(task);
                }
            }
            Outgoing::Request { kind, payload, answer } => {
                tokio::spawn(async move {
                    let _ = answer.send(inner.ask(kind, &payload).await);
                });
            }
        }
    }
}

impl Inner {
    /// Ends an event.
    fn finish(&self, seq: u64) {
        let _ = self.done.send(seq);
        self.pending.done();
    }

    /// Sends a slash command or an interaction, once.
    async fn ask(&self, kind: RequestKind, payload: &Value) -> Answer {
        let Some(urls) = lock(&self.urls).clone() else { return Answer::DispatchFailed };
        let (url, form) = match kind {
            RequestKind::SlashCommand => (urls.command_url, request::fields(payload)),
            RequestKind::Interactive => (urls.interactivity_url, request::payload_field(payload)),
        };
        let content = request::Content::form(form);
        let taken = self.exchange(&url.unwrap_or(urls.url), &content, None).await;
        answer::of(kind, taken)
    }
}

/// Each lock is held for a few lines that cannot fail half way.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
