//! Starting and stopping the emulator.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::aside::Aside;
use crate::clock::{Clock, SystemClock};
use crate::delivery::{Delivery, Outgoing, Pending, Switch, Transport};
use crate::faults::Faults;
use crate::http::{Http, Parts};
use crate::interaction::Interactions;
use crate::limits::{Limits, RateLimits};
use crate::seed::Seed;
use crate::socket_mode::{Broker, Tickets};
use crate::store::{self, Journal, Opened, Publisher, StoreError, StoreLocation};
use crate::workspace::{State, Workspace};
use crate::{Shared, api, control, guard, interaction, page, socket_mode};

/// The largest body of a request, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// How to start an emulator.
pub struct Options {
    /// Where to listen; a loopback address, port 0 for any free one.
    pub addr: SocketAddr,
    /// Where to keep the workspace.
    pub store: StoreLocation,
    /// Who and what is there at the start.
    pub seed: Seed,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// How Slack reaches the app; `None` leaves it as it was, at first as the seed says. The URLs are not verified, since
    /// the app may start later.
    pub transport: Option<Transport>,
    /// Whether Slack's rate limits hold; they do not by default.
    pub rate_limits: RateLimits,
    /// What the page shows beside the workspace.
    pub aside: Option<Arc<dyn Aside>>,
}

impl Default for Options {
    /// The demo workspace in memory, on any free port.
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            store: StoreLocation::Memory,
            seed: Seed::demo(),
            clock: Arc::new(SystemClock),
            transport: None,
            rate_limits: RateLimits::Off,
            aside: None,
        }
    }
}

/// Why an emulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is not this machine's own.
    #[error("{0} can be reached from other machines; the emulator listens on 127.0.0.1 or [::1] alone.")]
    NotLoopback(SocketAddr),
    /// Somebody listens there already.
    #[error("Port {} is in use; stop the other program, or choose another port with --port.", .0.port())]
    PortInUse(SocketAddr),
    /// The system does not let us listen there.
    #[error("The emulator cannot listen on {addr}.")]
    Listen {
        /// Where.
        addr: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// What the options say could not be kept.
    #[error("The workspace could not be saved.")]
    NotSaved,
    /// The workspace's file cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A running emulator. It stops when it is dropped; [`Emulator::shutdown`] waits until all is saved.
pub struct Emulator {
    addr: SocketAddr,
    base_url: String,
    workspace: Workspace,
    pending: Pending,
    http: Http,
    tasks: Vec<JoinHandle<()>>,
    writer: Option<JoinHandle<()>>,
    /// The server stops when this goes.
    _stop: oneshot::Sender<()>,
}

impl Emulator {
    /// Opens the workspace and listens. Events that the app had not acknowledged before a restart wait for it.
    ///
    /// # Errors
    /// [`StartError`] with a sentence for the person who starts it.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listener = listen(options.addr).await?;
        let addr =
            listener.local_addr().map_err(|source| StartError::Listen { addr: options.addr, source })?;
        let base_url = format!("http://{addr}");
        let pending = Pending::new();
        let (done, finished) = mpsc::unbounded_channel();
        let (socket_mode, broker) = Broker::new(Arc::clone(&options.clock), pending.clone(), done.clone());
        let mut tasks = vec![tokio::spawn(broker.run())];
        let http = Http::new(Parts {
            clock: Arc::clone(&options.clock),
            signing_secret: options.seed.app.signing_secret.clone(),
            pending: pending.clone(),
            done,
        });
        let switch = Arc::new(Switch::new(socket_mode.clone(), http.clone()));
        let delivery: Arc<dyn Delivery> = Arc::clone(&switch) as _;
        let publisher = Arc::new(Publisher::new(Arc::clone(&delivery), pending.clone()));
        let (workspace, writer) = open(&options, publisher).await?;
        if let Some(transport) = options.transport {
            workspace.set_transport(transport).await.map_err(|_| StartError::NotSaved)?;
        }
        switch.set(workspace.read(|state| state.app().transport.clone())).await;
        resume(&workspace, &*delivery, &pending);
        let interactions = Interactions::new(workspace.clone(), delivery, pending.clone(), base_url.clone());
        let shared = Arc::new(Shared {
            workspace: workspace.clone(),
            interactions,
            socket_mode,
            http: http.clone(),
            switch,
            tickets: Tickets::default(),
            faults: Faults::default(),
            limits: Limits::new(options.rate_limits),
            seed: options.seed,
            aside: options.aside,
            base_url: base_url.clone(),
        });
        tasks.push(tokio::spawn(forget_delivered(workspace.clone(), finished)));
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(serve(listener, shared, stopped));
        Ok(Self { addr, base_url, workspace, pending, http, tasks, writer, _stop: stop })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The page's address: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.base_url.clone()
    }

    /// The Web API's address: `http://127.0.0.1:PORT/api/`.
    pub fn api_url(&self) -> String {
        format!("{}/api/", self.base_url)
    }

    /// The workspace, for reading and for acting without the wire.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Resolves when no event, slash command or interaction is undelivered or unacknowledged.
    pub async fn settled(&self) {
        self.pending.settled().await;
    }

    /// Closes every connection, and returns when all that happened is saved.
    pub async fn shutdown(mut self) {
        self.http.stop();
        for task in self.tasks.drain(..) {
            task.abort();
            let _ = task.await;
        }
        self.workspace.stop();
        let writer = self.writer.take();
        drop(self);
        if let Some(writer) = writer {
            let _ = writer.await;
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.http.stop();
        self.tasks.iter().for_each(JoinHandle::abort);
        self.workspace.stop();
    }
}

async fn listen(addr: SocketAddr) -> Result<TcpListener, StartError> {
    if !addr.ip().is_loopback() {
        return Err(StartError::NotLoopback(addr));
    }
    TcpListener::bind(addr).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => StartError::PortInUse(addr),
        _ => StartError::Listen { addr, source },
    })
}

