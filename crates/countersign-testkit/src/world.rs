//! The world of a story: a workspace, the bot in it, and a product's database.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use countersign::bot::{Bot, World as BotWorld};
use countersign::config::{Keeps, Registry};
use countersign::terminal::protocol::{Answer, Wanted};
use countersign::terminal::who::Proof;
use countersign::{config, dev};
use countersign_engine::memory::{FakeClock, SequenceIds};
use countersign_engine::ports::Inbox as _;
use countersign_store::LedgerKey;
use countersign_store::slack::Parts;
use countersign_store::sqlite::SqliteStore;
use ip_whitelist_manager::domain::Owner;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use slack_emulator::workspace::{ChannelId, UserId};
use slack_emulator::{Emulator, Options, StoreLocation};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;
use tokio::sync::{Mutex, watch};

use crate::clock::EmulatorClock;
use crate::held::Held;
use crate::message::Message;
use crate::person::Person;

/// When every story begins (UTC).
const BEGINNING: &str = "2026-11-20T09:00:00Z";

/// What the key of a ledger in Slack is made of.
const LEDGER_KEY: &str = "0123456789abcdef0123456789abcdef";

/// A story that waits longer than this has failed.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
/// How often, and by how much, a story's time moves where it passes by itself.
const TICK: std::time::Duration = std::time::Duration::from_millis(1);
const TICK_IN_THE_STORY: SignedDuration = SignedDuration::from_millis(200);

/// Everything that a story happens in.
pub struct World {
    /// In support.
    pub ana: Person,
    /// In support.
    pub ben: Person,
    /// An engineer.
    pub chloe: Person,
    /// An engineer.
    pub dmitri: Person,
    /// A guest.
    pub gus: Person,
    /// From another workspace.
    pub eve: Person,
    /// The bot's and the workspace's time.
    pub clock: Arc<FakeClock>,
    /// The demo product's database.
    pub database: SqlitePool,
    emulator: Arc<Emulator>,
    gate: watch::Sender<bool>,
    bot: Arc<Mutex<Option<Bot>>>,
    /// Nothing, where Slack itself is the ledger.
    store: Option<Arc<SqliteStore>>,
    /// The demo's account: security groups and the whitelist.
    pub account: dev::Sandbox,
    /// Beside the demo's.
    runbooks: Registry,
    ids: Arc<SequenceIds>,
    config: PathBuf,
    folder: TempDir,
}

/// Waits until nobody has anything left to do.
#[derive(Clone)]
pub(crate) struct Rest {
    emulator: Arc<Emulator>,
    bot: Arc<Mutex<Option<Bot>>>,
}

impl Rest {
    /// Resolves when the workspace has delivered everything and the bot has handled it.
    pub(crate) async fn reached(&self) {
        let bot = self.bot.lock().await;
        let Some(bot) = bot.as_ref() else { return };
        // What the bot does makes the workspace deliver more; the bot has nothing to do with that.
        for _ in 0..2 {
            self.emulator.settled().await;
            bot.settled().await;
        }
    }
}

