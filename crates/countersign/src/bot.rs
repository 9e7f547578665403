//! The bot: a Slack workspace, a ledger and a configuration, connected.

mod housekeeping;
mod listening;
mod notices;
mod reader;

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_core::ids::OrgId;
use countersign_engine::pipeline::{Failure, Ports};
use countersign_engine::ports::{Clock, Ids, Inbox, InboxError, Ledger};
use countersign_engine::{Engine, Intake};
use countersign_slack::web_api::{Settings as WebSettings, WebError};
use countersign_slack::{Secret, SlackChat, SlackDirectory, WebApi};
use tokio::task::JoinHandle;

use crate::config::{Config, ConfigErrors, Registry};
pub use listening::Deaf;
use listening::Listening;
use notices::Notices;

/// How to reach the workspace.
pub struct Slack {
    /// The Web API's address: `https://slack.com/api/`, or an emulator's.
    pub api_url: String,
    /// The bot's token, `xoxb-…`.
    pub bot_token: Secret,
    /// The app's token for Socket Mode, `xapp-…`.
    pub app_token: Secret,
}

/// What the bot works with.
pub struct World {
    /// Operations and their events.
    pub ledger: Arc<dyn Ledger>,
    /// What was received.
    pub inbox: Arc<dyn Inbox>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub ids: Arc<dyn Ids>,
}

/// A running bot.
pub struct Bot {
    engine: Arc<Engine>,
    home: OrgId,
    listening: Listening,
    notices: Arc<Notices>,
    housekeeper: JoinHandle<()>,
}

/// The bot cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address of the Web API is none.
    #[error("`{0}` is no address of a Slack Web API")]
    Address(String),
    /// The machine's TLS cannot be set up.
    #[error("a client for Slack cannot be made")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Slack does not know the token, or does not answer.
    #[error("Slack does not accept the bot's token, or does not answer")]
    Slack(#[source] WebError),
    /// The configuration does not hold.
    #[error("the configuration does not hold")]
    Config(#[source] ConfigErrors),
    /// The ledger or the inbox does not answer.
    #[error("what was left open cannot be taken up")]
    Resume(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Bot {
    /// Connects everything, takes up what was left open, and begins to listen.
    ///
    /// # Errors
    /// [`StartError`] says which part is missing or broken.
    pub async fn start(
        slack: Slack,
        world: World,
        (config, registry): (&Config, &Registry),
    ) -> Result<Self, StartError> {
        let web = web_api(&slack, &world.clock)?;
        let me = web.auth_test().await.map_err(StartError::Slack)?;
        let home = me.org().clone();
        let rules = config.rules(home.clone(), registry).await.map_err(StartError::Config)?;
        let ports = Ports {
            chat: Arc::new(SlackChat::new(web.clone(), me.clone())),
            directory: Arc::new(SlackDirectory::new(web.clone(), me.clone(), Arc::clone(&world.clock))),
            ledger: Arc::clone(&world.ledger),
            clock: Arc::clone(&world.clock),
            ids: Arc::clone(&world.ids),
        };
        let engine = Engine::new(ports, rules);
        let notices = Arc::new(Notices::new(Arc::clone(&world.clock)));
        let reader = reader::reader(me, Arc::clone(&notices));
        let intake = Intake::new(Arc::clone(&world.inbox), Arc::clone(&engine), reader);
        engine.resume().await.map_err(|error: Failure| StartError::Resume(error.into()))?;
        intake.resume().await.map_err(|error: InboxError| StartError::Resume(error.into()))?;
        let listening = Listening::start(web.with_token(slack.app_token), intake, &world);
        let housekeeper = housekeeping::start(world.inbox, world.clock);
        Ok(Self { engine, home, listening, notices, housekeeper })
    }

    /// Resolves once the bot hears what is said, or never will.
    ///
    /// # Errors
    /// Why it never will.
    pub async fn connected(&mut self) -> Result<(), Deaf> {
        self.listening.connected().await
    }

    /// Puts another configuration in force. If it does not hold, the old one stays.
    ///
    /// # Errors
    /// What is wrong with it.
    pub async fn reload(&self, config: &Config, registry: &Registry) -> Result<(), ConfigErrors> {
        let rules = config.rules(self.home.clone(), registry).await?;
        self.engine.reload(rules);
        Ok(())
    }

    /// What Slack said that somebody has to do something about, as sentences.
    pub fn problems(&self) -> Vec<&'static str> {
        self.notices.problems()
    }

    /// How often something unknown came, by its kind.
    pub fn unknown(&self) -> BTreeMap<String, u64> {
        self.notices.unknown()
    }

    /// Resolves once nothing is in hand: what remains open waits for people or for time.
    pub async fn settled(&self) {
        self.engine.settled().await;
    }

    /// Stops listening, then lets what is in hand end.
    pub async fn stop(self) {
        self.housekeeper.abort();
        self.listening.stop().await;
        self.engine.stop().await;
    }
}

fn web_api(slack: &Slack, clock: &Arc<dyn Clock>) -> Result<WebApi, StartError> {
    let base = slack.api_url.parse().map_err(|_| StartError::Address(slack.api_url.clone()))?;
    let settings = WebSettings { base, token: slack.bot_token.clone(), deadlines: Default::default() };
    WebApi::new(settings, Arc::clone(clock)).map_err(|error| StartError::Client(error.into()))
}