async fn open(
    options: &Options,
    publisher: Arc<Publisher>,
) -> Result<(Workspace, Option<JoinHandle<()>>), StartError> {
    let clock = Arc::clone(&options.clock);
    let state = State::new(options.seed.clone());
    match &options.store {
        StoreLocation::Memory => Ok((Workspace::new(state, clock, Journal::in_memory(publisher)), None)),
        StoreLocation::File(path) => {
            let Opened { state, writer } = store::open(path, state).await?;
            let (journal, task) = Journal::in_file(publisher, writer);
            Ok((Workspace::new(state, clock, journal), Some(task)))
        }
    }
}

/// Delivers what was not acknowledged before the last stop.
fn resume(workspace: &Workspace, delivery: &dyn Delivery, pending: &Pending) {
    let waiting = workspace.read(|state| state.outbox.clone());
    pending.add(waiting.len());
    for (seq, payload) in waiting {
        delivery.deliver(Outgoing::Event { seq, payload });
    }
}

/// Takes events out of the outbox once the app has acknowledged them.
async fn forget_delivered(workspace: Workspace, mut finished: mpsc::UnboundedReceiver<u64>) {
    let mut group = Vec::new();
    while finished.recv_many(&mut group, 64).await > 0 {
        let done = workspace.commit(|tx| {
            group.iter().for_each(|seq| tx.event_done(*seq));
            Ok(())
        });
        if let Err(refused) = done.await {
            tracing::error!(%refused, "delivered events could not be forgotten");
        }
        group.clear();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let router = Router::new()
        .merge(api::routes())
        .merge(socket_mode::routes())
        .merge(interaction::routes())
        .merge(control::routes())
        .merge(page::routes())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(guard::only_this_machine))
        .with_state(shared);
    let until = async { drop(stopped.await) };
    // Small answers and live updates leave at once, instead of waiting to be sent together.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    if let Err(wrong) = axum::serve(listener, router).with_graceful_shutdown(until).await {
        tracing::error!(error = &wrong as &dyn std::error::Error, "the server stopped");
    }
}
