//! The bot: a Slack workspace, a ledger and a configuration, connected.

mod health;
mod housekeeping;
mod http;
mod listening;
mod notices;
mod reader;
mod rotate;
mod without_database;
mod witnesses;

use std::sync::Arc;

use axum::Router;
use countersign_engine::intake::Reader;
use countersign_engine::pipeline::{Failure, Ports, Sealing};
use countersign_engine::ports::{Clock, Directory, Freezes, Ids, Inbox, InboxError, Ledger};
use countersign_engine::{Engine, Intake};
use countersign_slack::http::SigningSecrets;
use countersign_slack::socket_mode::Sink;
use countersign_slack::web_api::{Settings as WebSettings, WebError};
use countersign_slack::{Me, Reactions, Secret, SlackChat, SlackDirectory, WebApi};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::config::{Config, ConfigErrors, Registry};
use crate::terminal::{Desk, Settings};
use crate::tokens::Tokens;
use health::Vitals;
pub use health::{Health, Requests, Sockets};
pub use http::Http;
use http::Serving;
pub use listening::Deaf;
use listening::Listening;
use notices::Notices;
pub use rotate::RotateError;

/// How to reach the workspace.
pub struct Slack {
    /// The Web API's address: `https://slack.com/api/`, or an emulator's.
    pub api_url: String,
    /// The bot's token, `xoxb-…`.
    pub bot_token: Secret,
    /// The app's token, `xapp-…`, where the bot listens over Socket Mode.
    pub app_token: Option<Secret>,
    /// Where Slack's requests come in, where the bot listens over HTTP.
    pub http: Option<Http>,
}

