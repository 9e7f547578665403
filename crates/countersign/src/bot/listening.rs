//! Socket Mode in a task of its own.

use std::sync::{Arc, OnceLock};

use countersign_slack::WebApi;
use countersign_slack::socket_mode::{self, Health, Others, Sink, SocketModeError, Wire};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use super::World;

/// Socket Mode, running.
pub(super) struct Listening {
    ear: Ear,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Whoever wants to know how Socket Mode is.
#[derive(Clone)]
pub(super) struct Ear {
    health: watch::Receiver<Health>,
    fatal: Arc<OnceLock<Arc<SocketModeError>>>,
}

/// The bot hears nothing, and never will.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Deaf {
    /// Slack will never take the app's token.
    #[error("Slack does not let the bot listen")]
    Fatal(#[source] Arc<SocketModeError>),
    /// The task that listens is gone.
    #[error("the part that listens to Slack ended by itself")]
    Ended,
}

impl Listening {
    /// Begins to listen with `world`'s clock and randomness. `api` holds the app's token.
    pub(super) fn start(api: WebApi, sink: Arc<dyn Sink>, world: &World) -> Self {
        let (health_in, health) = watch::channel(Health::default());
        let (stop, stopped) = oneshot::channel::<()>();
        let fatal = Arc::new(OnceLock::new());
        let wire = Wire {
            api,
            clock: Arc::clone(&world.clock),
            ids: Arc::clone(&world.ids),
            connections: socket_mode::CONNECTIONS,
            others: if world.ledger.is_exclusive() { Others::Strangers } else { Others::Replicas },
            health: health_in.clone(),
        };
        let ear = Ear { health, fatal: Arc::clone(&fatal) };
        let task = tokio::spawn(async move {
            let shutdown = async { drop(stopped.await) };
            if let Err(error) = socket_mode::run(wire, sink, shutdown).await {
                let _ = fatal.set(Arc::new(error));
            }
            // Only now do those who wait learn that it is over, and find out why.
            drop(health_in);
        });
        Self { ear, stop, task }
    }

    pub(super) fn ear(&self) -> Ear {
        self.ear.clone()
    }

    /// Ends it, after the acknowledgements in flight.
    pub(super) async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

impl Ear {
    /// Resolves once a connection stands.
    pub(super) async fn connected(mut self) -> Result<(), Deaf> {
        if self.health.wait_for(|health| health.connected > 0).await.is_ok() {
            return Ok(());
        }
        Err(self.fatal.get().map_or(Deaf::Ended, |error| Deaf::Fatal(Arc::clone(error))))
    }

    /// Resolves when Slack takes the app's token no more; never, if it ends because it was asked to.
    pub(super) async fn deaf(mut self) -> Deaf {
        while self.health.changed().await.is_ok() {}
        match self.fatal.get() {
            Some(error) => Deaf::Fatal(Arc::clone(error)),
            None => std::future::pending().await,
        }
    }

    pub(super) fn health(&self) -> Health {
        self.health.borrow().clone()
    }
}
