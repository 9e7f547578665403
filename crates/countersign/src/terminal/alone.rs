//! Where no program runs: the command line holds the ledger itself, starts the same engine in its own process, serves
//! other terminals on the same socket, and goes away. What is open then is taken up by whoever comes next.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use countersign_engine::pipeline::{Failure, Ports};
use countersign_engine::ports::InboxError;
use countersign_engine::{Engine, Intake};
use countersign_slack::web_api::WebError;
use countersign_slack::{Me, WebApi};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::away::Away;
use super::socket::{Control, SocketError};
use super::{Desk, Settings, remembered};
use crate::bot::{self, Slack, World};
use crate::config::{self, ConfigErrors};
use crate::store::{OpenError, Store};
use crate::tokens::{Source, TokenError};
use crate::whitelist::Kept;
use crate::{dev, serve};

/// So long Slack is given to say that it is there.
const PATIENCE: Duration = Duration::from_secs(5);
/// For what is in hand when it goes away; what takes longer is taken up by whoever comes next.
const FINISH: Duration = Duration::from_secs(20);

/// Where everything is.
pub struct Place {
    /// The configuration file.
    pub config: PathBuf,
    /// The ledger.
    pub ledger: PathBuf,
    /// The Web API's address.
    pub api_url: String,
    /// Where the tokens for Slack are kept.
    pub tokens: Source,
}

/// What for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// To see what is open: nothing is carried on.
    Looking,
    /// To do something: everything that is open is carried on meanwhile.
    Doing,
}

/// The engine, in this process.
pub struct Alone {
    desk: Arc<Desk>,
    engine: Arc<Engine>,
    store: Store,
    doing: Option<(Control, JoinHandle<()>)>,
    slack: Slackless,
}

/// Is Slack there?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slackless {
    /// It answers.
    No,
    /// It does not answer, or there are no tokens to ask it with.
    Yes,
}

/// It cannot be done in this process.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration does not hold.
    #[error("the configuration does not hold")]
    Config(#[source] ConfigErrors),
    /// The configuration says nothing of terminals.
    #[error("the configuration has no [terminal], so nothing can be done at one; docs/terminal.md shows how")]
    NoTerminal,
    /// The ledger cannot be opened.
    #[error("no program listens for terminals, and the ledger cannot be opened")]
    Ledger(#[source] OpenError),
    /// The tokens are there, and cannot be used.
    #[error(transparent)]
    Tokens(TokenError),
    /// Slack is there, and does not take the bot's token.
    #[error("Slack does not accept the bot's token")]
    Slack(#[source] WebError),
    /// A client for Slack cannot be made.
    #[error("a client for Slack cannot be made")]
    Bot(#[source] bot::StartError),
    /// Slack does not answer, and never has.
    #[error("Slack does not answer, and has never said here which workspace this is")]
    NeverKnown,
    /// The socket cannot be opened.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// What was left open cannot be taken up.
    #[error("what was left open cannot be taken up")]
    Resume(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Alone {
    /// Starts everything.
    ///
    /// # Errors
    /// [`StartError`] says what is in the way.
    pub async fn start(place: &Place, purpose: For) -> Result<Self, StartError> {
        let config = config::read(&place.config).map_err(StartError::Config)?;
        let settings = Settings::of(&config).ok_or(StartError::NoTerminal)?;
        // The ledger first: its lock says whether another one holds it.
        let store = Store::open(&config, &place.ledger).await.map_err(StartError::Ledger)?;
        let world = store.world();
        let found = slack(place, &world).await?;
        let me = match &found {
            Some((_, me)) => {
                remembered::remember(&place.ledger, me);
                me.clone()
            }
            None => remembered::recall(&place.ledger).ok_or(StartError::NeverKnown)?,
        };
        let registry = Kept::of(&config).added_to(dev::registry(serve::folder_of(&place.config)));
        let rules =
            config.rules(me.org().clone(), (&registry, &world.freezes)).await.map_err(StartError::Config)?;
        let ports = match &found {
            Some((web, me)) => bot::ports(bot::chat(web, me, &config), (web, me), &world),
            None => away(&world),
        };
        let directory = Arc::clone(&ports.directory);
        let engine = Engine::with_lease(ports, rules, config.lease());
        let desk = Desk::new(Arc::clone(&engine), me.org().clone(), settings);
        let doing = match purpose {
            For::Looking => None,
            For::Doing => {
                let control = Control::open(&place.ledger, Arc::clone(&desk)).await?;
                engine.resume().await.map_err(|error: Failure| StartError::Resume(error.into()))?;
                if found.is_some() {
                    // What Slack had delivered, and nobody handled: a no may be among it.
                    let inbox = Arc::clone(&world.inbox);
                    let intake = Intake::new(inbox, Arc::clone(&engine), bot::reader(&world, &me, directory));
                    intake.resume().await.map_err(|error: InboxError| StartError::Resume(error.into()))?;
                }
                Some((control, engine.keep_watch()))
            }
        };
        let slack = if found.is_some() { Slackless::No } else { Slackless::Yes };
        Ok(Self { desk, engine, store, doing, slack })
    }

    /// Where to ask.
    pub fn desk(&self) -> &Arc<Desk> {
        &self.desk
    }

    /// Is Slack there?
    pub fn slack(&self) -> Slackless {
        self.slack
    }

    /// Lets what is in hand end, within limits, and lets go of the ledger.
    pub async fn stop(self) {
        if let Some((control, watch)) = self.doing {
            watch.abort();
            control.stop().await;
            let _ = timeout(FINISH, self.engine.stop()).await;
        }
        self.store.close().await;
    }
}

/// Slack, if there are tokens for it and it answers.
async fn slack(place: &Place, world: &World) -> Result<Option<(WebApi, Me)>, StartError> {
    let tokens = match place.tokens.load() {
        Ok(tokens) => tokens,
        Err(TokenError::Missing(_)) => return Ok(None),
        Err(error) => return Err(StartError::Tokens(error)),
    };
    let slack = Slack { api_url: place.api_url.clone(), bot_token: tokens.bot, app_token: None, http: None };
    let web = bot::web_api(&slack, &world.clock).map_err(StartError::Bot)?;
    match timeout(PATIENCE, web.auth_test()).await {
        Ok(Ok(me)) => Ok(Some((web, me))),
        // A token that Slack does not take is no reason to do without its word.
        Ok(Err(error @ (WebError::Denied { .. } | WebError::ForeignAddress))) => {
            Err(StartError::Slack(error))
        }
        Ok(Err(_)) | Err(_) => Ok(None),
    }
}

fn away(world: &World) -> Ports {
    Ports {
        chat: Arc::new(Away),
        directory: Arc::new(Away),
        ledger: Arc::clone(&world.ledger),
        freezes: Arc::clone(&world.freezes),
        clock: Arc::clone(&world.clock),
        ids: Arc::clone(&world.ids),
    }
}
