//! The control socket: a Unix-domain socket beside the ledger, on which the program that holds the ledger serves
//! people at terminals.
//!
//! Only those can connect whom the file's mode lets; who they are, the kernel says. A socket that a killed program
//! left behind is replaced, one at which somebody answers is not.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Extension, State};
use axum::http::{HeaderMap, header};
use axum::routing::post;
use axum::{Json, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::Desk;
use super::protocol::{Answer, LARGEST, PATH, Wanted};
use super::settings::Reach;
use super::who::Proof;

/// The socket's name in the ledger's folder.
const NAME: &str = "control.sock";
/// Connections at once; further ones wait to be taken.
const MOST_CONNECTIONS: usize = 32;
/// For the head of a request.
const HEAD: Duration = Duration::from_secs(5);
/// For a whole connection: nobody keeps others waiting by saying nothing.
const WHOLE: Duration = Duration::from_secs(60);
/// For the answers in hand when it ends.
const FINISH: Duration = Duration::from_secs(5);
/// After the system had no more connections to give.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest path that the system takes for a socket, in bytes; less than any system's.
const LONGEST_PATH: usize = 100;

/// The socket cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// The system takes no such long path.
    #[error("the path {} is too long for a socket; choose a shorter --data folder", .0.display())]
    TooLong(PathBuf),
    /// Another program listens there.
    #[error("another program listens at {}; stop it first", .0.display())]
    InUse(PathBuf),
    /// The system does not let us.
    #[error("{} cannot be listened on", path.display())]
    Failed {
        /// The socket.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

/// The socket, served.
pub struct Control {
    path: PathBuf,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Where the socket of a ledger is.
pub fn beside(ledger: &Path) -> PathBuf {
    ledger.with_file_name(NAME)
}

impl Control {
    /// Serves `desk` on the socket beside `ledger`, which this process holds.
    ///
    /// # Errors
    /// [`SocketError`] says what is in the way.
    pub async fn open(ledger: &Path, desk: Arc<Desk>) -> Result<Self, SocketError> {
        let path = beside(ledger);
        let reach = desk.settings().reach;
        let listener = listen(&path, reach).await?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(listener, desk, async { drop::<Result<(), _>>(stopped.await) }));
        Ok(Self { path, stop, task })
    }

    /// Takes no more connections, and answers those in hand.
    pub async fn stop(self) {
        // Before the ledger is let go of: whoever finds no socket waits for the lock, and nobody finds a dead one.
        let _ = std::fs::remove_file(&self.path);
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

/// Made under another name, and moved to its place when its mode is right.
async fn listen(path: &Path, reach: Reach) -> Result<UnixListener, SocketError> {
    let new = path.with_extension("new");
    if new.as_os_str().len() > LONGEST_PATH {
        return Err(SocketError::TooLong(path.to_owned()));
    }
    let failed = |source| SocketError::Failed { path: path.to_owned(), source };
    if UnixStream::connect(path).await.is_ok() {
        return Err(SocketError::InUse(path.to_owned()));
    }
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let listener = UnixListener::bind(&new).map_err(failed)?;
    let mode = match reach {
        Reach::Owner => 0o600,
        Reach::Group => 0o660,
    };
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(mode)).map_err(failed)?;
    std::fs::rename(&new, path).map_err(failed)?;
    Ok(listener)
}

async fn serve(listener: UnixListener, desk: Arc<Desk>, shutdown: impl Future<Output = ()> + Send) {
    let router =
        Router::new().route(PATH, post(answer)).layer(DefaultBodyLimit::max(LARGEST)).with_state(desk);
    let connections = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    let mut closing = false;
    loop {
        let taken = tokio::select! {
            biased;
            taken = take(&listener, &connections) => taken,
            // Whoever had connected before is served still.
            () = std::future::ready(()), if closing => break,
            () = &mut shutdown, if !closing => {
                closing = true;
                continue;
            }
        };
        let (stream, uid, permit) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                tracing::warn!(%error, "control socket: no connection could be taken");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(router.clone().layer(Extension(Uid(uid))));
        let connection = graceful.watch(settings().serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if !matches!(timeout(WHOLE, connection).await, Ok(Ok(()))) {
                tracing::debug!(uid, "control socket: a connection broke, or took too long");
            }
            drop(permit);
        });
    }
    drop(listener);
    if timeout(FINISH, graceful.shutdown()).await.is_err() {
        tracing::warn!("control socket: some questions were not answered in time");
    }
}

/// Who is at the other end, as the kernel says.
#[derive(Debug, Clone, Copy)]
struct Uid(u32);

async fn take(
    listener: &UnixListener,
    connections: &Arc<Semaphore>,
) -> std::io::Result<(UnixStream, u32, tokio::sync::OwnedSemaphorePermit)> {
    let permit = Arc::clone(connections).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    let uid = stream.peer_cred()?.uid();
    Ok((stream, uid, permit))
}

fn settings() -> http1::Builder {
    let mut settings = http1::Builder::new();
    settings.timer(TokioTimer::new()).header_read_timeout(HEAD).keep_alive(false);
    settings
}

async fn answer(
    State(desk): State<Arc<Desk>>,
    Extension(Uid(uid)): Extension<Uid>,
    headers: HeaderMap,
    Json(wanted): Json<Wanted>,
) -> Json<Answer> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
    Json(desk.answer(&Proof { uid, token }, &wanted).await)
}
