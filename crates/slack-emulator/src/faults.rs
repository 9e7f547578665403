//! What goes wrong on purpose in the Web API.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::clock::Clock;

/// A fault of one method. `delay_ms` comes first and goes with any of the others; of `error`, `retry_after`, `status`
/// and `hang` one is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ApiFault {
    /// A method's name, or `*`.
    pub(crate) method: String,
    /// Only calls with tokens that begin like this: `xoxb-` for the bot's.
    pub(crate) token: Option<String>,
    /// How many calls it spoils; without it, every call until the faults are cleared.
    pub(crate) times: Option<u32>,
    /// Waits so many milliseconds.
    pub(crate) delay_ms: u32,
    /// Answers `{"ok": false, "error": …}`.
    pub(crate) error: Option<String>,
    /// Answers 429 with this many seconds in `Retry-After`.
    pub(crate) retry_after: Option<u32>,
    /// Answers this HTTP status, with `body`.
    pub(crate) status: Option<u16>,
    /// The body of a `status` answer.
    pub(crate) body: String,
    /// Never answers.
    pub(crate) hang: bool,
    /// Does the method's work first.
    pub(crate) after_work: bool,
}

/// The faults that are active.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    api: Mutex<Vec<ApiFault>>,
    /// By how many seconds the header `Date` is wrong.
    date_off: AtomicI64,
}

/// What a fault does before the method's work.
pub(crate) enum Before {
    /// It answers instead.
    Answer(Response),
    /// The work is done.
    Proceed(Then),
}

/// What a fault does after the method's work.
pub(crate) struct Then(Option<ApiFault>);

impl Faults {
    pub(crate) fn add(&self, faults: Vec<ApiFault>) {
        self.lock().extend(faults);
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
        self.set_date_off(0);
    }

    pub(crate) fn set_date_off(&self, seconds: i64) {
        self.date_off.store(seconds, Ordering::Relaxed);
    }

    /// The header `Date` at `now` (UTC).
    pub(crate) fn date(&self, now: Timestamp) -> Option<HeaderValue> {
        let off = SignedDuration::from_secs(self.date_off.load(Ordering::Relaxed));
        let date =
            rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now.checked_add(off).ok()?).ok()?;
        HeaderValue::from_str(&date).ok()
    }

    pub(crate) fn active(&self) -> Vec<ApiFault> {
        self.lock().clone()
    }

    /// Applies the first fault that is meant for this call: a method, and the token that it is called with.
    pub(crate) async fn before(&self, call: (&str, &str), clock: &Arc<dyn Clock>) -> Before {
        let Some(fault) = self.take(call) else { return Before::Proceed(Then(None)) };
        if fault.delay_ms > 0 {
            let wait = SignedDuration::from_millis(i64::from(fault.delay_ms));
            let now = clock.now();
            clock.sleep_until(now.saturating_add(wait).unwrap_or(now)).await;
        }
        if fault.after_work {
            return Before::Proceed(Then(Some(fault)));
        }
        match fault.spoil().await {
            Some(response) => Before::Answer(response),
            None => Before::Proceed(Then(None)),
        }
    }

    fn take(&self, call: (&str, &str)) -> Option<ApiFault> {
        let mut faults = self.lock();
        let place = faults.iter().position(|fault| fault.is_meant_for(call))?;
        let fault = faults.get_mut(place)?;
        let taken = fault.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                faults.remove(place);
            }
        }
        Some(taken)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<ApiFault>> {
        self.api.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Then {
    /// The answer that goes out.
    pub(crate) async fn finish(self, response: Response) -> Response {
        match self.0 {
            Some(fault) => match fault.spoil().await {
                Some(spoiled) => spoiled,
                // "Do the work, then time out" is the plain meaning of after_work alone.
                None => std::future::pending().await,
            },
            None => response,
        }
    }
}

impl ApiFault {
    fn is_meant_for(&self, (method, token): (&str, &str)) -> bool {
        (self.method == "*" || self.method == method)
            && self.token.as_ref().is_none_or(|start| token.starts_with(start))
    }

    async fn spoil(&self) -> Option<Response> {
        if self.hang {
            return std::future::pending().await;
        }
        if let Some(seconds) = self.retry_after {
            let body = axum::Json(json!({"ok": false, "error": "ratelimited"}));
            let mut response = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            return Some(response);
        }
        if let Some(status) = self.status {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let html = HeaderValue::from_static("text/html");
            return Some((status, [(CONTENT_TYPE, html)], self.body.clone()).into_response());
        }
        let error = self.error.as_ref()?;
        Some(axum::Json(json!({"ok": false, "error": error})).into_response())
    }
}