/// What the bot works with.
pub struct World {
    /// Operations and their events.
    pub ledger: Arc<dyn Ledger>,
    /// What is frozen by hand.
    pub freezes: Arc<dyn Freezes>,
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
    desk: Arc<Desk>,
    intake: Arc<Intake>,
    world: World,
    web: WebApi,
    me: Me,
    listening: Mutex<Option<(Secret, Listening)>>,
    serving: Option<Serving>,
    secrets: Option<Arc<SigningSecrets>>,
    vitals: Arc<Vitals>,
    notices: Arc<Notices>,
    housekeeper: JoinHandle<()>,
    watch: JoinHandle<()>,
    sealing: Sealing,
    left_behind: JoinHandle<()>,
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
        let chat = chat(&web, &me, config);
        Self::run((slack, web, me), (chat, world), (config, registry)).await
    }

    async fn run(
        (slack, web, me): (Slack, WebApi, Me),
        (chat, world): (Arc<SlackChat>, World),
        (config, registry): (&Config, &Registry),
    ) -> Result<Self, StartError> {
        let rules =
            config.rules(me.org().clone(), (registry, &world.freezes)).await.map_err(StartError::Config)?;
        let ports = ports(chat, (&web, &me), &world);
        let directory = Arc::clone(&ports.directory);
        let witnesses = witnesses::of(config, &ports);
        let engine = Engine::with_lease(ports, rules, config.lease());
        let notices = Arc::new(Notices::new(Arc::clone(&world.clock)));
        let reader = reader::reader(me.clone(), Arc::clone(&notices), directory);
        let intake = Intake::new(Arc::clone(&world.inbox), Arc::clone(&engine), reader);
        engine.resume().await.map_err(|error: Failure| StartError::Resume(error.into()))?;
        intake.resume().await.map_err(|error: InboxError| StartError::Resume(error.into()))?;
        let vitals = Arc::new(Vitals::new(Arc::clone(&world.inbox), Arc::clone(&notices)));
        let housekeeper = housekeeping::start(Arc::clone(&world.inbox), Arc::clone(&world.clock));
        let watch = engine.keep_watch();
        let sealing = engine.keep_sealing(witnesses);
        let left_behind = intake.keep_watch();
        let terminal = Settings::of(config).unwrap_or_default();
        let desk = Desk::new(Arc::clone(&engine), me.org().clone(), terminal);
        let bot = Self {
            engine,
            desk,
            intake,
            world,
            web,
            me,
            listening: Mutex::default(),
            serving: None,
            secrets: None,
            vitals,
            notices,
            housekeeper,
            watch,
            sealing,
            left_behind,
        };
        Ok(bot.listen(slack.app_token, slack.http))
    }

    /// Begins to listen, with whatever ears there are. Both of them hand in at the same inbox.
    fn listen(mut self, app_token: Option<Secret>, http: Option<Http>) -> Self {
        if let Some(token) = app_token {
            let listening = Listening::start(self.web.with_token(token.clone()), self.sink(), &self.world);
            self.vitals.listens_with(listening.ear());
            *self.listening.get_mut() = Some((token, listening));
        }
        if let Some(http) = http {
            self.secrets = Some(Arc::clone(&http.secrets));
            let serving = Serving::start(http, self.sink(), (&self.world.clock, self.health_routes()));
            self.vitals.receives_with(serving.receiver());
            self.serving = Some(serving);
        }
        self
    }

    /// The engine behind it.
    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    fn sink(&self) -> Arc<dyn Sink> {
        Arc::clone(&self.intake) as _
    }

    /// Resolves once the bot hears what is said, or never will.
    ///
    /// # Errors
    /// Why it never will.
    pub async fn connected(&self) -> Result<(), Deaf> {
        match self.vitals.ear() {
            Some(ear) => ear.connected().await,
            None => Ok(()),
        }
    }

    /// Resolves when the bot, which heard over Socket Mode, never will again; where it hears over HTTP, too, never.
    pub async fn deaf(&self) -> Deaf {
        match (self.vitals.ear(), &self.serving) {
            (Some(ear), None) => ear.deaf().await,
            _ => std::future::pending().await,
        }
    }

    /// Puts another configuration in force. If it does not hold, the old one stays.
    ///
    /// # Errors
    /// What is wrong with it.
    pub async fn reload(&self, config: &Config, registry: &Registry) -> Result<(), ConfigErrors> {
        let rules = config.rules(self.me.org().clone(), (registry, &self.world.freezes)).await?;
        self.engine.reload(rules);
        self.desk.reload(Settings::of(config).unwrap_or_default());
        Ok(())
    }

    /// Who the bot is.
    pub fn me(&self) -> &Me {
        &self.me
    }

    /// Where people at terminals are served.
    pub fn desk(&self) -> &Arc<Desk> {
        &self.desk
    }

    /// How the bot is, looked at now.
    pub async fn health(&self) -> Health {
        self.vitals.look().await
    }

    /// `GET /healthz`: 200 while all is well, and else 503, with [`Health`] as JSON.
    pub fn health_routes(&self) -> Router {
        health::router(Arc::clone(&self.vitals))
    }

    /// Resolves once nothing is in hand: what remains open waits for people or for time.
    pub async fn settled(&self) {
        self.engine.settled().await;
    }

    /// Stops listening, then lets what is in hand end.
    pub async fn stop(self) {
        self.housekeeper.abort();
        self.watch.abort();
        self.left_behind.abort();
        if let Some(serving) = self.serving {
            serving.stop().await;
        }
        if let Some((_, listening)) = self.listening.into_inner() {
            listening.stop().await;
        }
        self.engine.stop().await;
        self.sealing.stop().await;
    }
}

/// The bot's voice, as the configuration wants it.
pub(crate) fn chat(web: &WebApi, me: &Me, config: &Config) -> Arc<SlackChat> {
    let reactions = if config.file().slack.reactions { Reactions::Used } else { Reactions::Off };
    Arc::new(SlackChat::new(web.clone(), me.clone()).with_reactions(reactions))
}

/// Reads what Slack delivered.
pub(crate) fn reader(world: &World, me: &Me, directory: Arc<dyn Directory>) -> Reader {
    let notices = Arc::new(Notices::new(Arc::clone(&world.clock)));
    reader::reader(me.clone(), notices, directory)
}

pub(crate) fn ports(chat: Arc<SlackChat>, (web, me): (&WebApi, &Me), world: &World) -> Ports {
    Ports {
        chat,
        directory: Arc::new(SlackDirectory::new(web.clone(), me.clone(), Arc::clone(&world.clock))),
        ledger: Arc::clone(&world.ledger),
        freezes: Arc::clone(&world.freezes),
        clock: Arc::clone(&world.clock),
        ids: Arc::clone(&world.ids),
    }
}

pub(crate) fn web_api(slack: &Slack, clock: &Arc<dyn Clock>) -> Result<WebApi, StartError> {
    let base = slack.api_url.parse().map_err(|_| StartError::Address(slack.api_url.clone()))?;
    let settings = WebSettings { base, token: slack.bot_token.clone(), deadlines: Default::default() };
    WebApi::new(settings, Arc::clone(clock)).map_err(|error| StartError::Client(error.into()))
}
