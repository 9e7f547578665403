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
use crate::web_api::WebError;

/// A connection that lived this long was a good one.
const HEALTHY: Duration = Duration::from_secs(60);
/// The wait when Slack will not have us for now.
const UNWANTED: Duration = Duration::from_secs(60);

/// One of the connections that are kept open.
pub(super) struct Slot<D> {
    dial: Arc<D>,
    desk: Arc<Desk>,
    stopped: watch::Receiver<bool>,
    backoff: Backoff,
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
        Self { dial, desk, stopped, backoff: Backoff::default(), retired: Vec::new() }
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
                () = wait_for_need(serving, &mut self.backoff) => {}
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
            sleep(self.backoff.next(self.desk.ids.random())).await;
            match self.open().await {
                Ok(handle) => return Ok(handle),
                Err(NotOpened::Final(error)) => {
                    self.desk.failed(error.to_string());
                    return Err(error);
                }
                Err(NotOpened::Failed(reason)) => {
                    tracing::warn!("socket mode: no connection: {reason}");
                    self.desk.failed(reason);
                }
            }
        }
    }

    async fn open(&mut self) -> Result<Handle, NotOpened> {
        let socket = self.dial.dial().await.map_err(|error| self.sort(error))?;
        let mut handle = Handle::serve(socket, Arc::clone(&self.desk));
        match handle.until(|stage| *stage != Stage::Greeting).await {
            Stage::Ended(reason) => {
                unwanted(&reason, &mut self.backoff);
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
            self.backoff.at_least(*retry_after);
        }
        match SocketModeError::sort(error) {
            Ok(error) => NotOpened::Final(error),
            Err(error) => NotOpened::Failed(error.to_string()),
        }
    }
}

/// Waits until the connection needs a replacement, or is gone.
async fn wait_for_need(serving: &mut Handle, backoff: &mut Backoff) {
    let since = Instant::now();
    let stage = serving.until(|stage| matches!(stage, Stage::Leaving(_) | Stage::Ended(_))).await;
    if since.elapsed() >= HEALTHY {
        backoff.reset();
    }
    if let Stage::Leaving(reason) | Stage::Ended(reason) = stage {
        unwanted(&reason, backoff);
    }
}

/// Some goodbyes mean that coming back at once is no use.
fn unwanted(reason: &str, backoff: &mut Backoff) {
    match reason {
        "link_disabled" => {
            tracing::error!("socket mode: it was switched off on the app's page; trying again every minute");
            backoff.at_least(UNWANTED);
        }
        "too_many_websockets" => {
            tracing::error!(
                "socket mode: the app has too many connections; another program may use its token"
            );
            backoff.at_least(UNWANTED);
        }
        _ => {}
    }
}