impl World {
    pub(crate) async fn new((commands, runbooks): (&str, Registry), keeps: Keeps<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FakeClock::at(BEGINNING.parse().unwrap()));
        let config = folder.path().join("countersign.toml");
        std::fs::write(&config, commands).unwrap();
        dev::make_demo_database(&folder.path().join("demo.db"), BEGINNING.parse().unwrap()).await.unwrap();
        let emulator = Emulator::start(Options {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            store: StoreLocation::Memory,
            seed: dev::workspace(&config::read(&config).unwrap()).unwrap(),
            clock: Arc::new(EmulatorClock(Arc::clone(&clock))),
            ..Options::default()
        });
        let emulator = Arc::new(emulator.await.unwrap());
        let store = match keeps {
            Keeps::File => Some(Arc::new(SqliteStore::open(&folder.path().join("ledger.db")).await.unwrap())),
            Keeps::Slack | Keeps::Table(_) => None,
        };
        let options = SqliteConnectOptions::new().filename(folder.path().join("demo.db"));
        let account = dev::Sandbox::new(Arc::clone(&clock) as _);
        let bot = Arc::new(Mutex::new(None));
        let rest = Rest { emulator: Arc::clone(&emulator), bot: Arc::clone(&bot) };
        let person = |name| Person::new(name, &emulator.url(), rest.clone());
        let world = Self {
            ana: person("ana"),
            ben: person("ben"),
            chloe: person("chloe"),
            dmitri: person("dmitri"),
            gus: person("gus"),
            eve: person("eve"),
            clock,
            database: SqlitePool::connect_lazy_with(options),
            ids: Arc::new(SequenceIds::default()),
            emulator: Arc::clone(&emulator),
            gate: watch::Sender::new(false),
            bot,
            store,
            account,
            runbooks,
            config,
            folder,
        };
        world.start_bot().await;
        world
    }

    /// Starts the bot, on the ledger that is there.
    pub async fn start_bot(&self) {
        let config = config::read(&self.config).unwrap();
        let (clock, ids) = (Arc::clone(&self.clock) as _, Arc::clone(&self.ids) as _);
        let (slack, mut registry) = (dev::slack(&self.emulator), dev::registry(self.folder.path()));
        registry.extend(self.account.runbooks());
        registry.insert("held".to_owned(), Arc::new(Held::new(self.gate.clone())));
        registry.extend(self.runbooks.clone());
        let bot = match &self.store {
            Some(store) => {
                let world = BotWorld {
                    ledger: Arc::clone(store) as _,
                    inbox: Arc::clone(store) as _,
                    freezes: Arc::clone(store) as _,
                    clock,
                    ids,
                };
                Bot::start(slack, world, (&config, &registry)).await
            }
            None => {
                let parts =
                    Parts { key: LedgerKey::new(LEDGER_KEY).unwrap(), lease: config.lease(), clock, ids };
                Bot::start_without_database(slack, parts, (&config, &registry)).await
            }
        };
        let bot = bot.unwrap();
        bot.connected().await.unwrap();
        self.account.speaks_through(&bot);
        *self.bot.lock().await = Some(bot);
        self.rest().reached().await;
    }

    /// Lets the commands with the runbook `held` go on: they wait until then.
    pub fn lets_go(&self) {
        self.gate.send_replace(true);
    }

    /// Stops the bot; the workspace goes on without it.
    pub async fn stop_bot(&self) {
        if let Some(bot) = self.bot.lock().await.take() {
            bot.stop().await;
        }
    }

    /// Lets time pass, then waits until what became due is done.
    pub async fn later(&self, by: SignedDuration) {
        self.clock.advance(by);
        self.rest().reached().await;
    }

    /// The demo's account does what is due: follows its table, and sweeps what is over.
    pub async fn account_works(&self) {
        self.account.work().await.unwrap();
        self.rest().reached().await;
    }

    /// The rules of the account's security groups: `name: network:port …`, those of others with a star.
    pub fn rules(&self) -> Vec<String> {
        let mark = |owner| if owner == Owner::Foreign { "*" } else { "" };
        let groups = self.account.firewall.snapshot().into_iter();
        let told = groups.map(|(group, rules)| {
            let list = rules.list.iter().map(|rule| {
                let port = rule.place().map(|(_, port)| port).unwrap_or_default();
                format!("{}{}:{port}", mark(rule.owner), rule.cidr)
            });
            format!("{}: {}", group.name, list.collect::<Vec<_>>().join(" "))
        });
        told.collect()
    }

    /// The bot's card for a request: the message that carries an operation's id. A card is drawn
    /// once a second at most, so that a second passes before it is looked at.
    pub async fn card(&self, request: &Message) -> Message {
        self.later(SignedDuration::from_secs(1)).await;
        self.card_now(request).await
    }

    /// Does something while time passes, two hundred times as fast as ours: for what waits by the clock on the way.
    pub async fn while_time_passes<T>(&self, doing: impl Future<Output = T>) -> T {
        let mut ticks = tokio::time::interval(TICK);
        let passes = async {
            loop {
                ticks.tick().await;
                self.clock.advance(TICK_IN_THE_STORY);
            }
        };
        tokio::select! {
            done = doing => done,
            () = passes => unreachable!("time ends for nobody"),
        }
    }

    /// The card as it stands in this very second.
    pub async fn card_now(&self, request: &Message) -> Message {
        let answers = self.answers(request).await;
        let card = answers.iter().find(|answer| answer.text().contains("op_"));
        card.unwrap_or_else(|| panic!("there is no card under {request:?}: {answers:?}")).clone()
    }

    /// The card, once it says `words`: for what time moves, as no person's act does.
    pub async fn card_that(&self, request: &Message, words: &str) -> Message {
        let said = |answer: &Message| answer.text().contains("op_") && answer.text().contains(words);
        match self.answer_that(request, said).await {
            Some(card) => card,
            None => panic!("the card never said {words:?}: {}", self.card_now(request).await.text()),
        }
    }

    /// Waits until the bot has answered a message: for those who do not wait until the world has come to rest.
    pub async fn answered(&self, request: &Message) {
        let answer = self.answer_that(request, |_| true).await;
        assert!(answer.is_some(), "nobody answered {request:?}");
    }

    /// The bot's first answer of this kind, once there is one.
    async fn answer_that(&self, request: &Message, fits: impl Fn(&Message) -> bool) -> Option<Message> {
        let mut changes = self.emulator.workspace().changes();
        let said = async {
            loop {
                if let Some(answer) = self.answers(request).await.into_iter().find(&fits) {
                    return answer;
                }
                // Whatever changes next may be the answer.
                let _ = changes.recv().await;
            }
        };
        tokio::time::timeout(PATIENCE, said).await.ok()
    }

    /// What the bot answered in a message's thread.
    pub async fn answers(&self, request: &Message) -> Vec<Message> {
        let reader = self.reader(&request.channel);
        let mut thread = reader.thread(request).await;
        thread.retain(|message| message.user() == crate::BOT && message.ts != request.ts);
        thread
    }

    /// The bot's one answer to a message, as text.
    pub async fn answer(&self, request: &Message) -> String {
        let answers = self.answers(request).await;
        assert_eq!(answers.len(), 1, "one answer to {request:?}: {answers:?}");
        answers.first().map(Message::text).unwrap_or_default()
    }

    /// A message with its reactions as they stand.
    pub async fn now(&self, message: &Message) -> Message {
        self.reader(&message.channel).sees(message).await
    }

    /// A value of the product's database.
    pub async fn value(&self, sql: &str) -> Option<String> {
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&self.database).await.unwrap()
    }

    /// Changes the product's database behind the bot's back.
    pub async fn behind_its_back(&self, sql: &str) {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&self.database).await.unwrap();
    }

    /// The dialog that is open for a person.
    pub fn open_view(&self, person: &Person) -> String {
        let user = UserId::new(&person.id);
        let open = self
            .emulator
            .workspace()
            .read(|state| state.modals(&user).last().map(|view| view.id.to_string()));
        open.unwrap_or_else(|| panic!("no dialog is open for {}", person.id))
    }

    /// The bot's home as a person sees it, as JSON text.
    pub fn home(&self, person: &Person) -> String {
        let user = UserId::new(&person.id);
        let home = self
            .emulator
            .workspace()
            .read(|state| state.home(&user).map(|view| serde_json::to_string(&view.body).unwrap()));
        home.unwrap_or_else(|| panic!("{} has no home", person.id))
    }

    /// What a person alone was told in a channel, as plain text.
    pub fn whispers(&self, person: &Person, channel: &str) -> Vec<String> {
        let (user, channel) = (UserId::new(&person.id), ChannelId::new(channel));
        self.emulator
            .workspace()
            .read(|state| state.ephemerals(&user, &channel).map(|whisper| whisper.text.clone()).collect())
    }

    /// Makes the workspace misbehave, in the words of its `/emulator/faults`; gives what it says of its faults.
    pub async fn fault(&self, wanted: Value) -> Value {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let call = http.post(format!("{}/emulator/faults", self.emulator.url())).json(&wanted);
        call.send().await.unwrap().json().await.unwrap()
    }

    /// A call of the Web API with the bot's own token, as another process of its makes it.
    pub async fn as_the_bot(&self, method: &str, args: Value) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let call = http.post(format!("{}/api/{method}", self.emulator.url())).bearer_auth("xoxb-backoffice");
        let answer: Value = call.json(&args).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer.get("ok"), Some(&Value::Bool(true)), "{method}: {answer}");
    }

    /// What somebody at a terminal is told; the number of their Unix user says who they are. The world does not come to
    /// rest before the next verb: whoever is at a terminal may be there because it cannot.
    pub async fn at_terminal(&self, unix: u32, wanted: &Wanted) -> Answer {
        let desk = Arc::clone(self.bot.lock().await.as_ref().unwrap().desk());
        desk.answer(&Proof { uid: unix, token: None }, wanted).await
    }

    /// What an administrator of the workspace does, in the words of its `/emulator/…`.
    pub async fn administer(&self, what: &str, args: Value) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let call = http.post(format!("{}/emulator/{what}", self.emulator.url())).json(&args);
        let answer: Value = call.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer.get("ok"), Some(&Value::Bool(true)), "{what}: {answer}");
        self.rest().reached().await;
    }

    /// What the bot told a person in direct messages, as notifications show it.
    pub fn direct_messages(&self, person: &Person) -> Vec<String> {
        let user = UserId::new(&person.id);
        self.emulator.workspace().read(|state| {
            let theirs = state.visible_channels(&user).into_iter();
            let direct = theirs.filter(|channel| channel.id.as_str().starts_with('D'));
            direct
                .flat_map(|channel| state.messages(&channel.id))
                .map(|message| message.text.clone())
                .collect()
        })
    }

    /// What is frozen by hand, as the ledger keeps it.
    pub async fn freezes(&self) -> String {
        use countersign_engine::ports::Freezes as _;
        let store = self.store.as_ref().unwrap();
        format!("{:?}", store.standing(self.time()).await.unwrap())
    }

    /// A file in the folder of the configuration and the ledger.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The emulated workspace.
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }

    /// Nothing may be left over.
    pub(crate) async fn end(self) {
        self.rest().reached().await;
        let Some(store) = &self.store else { return self.stop_bot().await };
        let read = async {
            while !store.waiting().await.unwrap().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        if tokio::time::timeout(PATIENCE, read).await.is_err() {
            panic!("the bot left this unread: {:?}", store.waiting().await.unwrap());
        }
        self.stop_bot().await;
    }

    fn rest(&self) -> Rest {
        Rest { emulator: Arc::clone(&self.emulator), bot: Arc::clone(&self.bot) }
    }

    /// Somebody who reads along in a channel.
    fn reader(&self, channel: &str) -> &Person {
        if channel == crate::DEVELOPERS { &self.chloe } else { &self.ana }
    }

    /// The time now (UTC).
    pub fn time(&self) -> Timestamp {
        use countersign_engine::ports::Clock as _;
        self.clock.now()
    }
}
