//! Keeps one connection open: opens it, replaces it, and waits when that fails.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::SocketModeError;
use super::backoff::Backoff;
use super::connection::{Handle, Order, Stage};
use super::desk::Desk;
use super::dial::{Dial, DialError};
use super::health::Alarm;
use crate::web_api::WebError;

/// A connection that lived this long was a good one.
const HEALTHY: Duration = Duration::from_secs(60);
/// The wait when Slack will not have us for now.
const UNWANTED: Duration = Duration::from_secs(60);
/// How long one connection fewer is kept when Slack says that there are too many.
const SPARED: Duration = Duration::from_secs(3600);
/// Whatever Slack asks for, after this long it is asked again.
const LONGEST_HOLD: Duration = Duration::from_secs(600);

/// One of the connections that are kept open.
pub(super) struct Slot<D> {
    dial: Arc<D>,
    desk: Arc<Desk>,
    stopped: watch::Receiver<bool>,
    backoff: Backoff,
    /// Slack wants fewer connections than there are slots, and this is the one that waits.
    spared: bool,
    /// Replaced, and still read.
    retired: Vec<Handle>,
}

/// Why there is no new connection.
enum NotOpened {
    /// Slack will never open one.
    Final(SocketModeError),
    /// Not this time.
    Failed(String),
}

impl<D: Dial> Slot<D> {
    pub(super) fn new(dial: Arc<D>, desk: Arc<Desk>, stopped: watch::Receiver<bool>) -> Self {
        Self { dial, desk, stopped, backoff: Backoff::default(), spared: false, retired: Vec::new() }
    }

    /// Runs until it is stopped, or until Slack refuses for good.
    pub(super) async fn keep(mut self) -> Result<(), SocketModeError> {
        let mut current: Option<Handle> = None;
        let mut stopped = self.stopped.clone();
        let result = loop {
            let opened = tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => break Ok(()),
                opened = self.connect() => opened,
            };
            match opened {
                Ok(new) => self.retire(current.replace(new)),
                Err(error) => break Err(error),
            }
            let Some(serving) = &mut current else { continue };
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => break Ok(()),
                reason = wait_for_need(serving, &mut self.backoff) => self.heed(&reason),
            }
        };
        let closing = self.retired.into_iter().chain(current).map(Handle::close);
        futures_util::future::join_all(closing).await;
        result
    }

    /// The old connection is read until Slack closes it.
    fn retire(&mut self, old: Option<Handle>) {
        self.retired.retain(|handle| !handle.is_finished());
        if let Some(old) = old {
            old.order(Order::Retire);
            self.retired.push(old);
        }
    }

    /// A connection on which Slack has said hello, after as many attempts as it takes.
    async fn connect(&mut self) -> Result<Handle, SocketModeError> {
        loop {
            self.pause().await;
            match self.open().await {
                Ok(handle) => return Ok(handle),
                Err(NotOpened::Final(error)) => {
                    self.desk.alarm(Alarm::Stopped { advice: error.advice });
                    return Err(error);
                }
                Err(NotOpened::Failed(reason)) => {
                    tracing::warn!("socket mode: no connection: {reason}");
                    self.desk.failed(reason);
                }
            }
        }
    }

    /// Waits as long as Slack or good manners ask for.
    async fn pause(&mut self) {
        if std::mem::take(&mut self.spared) {
            sleep(SPARED).await;
            self.desk.want_one_more();
        }
        self.desk.may_open().await;
        sleep(self.backoff.next(self.desk.ids.random())).await;
    }

    async fn open(&mut self) -> Result<Handle, NotOpened> {
        // Slack may count it before we hear that it is open.
        self.desk.opening();
        let socket = self.dial.dial().await.map_err(|error| {
            self.desk.not_opened(&error);
            self.sort(error)
        })?;
        let mut handle = Handle::serve(socket, Arc::clone(&self.desk));
        match handle.until(|stage| *stage != Stage::Greeting).await {
            Stage::Ended(reason) => {
                self.heed(&reason);
                Err(NotOpened::Failed(reason))
            }
            _ => Ok(handle),
        }
    }

    fn sort(&mut self, error: DialError) -> NotOpened {
        let error = match error {
            DialError::Web(error) => error,
            other => return NotOpened::Failed(other.to_string()),
        };
        if let WebError::RateLimited { retry_after, .. } = &error {
            self.desk.hold_off((*retry_after).min(LONGEST_HOLD));
        }
        if let Some(code) = error.code() {
            self.heed(code);
        }
        match SocketModeError::sort(error) {
            Ok(error) => NotOpened::Final(error),
            Err(error) => NotOpened::Failed(error.to_string()),
        }
    }

    /// Some goodbyes mean that coming back at once is no use.
    fn heed(&mut self, reason: &str) {
        match reason {
            "link_disabled" => {
                self.desk.alarm(Alarm::LinkDisabled);
                self.desk.hold_off(UNWANTED);
            }
            "too_many_websockets" => {
                self.desk.alarm(Alarm::TooManyConnections);
                self.spared = self.desk.spare_one();
                self.desk.hold_off(UNWANTED);
            }
            _ => {}
        }
    }
}

/// Waits until the connection needs a replacement, or is gone, and says why.
async fn wait_for_need(serving: &mut Handle, backoff: &mut Backoff) -> String {
    let since = Instant::now();
    let stage = serving.until(|stage| matches!(stage, Stage::Leaving(_) | Stage::Ended(_))).await;
    if since.elapsed() >= HEALTHY {
        backoff.reset();
    }
    match stage {
        Stage::Leaving(reason) | Stage::Ended(reason) => reason,
        Stage::Greeting | Stage::Up => String::new(),
    }
}
