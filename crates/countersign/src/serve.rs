//! The bot in a real workspace: Slack's API, a ledger in a folder, and the tokens from outside.

mod listen;
mod tokens;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use countersign_engine::system::{OsIds, SystemClock};
use countersign_slack::http::{self, EmptySecret, SigningSecrets};
use countersign_store::slack::Parts;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::bot::{self, Bot, Deaf, Http, Slack};
use crate::config::{self, ConfigErrors, Keeps};
use crate::dev;
use crate::store::{OpenError, Store};
use crate::terminal::remembered;
use crate::terminal::socket::{Control, SocketError};
use crate::tokens::{Source, TokenError, Tokens};
use crate::whitelist::Kept;

/// For what is in hand when it stops; what takes longer is taken up by the next start.
const FINISH: Duration = Duration::from_secs(20);
/// The ledger's file in its folder.
const LEDGER: &str = "ledger.db";

/// How to start.
pub struct Settings {
    /// The configuration file.
    pub config: PathBuf,
    /// The folder of the ledger; without one, the configuration's own.
    pub data: Option<PathBuf>,
    /// The Web API's address.
    pub api_url: String,
    /// Where the tokens are kept.
    pub tokens: Source,
    /// How to hear what is said.
    pub hears: Hears,
    /// Where to say how it is, beside the address for Slack's requests.
    pub health: Option<SocketAddr>,
}

/// How the bot hears what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hears {
    /// Over connections that it opens.
    SocketMode,
    /// Over requests that come in here.
    Http(SocketAddr),
    /// Over both, while an app moves from one to the other.
    Both(SocketAddr),
}

/// All of it, running.
pub struct Serve {
    bot: Arc<Bot>,
    /// Nothing, where Slack itself is the ledger.
    store: Option<Store>,
    control: Option<Control>,
    tasks: Vec<JoinHandle<()>>,
    stop_health: oneshot::Sender<()>,
    http: Option<SocketAddr>,
    health: Option<SocketAddr>,
    tokens_can_change: bool,
}

