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
//! - What the store cannot hold yet is not read. Until then pings are answered, and silence is not death.
//! - What Slack says to one connection holds for all: `Retry-After`, `link_disabled`, and
//!   `too_many_websockets`, after which one connection fewer is kept for an hour.
//! - Slack's count of the app's connections is compared with ours: another program with the same
//!   token takes a part of the events, and nobody would notice.
//! - A token that Slack will never take ends it with a clear message instead of a loop.
//! - No frame ends a connection just by being odd.

mod backoff;
mod census;
mod connection;
mod desk;
mod dial;
pub mod frame;
mod health;
mod probe;
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
use desk::{Desk, Tools};
use dial::{Dial, SlackDial};
pub use health::{Alarm, Health};
pub use probe::{ProbeError, probe};
use slot::Slot;
pub use stop::SocketModeError;

/// The most that Slack allows an app.
const MOST_CONNECTIONS: usize = 10;

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

/// Connections to keep open, unless there is a reason for another number: while one is
/// replaced or lost, the other hears everything.
pub const CONNECTIONS: usize = 2;

/// What the connections need.
pub struct Wire {
    /// The Web API with the app's token (`xapp-…`).
    pub api: WebApi,
    /// Says when payloads came in.
    pub clock: Arc<dyn Clock>,
    /// Where the jitter comes from.
    pub ids: Arc<dyn Ids>,
    /// How many connections to keep open ([`CONNECTIONS`]): 1 to 10, which is the most that Slack allows an app.
    pub connections: usize,
    /// Whose the other connections of the app are.
    pub others: Others,
    /// Told of every change.
    pub health: watch::Sender<Health>,
}

/// Whose the app's connections are that are not this process's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// Nobody's: another program with the app's token would take a part of the events.
    Strangers,
    /// Replicas', which write to the same ledger: whatever one of them hears is heard.
    Replicas,
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
    let Wire { api, clock, ids, connections, others, health } = wire;
    let desk = Desk::new(sink, Tools { clock, ids, others, health }, connections.clamp(1, MOST_CONNECTIONS));
    keep(Arc::new(SlackDial::new(api)), Arc::new(desk), shutdown).await
}

async fn keep<D: Dial>(
    dial: Arc<D>,
    desk: Arc<Desk>,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), SocketModeError> {
    let (stop, stopped) = watch::channel(false);
    let mut slots = JoinSet::new();
    let wanted = desk.health.borrow().wanted;
    for _ in 0..wanted {
        slots.spawn(Slot::new(Arc::clone(&dial), Arc::clone(&desk), stopped.clone()).keep());
    }
    let mut shutdown = std::pin::pin!(shutdown);
    let mut result = Ok(());
    loop {
        tokio::select! {
            () = &mut shutdown, if !*stop.borrow() => drop(stop.send_replace(true)),
            ended = slots.join_next() => match ended {
                Some(Ok(Err(error))) => {
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
