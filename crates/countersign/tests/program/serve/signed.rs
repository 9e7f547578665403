//! Requests as Slack signs them.

use countersign_engine::ports::Clock as _;
use countersign_engine::system::SystemClock;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::Sha256;

use super::office::SECRET;

/// Sends Slack's requests to a program.
#[derive(Clone)]
pub struct Slack {
    http: reqwest::Client,
    url: String,
    secret: String,
}

impl Slack {
    pub fn to(url: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, url: url.to_owned(), secret: SECRET.to_owned() }
    }

    pub fn signing_with(&self, secret: &str) -> Self {
        Self { secret: secret.to_owned(), ..self.clone() }
    }

    /// A signed request, which has not been sent.
    pub fn signed(&self, body: &str) -> RequestBuilder {
        let seconds = SystemClock.now().as_second().to_string();
        let key = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        let mac = key.chain_update(format!("v0:{seconds}:{body}")).finalize();
        let request = self.http.post(&self.url).header("x-slack-request-timestamp", seconds);
        let request = request.header("x-slack-signature", format!("v0={}", hex::encode(mac.into_bytes())));
        request.body(body.to_owned())
    }

    /// Sends an event; what is answered, if anything is.
    pub async fn tries(&self, event: &Value) -> Option<u16> {
        let request = self.signed(&event.to_string()).header("content-type", "application/json");
        request.send().await.ok().map(|answer| answer.status().as_u16())
    }

    /// Sends an event, which is taken.
    pub async fn sends(&self, event: &Value) {
        assert_eq!(self.tries(event).await, Some(200));
    }

    /// Sends a form.
    pub async fn form(&self, fields: &[(&str, &str)]) -> Response {
        let body = self.http.post("http://x").form(fields).build().unwrap();
        let body = String::from_utf8(body.body().unwrap().as_bytes().unwrap().to_vec()).unwrap();
        let request = self.signed(&body).header("content-type", "application/x-www-form-urlencoded");
        request.send().await.unwrap()
    }
}

/// The wrapper of an event.
pub fn callback(id: &str, event: &Value) -> Value {
    json!({"type": "event_callback", "team_id": "T0DEMO", "api_app_id": "A0BACKOFFICE",
        "event_id": id, "event_time": 1_800_000_000, "event": event})
}

/// Somebody said something in a channel, in the words of one of the two events about it.
pub fn said(kind: &str, (user, channel, ts): (&str, &str, &str), text: &str) -> Value {
    let event = json!({"type": kind, "user": user, "channel": channel, "ts": ts, "text": text,
        "event_ts": ts, "team": "T0DEMO"});
    callback(&format!("Ev{kind}{ts}"), &event)
}

/// Somebody signed a message just now.
pub fn reacted(user: &str, channel: &str, ts: &str) -> Value {
    let now = format!("{:.6}", SystemClock.now().as_duration().as_secs_f64());
    let event = json!({"type": "reaction_added", "user": user, "reaction": "white_check_mark",
        "item": {"type": "message", "channel": channel, "ts": ts}, "event_ts": now});
    callback(&format!("EvR{user}{ts}"), &event)
}