/// It cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A token is missing, or is not what it should be.
    #[error(transparent)]
    Tokens(#[from] TokenError),
    /// The signing secret is none.
    #[error(transparent)]
    Secret(#[from] EmptySecret),
    /// The configuration does not hold.
    #[error("the configuration does not hold")]
    Config(#[source] ConfigErrors),
    /// Another program listens there.
    #[error("port {} is in use; stop the other program, or choose another address with {option}", address.port())]
    InUse {
        /// Where.
        address: SocketAddr,
        /// The option that says so.
        option: &'static str,
    },
    /// The system does not let us listen there.
    #[error("{address} cannot be listened on; choose another address with {option}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// The option that says so.
        option: &'static str,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The ledger cannot be opened.
    #[error("the ledger cannot be opened")]
    Ledger(#[source] OpenError),
    /// The bot cannot start.
    #[error("the bot cannot start")]
    Bot(#[source] bot::StartError),
    /// The socket for terminals cannot be opened.
    #[error(transparent)]
    Control(#[from] SocketError),
}

/// Starts everything. Slack is asked who the bot is; that it can be heard is left to [`Serve::connected`].
///
/// # Errors
/// [`StartError`] says what is in the way.
pub async fn start(settings: Settings) -> Result<Serve, StartError> {
    let tokens = settings.tokens.load()?;
    let config = config::read(&settings.config).map_err(StartError::Config)?;
    let (http, http_address) = http_of(settings.hears, &tokens).await?;
    let health = match settings.health {
        Some(address) => Some(listen::bind(address, "--health").await?),
        None => None,
    };
    let folder = folder_of(&settings.config);
    let slack = Slack {
        api_url: settings.api_url,
        bot_token: tokens.bot.clone(),
        app_token: app_token(settings.hears, &tokens)?,
        http,
    };
    let whitelist = Kept::of(&config);
    let registry = whitelist.added_to(dev::registry(folder));
    let ledger = ledger(&settings.config, settings.data.as_deref());
    let (store, started) = match config.keeps() {
        Keeps::File | Keeps::Table(_) => {
            let store = Store::open(&config, &ledger).await.map_err(StartError::Ledger)?;
            let started = Bot::start(slack, store.world(), (&config, &registry)).await;
            (Some(store), started)
        }
        Keeps::Slack => {
            let key = settings.tokens.ledger_key()?;
            let parts =
                Parts { key, lease: config.lease(), clock: Arc::new(SystemClock), ids: Arc::new(OsIds) };
            (None, Bot::start_without_database(slack, parts, (&config, &registry)).await)
        }
    };
    let bot = Arc::new(started.map_err(|error| match error {
        bot::StartError::Config(errors) => StartError::Config(errors),
        error => StartError::Bot(error),
    })?);
    let control = match config.file().terminal {
        Some(_) => {
            remembered::remember(&ledger, bot.me());
            Some(Control::open(&ledger, Arc::clone(bot.desk())).await?)
        }
        None => None,
    };
    let tokens_can_change = settings.tokens.can_change();
    let mut tasks = vec![tokens::keep(settings.tokens, tokens, Arc::clone(&bot))];
    tasks.extend(whitelist.keep(&bot));
    let (stop_health, stopped) = oneshot::channel();
    let health_address = health.as_ref().and_then(|listener| listener.local_addr().ok());
    if let Some(listener) = health {
        let until = async { drop::<Result<(), _>>(stopped.await) };
        tasks.push(tokio::spawn(http::serve(listener, bot.health_routes(), until)));
    }
    Ok(Serve {
        bot,
        store,
        control,
        tasks,
        stop_health,
        http: http_address,
        health: health_address,
        tokens_can_change,
    })
}

/// The ledger's file, for a configuration file and a folder of the ledger's own.
pub fn ledger(config: &Path, data: Option<&Path>) -> PathBuf {
    data.unwrap_or_else(|| folder_of(config)).join(LEDGER)
}

pub(crate) fn folder_of(config: &Path) -> &Path {
    config.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Serve {
    /// Resolves once the bot hears what is said, or never will.
    ///
    /// # Errors
    /// Why it never will.
    pub async fn connected(&self) -> Result<(), Deaf> {
        self.bot.connected().await
    }

    /// Resolves when Slack takes the app's token no more, and no other can come: there is nothing left to do.
    pub async fn deaf(&self) -> Deaf {
        if self.tokens_can_change {
            return std::future::pending().await;
        }
        self.bot.deaf().await
    }

    /// Where Slack's requests come in.
    pub fn http(&self) -> Option<SocketAddr> {
        self.http
    }

    /// Where it says how it is, beside that.
    pub fn health(&self) -> Option<SocketAddr> {
        self.health
    }

    /// Stops everything. What has come in is stored; what is in hand ends, within limits.
    pub async fn stop(self) -> Stopped {
        if let Some(control) = self.control {
            control.stop().await;
        }
        let (tokens, health) = (self.tasks, self.stop_health);
        tokens.iter().for_each(JoinHandle::abort);
        drop(health);
        for task in tokens {
            let _ = task.await;
        }
        let ended = match Arc::into_inner(self.bot) {
            Some(bot) => tokio::time::timeout(FINISH, bot.stop()).await.is_ok(),
            None => false,
        };
        if let Some(store) = self.store {
            store.close().await;
        }
        if ended { Stopped::Done } else { Stopped::InHand }
    }
}

/// How it stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Nothing was left in hand.
    Done,
    /// Something took too long; the next start takes it up.
    InHand,
}

async fn http_of(hears: Hears, tokens: &Tokens) -> Result<(Option<Http>, Option<SocketAddr>), StartError> {
    let (Hears::Http(address) | Hears::Both(address)) = hears else { return Ok((None, None)) };
    let secrets = Arc::new(SigningSecrets::new(tokens.for_http()?)?);
    let listener: TcpListener = listen::bind(address, "--http").await?;
    let address = listener.local_addr().ok();
    Ok((Some(Http { listener, secrets }), address))
}

fn app_token(hears: Hears, tokens: &Tokens) -> Result<Option<countersign_slack::Secret>, TokenError> {
    match hears {
        Hears::Http(_) => Ok(None),
        Hears::SocketMode | Hears::Both(_) => tokens.for_socket_mode().cloned().map(Some),
    }
}
