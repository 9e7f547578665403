//! What goes wrong on purpose on the way to the app's URLs.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use super::request::{Content, SIGNATURE, TIMESTAMP};
use super::{Http, lock};

/// How far a spoiled timestamp is off, in seconds; Slack's own clients refuse from 300 on.
const OFF_BY: i64 = 600;

/// How many of the next requests go wrong, in which way.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct HttpFaults {
    /// Events are sent twice at once, in one attempt.
    deliver_twice: u32,
    /// The signature is that of another secret.
    bad_signature: u32,
    /// There is no signature.
    no_signature: u32,
    /// The request is well signed, for a moment that is ten minutes past.
    stale_timestamp: u32,
    /// The request is well signed, for a moment that is ten minutes ahead.
    future_timestamp: u32,
    /// The app's answer is lost: it counts as a timeout, though the app did its work.
    lose_answer: u32,
    /// Sent at once; what the app says to it comes back.
    pub(crate) raw: Option<Raw>,
}

/// Something to send as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Raw {
    body: String,
    content_type: Option<String>,
    /// Signed unless this says `false`.
    signed: Option<bool>,
    /// More headers, or others in place of Slack's.
    headers: BTreeMap<String, String>,
}

/// How one request is spoiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoil {
    Nothing,
    BadSignature,
    NoSignature,
    Stale,
    Future,
    LoseAnswer,
}

impl HttpFaults {
    pub(super) fn add(&mut self, more: &Self) {
        self.deliver_twice = self.deliver_twice.saturating_add(more.deliver_twice);
        self.bad_signature = self.bad_signature.saturating_add(more.bad_signature);
        self.no_signature = self.no_signature.saturating_add(more.no_signature);
        self.stale_timestamp = self.stale_timestamp.saturating_add(more.stale_timestamp);
        self.future_timestamp = self.future_timestamp.saturating_add(more.future_timestamp);
        self.lose_answer = self.lose_answer.saturating_add(more.lose_answer);
    }

    pub(super) fn take_twice(&mut self) -> bool {
        take(&mut self.deliver_twice)
    }

    pub(super) fn take_spoil(&mut self) -> Spoil {
        let counts = [
            (&mut self.bad_signature, Spoil::BadSignature),
            (&mut self.no_signature, Spoil::NoSignature),
            (&mut self.stale_timestamp, Spoil::Stale),
            (&mut self.future_timestamp, Spoil::Future),
            (&mut self.lose_answer, Spoil::LoseAnswer),
        ];
        counts.into_iter().find_map(|(count, spoil)| take(count).then_some(spoil)).unwrap_or(Spoil::Nothing)
    }
}

fn take(count: &mut u32) -> bool {
    let there = *count > 0;
    *count = count.saturating_sub(1);
    there
}

impl Spoil {
    /// The moment that is signed.
    pub(super) fn timestamp(self, now: i64) -> i64 {
        match self {
            Self::Stale => now - OFF_BY,
            Self::Future => now + OFF_BY,
            _ => now,
        }
    }

    pub(super) fn headers(self, headers: &mut HeaderMap) {
        match self {
            Self::BadSignature => {
                headers.insert(SIGNATURE, HeaderValue::from_static(WRONG));
            }
            Self::NoSignature => {
                headers.remove(SIGNATURE);
                headers.remove(TIMESTAMP);
            }
            _ => {}
        }
    }

    pub(super) fn loses_answer(self) -> bool {
        self == Self::LoseAnswer
    }
}

/// A signature in the right form that fits nothing.
const WRONG: &str = "v0=0000000000000000000000000000000000000000000000000000000000000000";

impl Http {
    /// Sends something as it is to the events' URL; what the app answered, or why it did not.
    pub(crate) async fn raw(&self, raw: Raw) -> Value {
        let Some(urls) = lock(&self.0.urls).clone() else {
            return json!({"reason": "The app has no URL; set one with POST /emulator/transport."});
        };
        let kind = raw.content_type.as_deref().unwrap_or("application/json");
        let Ok(kind) = HeaderValue::from_str(kind) else {
            return json!({"reason": "content_type cannot stand in a header."});
        };
        let content = Content::raw(kind, raw.body);
        let mut headers = match raw.signed {
            Some(false) => content.plain(),
            _ => content.signed(&self.0.signing_secret, self.0.clock.now().as_second()),
        };
        for (name, value) in &raw.headers {
            let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) else {
                return json!({"reason": format!("{name} cannot be a header.")});
            };
            headers.insert(name, value);
        }
        match self.0.client.send(&urls.url, (headers, &content), &*self.0.clock).await {
            Ok(taken) => {
                json!({"status": taken.status.as_u16(), "body": String::from_utf8_lossy(&taken.body)})
            }
            Err(failure) => json!({"status": failure.status(), "reason": failure.reason()}),
        }
    }
}
