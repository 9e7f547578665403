//! Socket Mode: Slack's payloads over a WebSocket that we open.
//!
//! The rules, each learnt from a public complaint about another client:
//! - A payload is stored first and acknowledged afterwards, on the socket that it came in on.
//!   What is not stored is not acknowledged, and Slack sends it again.
//! - A replacement is open before the old connection closes: on `disconnect`, and when
//!   80 % of a connection's announced life is over. The old one is read to its end.
//! - Any frame is a sign of life, ours go out every 10 s, and after 30 s of silence a
//!   connection is dead, whatever the operating system thinks of it.
//! - Every wait has a deadline. Retries back off with jitter, and calm down only after a minute of health.
//! - A token that Slack will never take ends it with a clear message instead of a loop.
//! - No frame ends a connection just by being odd.

mod backoff;
mod connection;
mod desk;
mod dial;
mod frame;
mod slot;
mod stop;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use countersign_engine::Intake;
use countersign_engine::ports::{Cause, Clock, Delivery, Ids};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::WebApi;
use desk::Desk;
use dial::{Dial, SlackDial};
use slot::Slot;
pub use stop::SocketModeError;

/// Where deliveries go.
#[async_trait]
pub trait Sink: Send + Sync {
    /// Stores a delivery. It is acknowledged when this returns `Ok`, so that a crash
    /// afterwards must not lose it; and quickly, since Slack waits three seconds.
    ///
    /// # Errors
    /// It is not stored: Slack must send it again.
    async fn accept(&self, delivery: Delivery) -> Result<(), Cause>;
}

#[async_trait]
impl Sink for Intake {
    async fn accept(&self, delivery: Delivery) -> Result<(), Cause> {
        Self::accept(self, delivery).await?;
        Ok(())
    }
}

/// How the connections are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Connections on which Slack has said hello and that are still read.
    pub connected: usize,
    /// Frames so far that were none of the protocol's: not JSON, binary, or of an unknown type.
    pub odd_frames: u64,
    /// What went wrong since the last hello.
    pub last_error: Option<String>,
}

/// What the connections need.
pub struct Wire {
    /// The Web API with the app's token (`xapp-…`).
    pub api: WebApi,
    /// Says when payloads came in.
    pub clock: Arc<dyn Clock>,
    /// Where the jitter comes from.
    pub ids: Arc<dyn Ids>,
    /// How many connections to keep open: 1 to 10, which is the most that Slack allows an app.
    pub connections: usize,
    /// Told of every change.
    pub health: watch::Sender<Health>,
}

/// Keeps the connections open until `shutdown` resolves; then finishes what is being
/// stored and acknowledged, and closes them.
///
/// # Errors
/// [`SocketModeError`] when Slack will not take the app's token, ever.
pub async fn run(
    wire: Wire,
    sink: Arc<dyn Sink>,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), SocketModeError> {
    let dial = Arc::new(SlackDial::new(wire.api));
    let desk = Arc::new(Desk { sink, clock: wire.clock, ids: wire.ids, health: wire.health });
    keep(dial, desk, wire.connections, shutdown).await
}

async fn keep<D: Dial>(
    dial: Arc<D>,
    desk: Arc<Desk>,
    connections: usize,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), SocketModeError> {
    let (stop, stopped) = watch::channel(false);
    let mut slots = JoinSet::new();
    for _ in 0..connections.clamp(1, 10) {
        slots.spawn(Slot::new(Arc::clone(&dial), Arc::clone(&desk), stopped.clone()).keep());
    }
    let mut shutdown = std::pin::pin!(shutdown);
    let mut result = Ok(());
    loop {
        tokio::select! {
            () = &mut shutdown, if !*stop.borrow() => drop(stop.send_replace(true)),
            ended = slots.join_next() => match ended {
                Some(Ok(Err(error))) => {
                    tracing::error!("{error}");
                    stop.send_replace(true);
                    result = Err(error);
                }
                Some(Err(broken)) => return broken.try_into_panic().map_or(result, |panic| std::panic::resume_unwind(panic)),
                Some(Ok(Ok(()))) => {}
                None => return result,
            },
        }
    }
}
