//! The Events API over HTTP in a task of its own.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use countersign_engine::ports::Clock;
use countersign_slack::http::{self, Receiver, SigningSecrets};
use countersign_slack::socket_mode::Sink;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// For what is being stored when it ends.
const FINISH: Duration = Duration::from_secs(5);

/// Where Slack's requests come in.
pub struct Http {
    /// Where to listen.
    pub listener: TcpListener,
    /// What the requests are signed with.
    pub secrets: Arc<SigningSecrets>,
}

/// The server, running.
pub(super) struct Serving {
    receiver: Arc<Receiver>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Serving {
    /// Begins to serve; `more` are the routes that are not Slack's.
    pub(super) fn start(http: Http, sink: Arc<dyn Sink>, (clock, more): (&Arc<dyn Clock>, Router)) -> Self {
        let receiver = Receiver::new(sink, http.secrets, Arc::clone(clock));
        let (stop, stopped) = oneshot::channel::<()>();
        let routes = http::router(Arc::clone(&receiver)).merge(more);
        let task = tokio::spawn(http::serve(http.listener, routes, async { drop(stopped.await) }));
        Self { receiver, stop, task }
    }

    pub(super) fn receiver(&self) -> Arc<Receiver> {
        Arc::clone(&self.receiver)
    }

    /// Takes no more requests, and lets those in hand end.
    pub(super) async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
        if tokio::time::timeout(FINISH, self.receiver.settled()).await.is_err() {
            tracing::warn!("http: some requests could not be stored in time; Slack sends them again");
        }
    }
}
