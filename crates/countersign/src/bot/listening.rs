//! The bot's ears: Socket Mode in a task of its own.

use std::sync::Arc;

use countersign_engine::Intake;
use countersign_slack::socket_mode::{self, Health, SocketModeError, Wire};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

/// Socket Mode, running.
pub(super) struct Listening {
    health: watch::Receiver<Health>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), SocketModeError>>,
}

/// The bot hears nothing, and never will.
#[derive(Debug, thiserror::Error)]
pub enum Deaf {
    /// Slack will never take the app's token.
    #[error("Slack does not let the bot listen")]
    Fatal(#[source] SocketModeError),
    /// The task that listens is gone.
    #[error("the part that listens to Slack ended by itself")]
    Ended,
}

impl Listening {
    /// Begins to listen with `world`'s clock and randomness.
    pub(super) fn start(api: countersign_slack::WebApi, intake: Arc<Intake>, world: &super::World) -> Self {
        let (health_in, health) = watch::channel(Health::default());
        let (stop, stopped) = oneshot::channel::<()>();
        let wire = Wire {
            api,
            clock: Arc::clone(&world.clock),
            ids: Arc::clone(&world.ids),
            connections: socket_mode::CONNECTIONS,
            health: health_in,
        };
        let shutdown = async {
            let _ = stopped.await;
        };
        let task = tokio::spawn(socket_mode::run(wire, intake, shutdown));
        Self { health, stop, task }
    }

    /// Resolves once a connection stands.
    pub(super) async fn connected(&mut self) -> Result<(), Deaf> {
        let up = self.health.wait_for(|health| health.connected > 0).await.is_ok();
        if up {
            return Ok(());
        }
        match (&mut self.task).await {
            Ok(Err(error)) => Err(Deaf::Fatal(error)),
            _ => Err(Deaf::Ended),
        }
    }

    /// Ends it, after the acknowledgements in flight.
    pub(super) async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}
