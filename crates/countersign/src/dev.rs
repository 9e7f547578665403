//! Everything on one machine: a Slack workspace in a box, the bot connected to
//! it over loopback, a ledger, and a demo product with its database.

mod clock;
mod cycle_workers;
mod demo_data;
mod folder;
mod panel;
mod sandbox;
mod watch;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_engine::ports::Clock as _;
use countersign_engine::system::{OsIds, SystemClock};
use countersign_slack::Secret;
use countersign_store::sqlite::{OpenError, SqliteStore};
use slack_emulator::seed::SlashCommand;
use slack_emulator::{Emulator, Options, Seed, StoreLocation};
use tokio::task::JoinHandle;

use crate::bot::{self, Bot, Deaf, Slack, World};
use crate::config::{self, Config, ConfigErrors, Registry};
use crate::manifest;
use crate::terminal::remembered;
use crate::terminal::socket::{Control, SocketError};

use clock::MovableClock;
pub use demo_data::make as make_demo_database;
pub use folder::{Start, default_folder};
use panel::AccountPanel;
pub use sandbox::Sandbox;
use watch::Watch;

/// The page's port, unless another is asked for.
pub const DEFAULT_PORT: u16 = 7878;
/// The demo's configuration.
pub const DEMO_CONFIG: &str = include_str!("dev/demo.toml");

/// How to start.
pub struct Settings {
    /// Where everything is kept.
    pub folder: PathBuf,
    /// From where it was, or from nothing.
    pub start: Start,
    /// The page's port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// A configuration instead of the demo's.
    pub config: Option<PathBuf>,
}

/// All of it, running.
pub struct Dev {
    emulator: Emulator,
    bot: Arc<Bot>,
    store: Arc<SqliteStore>,
    control: Option<Control>,
    watch: Watch,
    sandbox: JoinHandle<()>,
    panel: JoinHandle<()>,
}

/// It cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder cannot be used.
    #[error("the folder {} cannot be used", .0.display())]
    Folder(PathBuf, #[source] std::io::Error),
    /// The ledger cannot be opened.
    #[error("the ledger cannot be opened")]
    Ledger(#[source] OpenError),
    /// The demo database cannot be made.
    #[error("the demo database cannot be used")]
    Demo(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The emulator cannot start.
    #[error(transparent)]
    Emulator(slack_emulator::StartError),
    /// The configuration does not hold.
    #[error("the configuration does not hold")]
    Config(#[source] ConfigErrors),
    /// The bot cannot start.
    #[error("the bot cannot start")]
    Bot(#[source] bot::StartError),
    /// The socket for terminals cannot be opened.
    #[error(transparent)]
    Control(#[from] SocketError),
    /// The bot cannot listen.
    #[error("the bot cannot listen")]
    Listen(#[source] Deaf),
}

/// The demo's configuration, without a folder.
///
/// # Errors
/// None, unless the program was built with a broken one.
pub fn demo_config() -> Result<Config, ConfigErrors> {
    config::parse(Path::new("demo.toml"), DEMO_CONFIG.to_owned())
}

/// The demo's runbooks in Rust, on the demo database in `folder` and a sandbox account of their own.
pub fn registry(folder: &Path) -> Registry {
    let cycle = cycle_workers::CycleWorkers::new(&folder.join("demo.db"));
    let mut registry = Sandbox::new(Arc::new(SystemClock)).runbooks();
    registry.insert("cycle-workers".to_owned(), Arc::new(cycle) as _);
    registry
}

/// The emulated workspace, with a slash command for every first word of the configuration's commands.
///
/// # Errors
/// What is wrong with the configuration.
pub fn workspace(config: &Config) -> Result<Seed, ConfigErrors> {
    let mut seed = Seed::demo();
    let commands = manifest::slash_commands(config)?.into_iter();
    seed.app.commands = commands
        .map(|slash| SlashCommand {
            command: slash.command,
            description: slash.description,
            usage_hint: slash.usage_hint.unwrap_or_default(),
        })
        .collect();
    Ok(seed)
}

/// The bot's tokens in the emulated workspace.
pub fn slack(emulator: &Emulator) -> Slack {
    Slack {
        api_url: emulator.api_url(),
        bot_token: Secret::new("xoxb-backoffice"),
        app_token: Some(Secret::new("xapp-backoffice")),
        http: None,
    }
}

/// Starts everything, and resolves once the bot listens.
///
/// # Errors
/// [`StartError`] says which part is in the way.
pub async fn start(settings: Settings) -> Result<Dev, StartError> {
    let folder = settings.folder;
    folder::prepare(&folder, settings.start).map_err(|error| StartError::Folder(folder.clone(), error))?;
    // The ledger first: its lock says whether another one runs on this folder.
    let ledger = folder.join("ledger.db");
    let store = SqliteStore::open(&ledger).await.map_err(StartError::Ledger)?;
    let store = Arc::new(store);
    let path = match settings.config {
        Some(path) => path,
        None => {
            folder::demo_config_file(&folder).map_err(|error| StartError::Folder(folder.clone(), error))?
        }
    };
    make_demo_database(&folder.join("demo.db"), SystemClock.now())
        .await
        .map_err(|error| StartError::Demo(error.into()))?;
    let config = config::read(&path).map_err(StartError::Config)?;
    let clock = MovableClock::default();
    let sandbox = Arc::new(Sandbox::new(Arc::new(clock.clone())));
    let panel = AccountPanel::new(&sandbox, &clock);
    let mut registry = registry(&folder);
    registry.extend(sandbox.runbooks());
    let emulator = Emulator::start(Options {
        addr: SocketAddr::from((Ipv4Addr::LOCALHOST, settings.port)),
        store: StoreLocation::File(folder.join("workspace.db")),
        seed: workspace(&config).map_err(StartError::Config)?,
        clock: Arc::new(clock.clone()),
        aside: Some(Arc::clone(&panel) as _),
        ..Options::default()
    })
    .await
    .map_err(StartError::Emulator)?;
    let world = World {
        ledger: Arc::clone(&store) as _,
        inbox: Arc::clone(&store) as _,
        freezes: Arc::clone(&store) as _,
        clock: Arc::new(clock),
        ids: Arc::new(OsIds),
    };
    let started = Bot::start(slack(&emulator), world, (&config, &registry)).await;
    let bot = started.map_err(|error| match error {
        bot::StartError::Config(errors) => StartError::Config(errors),
        error => StartError::Bot(error),
    })?;
    bot.connected().await.map_err(StartError::Listen)?;
    let bot = Arc::new(bot);
    sandbox.speaks_through(&bot);
    let (sandbox, panel) = (sandbox.keep(), tokio::spawn(panel.follow()));
    remembered::remember(&ledger, bot.me());
    let control = match config.file().terminal {
        Some(_) => Some(Control::open(&ledger, Arc::clone(bot.desk())).await?),
        None => None,
    };
    let watch = Watch::start(path, &config, Arc::clone(&bot), registry);
    Ok(Dev { emulator, bot, store, control, watch, sandbox, panel })
}

impl Dev {
    /// The page's address.
    pub fn page(&self) -> String {
        format!("{}/", self.emulator.url())
    }

    /// Stops everything; what is in hand ends first.
    pub async fn stop(self) {
        if let Some(control) = self.control {
            control.stop().await;
        }
        self.watch.stop().await;
        for task in [self.sandbox, self.panel] {
            task.abort();
            let _ = task.await;
        }
        if let Some(bot) = Arc::into_inner(self.bot) {
            bot.stop().await;
        }
        self.emulator.shutdown().await;
        self.store.close().await;
    }
}
