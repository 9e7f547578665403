//! Makes calls: deadlines, waiting, and whether to ask again.

use std::sync::Arc;
use std::time::Duration;

use countersign_engine::ports::Clock;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, Url, redirect};
use serde_json::Value;

use super::answer;
use super::call::{Call, Repeat};
use super::error::WebError;
use crate::Secret;

/// Where Slack's methods are.
pub const DEFAULT_BASE: &str = "https://slack.com/api/";

/// How often a call is made before its failure is final.
const TRIES: u32 = 4;
/// A longer wait than this is the caller's business.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The wait after a first failure; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// How to reach Slack.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address in front of a method's name: [`DEFAULT_BASE`], or an emulator's `http://127.0.0.1:PORT/api/`.
    pub base: Url,
    /// The token: the bot's (`xoxb-…`), or the app's (`xapp-…`) for Socket Mode.
    pub token: Secret,
    /// How long to wait.
    pub deadlines: Deadlines,
}

/// How long to wait.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// For a connection.
    pub connect: Duration,
    /// For the whole of one try, from the connection to the end of the answer.
    pub call: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), call: Duration::from_secs(10) }
    }
}

/// A client of the Web API with one token. Cloning it shares its connections.
#[derive(Clone)]
pub struct WebApi {
    pub(super) http: Client,
    pub(super) base: Url,
    token: Secret,
    clock: Arc<dyn Clock>,
}

impl WebApi {
    /// A client that waits by `clock`.
    ///
    /// # Errors
    /// When the machine's TLS cannot be set up.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, reqwest::Error> {
        let mut http = Client::builder()
            .connect_timeout(settings.deadlines.connect)
            .timeout(settings.deadlines.call)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&settings.base) {
            http = http.no_proxy();
        }
        Ok(Self { http: http.build()?, base: with_slash(settings.base), token: settings.token, clock })
    }

    /// The same client with another token.
    pub fn with_token(&self, token: Secret) -> Self {
        Self { token, ..self.clone() }
    }

    /// Makes a call and gives the whole answer, which has `ok: true`.
    pub(super) async fn call(&self, call: &Call) -> Result<Value, WebError> {
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            let error = match self.call_once(call).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(wait) = wait_before_next(&error, call.repeat, pause) else { return Err(error) };
            if tries == TRIES || wait > LONGEST_WAIT {
                return Err(error);
            }
            tracing::debug!(method = call.method, ?wait, "calling Slack again after: {error}");
            self.sleep(wait).await;
            tries += 1;
            pause = pause.saturating_mul(2);
        }
    }

    async fn call_once(&self, call: &Call) -> Result<Value, WebError> {
        let unusable =
            |reason: &str| WebError::Unavailable { method: call.method, reason: reason.to_owned() };
        let url = self.base.join(call.method).map_err(|_| unusable("its address is none"))?;
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", self.token.reveal()))
            .map_err(|_| unusable("the token holds characters that no token has"))?;
        authorization.set_sensitive(true);
        let request = self.http.post(url).header(AUTHORIZATION, authorization).form(&call.form);
        let response = request.send().await.map_err(|error| answer::not_received(call.method, &error))?;
        answer::read(call.method, response).await
    }

    /// Waits by the clock.
    async fn sleep(&self, wait: Duration) {
        let wait = jiff::SignedDuration::try_from(wait).unwrap_or(jiff::SignedDuration::from_secs(1));
        if let Ok(when) = self.clock.now().checked_add(wait) {
            self.clock.sleep_until(when).await;
        }
    }
}

impl std::fmt::Debug for WebApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebApi").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

/// How long to wait before asking again; `None` when asking again would be wrong.
fn wait_before_next(error: &WebError, repeat: Repeat, pause: Duration) -> Option<Duration> {
    match (error, repeat) {
        (_, Repeat::ByCaller) => None,
        (WebError::RateLimited { retry_after, .. }, _) => Some(*retry_after),
        (WebError::Unavailable { .. } | WebError::Lost { .. }, Repeat::Harmless) => Some(pause),
        _ => None,
    }
}

fn is_loopback(base: &Url) -> bool {
    matches!(base.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// `Url::join` replaces what stands after the last slash.
fn with_slash(mut base: Url) -> Url {
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    base
}
