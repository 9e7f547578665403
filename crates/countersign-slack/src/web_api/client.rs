//! Makes calls: deadlines, waiting, and whether to ask again.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use countersign_engine::ports::Clock;
use jiff::SignedDuration;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, Url, redirect};
use serde_json::Value;

use super::answer::{self, Answer};
use super::call::{Call, Repeat};
use super::error::WebError;
use super::pacing::{Errand, Pace, Pacer, TooLong};
use super::skew::{self, Skew};
use crate::Secret;

/// Where Slack's methods are.
pub const DEFAULT_BASE: &str = "https://slack.com/api/";

/// Whatever Slack asks for, after this long it is asked again.
const LONGEST_HOLD: SignedDuration = SignedDuration::from_mins(10);
/// How often a call is made before its failure is final.
const TRIES: u32 = 4;
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
    token: Arc<RwLock<Secret>>,
    clock: Arc<dyn Clock>,
    pacer: Arc<Pacer>,
    skew: Arc<Skew>,
}

impl WebApi {
    /// A client that waits by `clock`, at the pace of Slack's tiers; a server on this
    /// machine is an emulator, which needs no pace.
    ///
    /// # Errors
    /// When the machine's TLS cannot be set up.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, reqwest::Error> {
        let mut http = Client::builder()
            .connect_timeout(settings.deadlines.connect)
            .timeout(settings.deadlines.call)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")));
        let mut pace = Pace::Tiers;
        if is_loopback(&settings.base) {
            http = http.no_proxy();
            pace = Pace::Free;
        }
        let pacer = Arc::new(Pacer::new(pace, Arc::clone(&clock)));
        Ok(Self {
            http: http.build()?,
            base: with_slash(settings.base),
            token: shared(settings.token),
            clock,
            pacer,
            skew: Arc::default(),
        })
    }

    /// The same client with another token, which Slack counts by itself.
    pub fn with_token(&self, token: Secret) -> Self {
        Self { token: shared(token), ..self.clone() }.at_pace(self.pacer.pace())
    }

    /// Uses another token from now on, as do all clones of this client.
    pub fn replace_token(&self, token: Secret) {
        *self.token.write().unwrap_or_else(PoisonError::into_inner) = token;
    }

    fn token(&self) -> Secret {
        self.token.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same client at another pace.
    pub fn at_pace(self, pace: Pace) -> Self {
        let pacer = Arc::new(Pacer::new(pace, Arc::clone(&self.clock)));
        Self { pacer, ..self }
    }

    /// How fast its calls may come.
    pub fn pace(&self) -> Pace {
        self.pacer.pace()
    }

    /// How far this machine's clock was certainly ahead of Slack's (behind: negative) when Slack last answered.
    pub fn ahead(&self) -> Option<SignedDuration> {
        self.skew.last()
    }

    /// What it waits by.
    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Makes a call and gives the whole answer, which has `ok: true`.
    pub(super) async fn call(&self, call: &Call) -> Result<Value, WebError> {
        self.answer(call).await.map(|answer| answer.body)
    }

    /// Makes a call and gives the answer with what its headers tell.
    pub(super) async fn answer(&self, call: &Call) -> Result<Answer, WebError> {
        if call.repeat == Repeat::ByCaller {
            return self.call_once(call).await;
        }
        let errand = self.pacer.errand(call.method, call.channel.as_ref());
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            self.pacer.turn(&errand).await.map_err(|too_long| rate_limited(call, too_long))?;
            let error = match self.call_once(call).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let next = self.next_try(&errand, call.repeat, &error);
            if next == Next::GiveUp || tries == TRIES {
                return Err(error);
            }
            tracing::debug!(method = call.method, "calling Slack again after: {error}");
            if next == Next::AfterAPause {
                self.sleep(pause).await;
                pause = pause.saturating_mul(2);
            }
            tries += 1;
        }
    }

    /// Is it worth another try? Whatever is, a 429 holds up everybody who calls the same.
    fn next_try(&self, errand: &Errand, repeat: Repeat, error: &WebError) -> Next {
        match (error, repeat) {
            (WebError::RateLimited { retry_after, .. }, _) => {
                let wait = SignedDuration::try_from(*retry_after).unwrap_or(LONGEST_HOLD);
                self.pacer.hold(errand, wait.min(LONGEST_HOLD));
                if wait > LONGEST_HOLD { Next::GiveUp } else { Next::InTurn }
            }
            (WebError::Unavailable { .. } | WebError::Lost { .. }, Repeat::Harmless) => Next::AfterAPause,
            _ => Next::GiveUp,
        }
    }

    async fn call_once(&self, call: &Call) -> Result<Answer, WebError> {
        let unusable =
            |reason: &str| WebError::Unavailable { method: call.method, reason: reason.to_owned() };
        let url = self.base.join(call.method).map_err(|_| unusable("its address is none"))?;
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", self.token().reveal()))
            .map_err(|_| unusable("the token holds characters that no token has"))?;
        authorization.set_sensitive(true);
        let request = self.http.post(url).header(AUTHORIZATION, authorization).form(&call.form);
        let asked = self.clock.now();
        let response = request.send().await.map_err(|error| answer::not_received(call.method, &error))?;
        let (received, date) = (self.clock.now(), skew::date(&response));
        let answer = answer::read(call.method, response).await?;
        // A gateway's error tells a gateway's time.
        self.skew.note((asked, received), date);
        Ok(answer)
    }

    /// Waits by the clock.
    pub(super) async fn sleep(&self, wait: Duration) {
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_secs(1));
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

/// What follows a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    GiveUp,
    InTurn,
    AfterAPause,
}

fn rate_limited(call: &Call, TooLong(wait): TooLong) -> WebError {
    let retry_after = Duration::try_from(wait).unwrap_or_default();
    WebError::RateLimited { method: call.method, retry_after }
}

fn shared(token: Secret) -> Arc<RwLock<Secret>> {
    Arc::new(RwLock::new(token))
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
