//! The emulated workspace with a channel `C1`, and whoever writes into it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use countersign_core::audit::{Head, Record};
use countersign_core::command::spec::{CommandName, Risk};
use countersign_core::envelope::Origin;
use countersign_core::ids::{ChannelId, MessageId, OperationId, PersonId, WorkerId};
use countersign_core::operation::{Event, Operation, Request};
use countersign_core::plan::{Fingerprint, Plan};
use countersign_core::reply::Reply;
use countersign_engine::memory::{FakeClock, SequenceIds};
use countersign_engine::ports::{Appended, Begun, Chat as _, Clock as _, Ledger as _, Next, Place, Post};
use countersign_slack::web_api::Settings;
use countersign_slack::{Secret, WebApi};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use slack_emulator::workspace::{ChannelId as EmulatedChannel, UserId};
use slack_emulator::{Emulator, Options, Seed, StoreLocation};

use super::super::{LedgerKey, Parts, Restarted, SlackStore};

/// Waits for a person alone.
pub(super) const NEXT: Next = Next { due: None, place: Place::Kept };

struct EmulatorClock(Arc<FakeClock>);

impl slack_emulator::Clock for EmulatorClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep_until(&self, moment: Timestamp) -> slack_emulator::Sleep {
        self.0.sleep_until(moment)
    }
}

/// The workspace, and what does not end with the program.
pub(super) struct Office {
    pub(super) emulator: Emulator,
    pub(super) clock: Arc<FakeClock>,
    ids: Arc<SequenceIds>,
}

pub(super) fn c1() -> ChannelId {
    ChannelId::new("C1")
}

impl Office {
    pub(super) async fn new() -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut seed = Seed::demo();
        let mut channel = seed.channels[0].clone();
        channel.id = EmulatedChannel::new("C1");
        channel.name = "one".to_owned();
        channel.members = vec![UserId::new("U0ANA"), UserId::new("U0BEN"), UserId::new("U0BOT")];
        seed.channels.push(channel);
        let clock = Arc::new(FakeClock::at(Timestamp::UNIX_EPOCH));
        let emulator = Emulator::start(Options {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            store: StoreLocation::Memory,
            seed,
            clock: Arc::new(EmulatorClock(Arc::clone(&clock))),
            ..Options::default()
        });
        Self { emulator: emulator.await.unwrap(), clock, ids: Arc::default() }
    }

    /// Somebody's call of the Web API.
    pub(super) async fn calls(&self, token: &str, method: &str, args: Value) -> Value {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/api/{method}", self.emulator.url());
        let answer: Value =
            http.post(url).bearer_auth(token).json(&args).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer
    }

    /// ana writes into the channel.
    pub(super) async fn says(&self, text: &str) -> MessageId {
        let posted = self.calls("xoxp-ana", "chat.postMessage", json!({"channel": "C1", "text": text})).await;
        MessageId::new(posted["ts"].as_str().unwrap())
    }

    pub(super) async fn reacts(&self, who: &str, message: &MessageId, emoji: &str) {
        let args = json!({"channel": "C1", "timestamp": message, "name": emoji});
        self.calls(&format!("xoxp-{who}"), "reactions.add", args).await;
    }

    /// The bot's emoji on a message, as anybody sees them.
    pub(super) async fn markers(&self, message: &MessageId) -> Vec<String> {
        let args = json!({"channel": "C1", "timestamp": message, "full": true});
        let answer = self.calls("xoxp-ana", "reactions.get", args).await;
        let of_the_bot = |one: &&Value| one["users"].as_array().unwrap().contains(&json!("U0BOT"));
        let all = answer["message"]["reactions"].as_array().cloned().unwrap_or_default();
        all.iter().filter(of_the_bot).map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    }

    /// What stands in a message's thread below it.
    pub(super) async fn thread(&self, root: &MessageId) -> Vec<Value> {
        let args = json!({"channel": "C1", "ts": root, "include_all_metadata": true});
        let answer = self.calls("xoxb-backoffice", "conversations.replies", args).await;
        answer["messages"].as_array().unwrap()[1..].to_vec()
    }

    /// Starts the program's ledger on what stands in Slack.
    pub(super) async fn starts(&self) -> Restarted {
        self.starts_with(&"k".repeat(32)).await
    }

    pub(super) async fn starts_with(&self, key: &str) -> Restarted {
        let settings = Settings {
            base: self.emulator.api_url().parse().unwrap(),
            token: Secret::new("xoxb-backoffice"),
            deadlines: Default::default(),
        };
        let api = WebApi::new(settings, self.clock.clone() as _).unwrap();
        let me = api.auth_test().await.unwrap();
        let key = LedgerKey::new(key).unwrap();
        let lease = SignedDuration::from_secs(60);
        let parts = Parts { key, lease, clock: self.clock.clone() as _, ids: self.ids.clone() as _ };
        SlackStore::open((api, me), parts, &[c1()]).await.unwrap()
    }

    pub(super) fn later(&self, by: SignedDuration) {
        self.clock.advance(by);
    }
}

/// The natural key of a message's sentence.
pub(super) fn key(message: &MessageId) -> String {
    format!("msg/T0DEMO/C1/{message}")
}

/// One operation, as its worker sees it.
pub(super) struct Life {
    pub(super) root: MessageId,
    pub(super) last: Record,
}

impl Life {
    /// It is asked for with this message. `None`: it had been before.
    pub(super) async fn begins(
        office: &Office,
        program: &Restarted,
        root: &MessageId,
    ) -> Result<Self, OperationId> {
        let now = office.clock.now();
        let id = OperationId::from_parts(1, rand(office));
        let request = Request {
            id: id.clone(),
            command: CommandName::new("set-trial"),
            sentence: "set acme trial".to_owned(),
            args: json!({"subdomain": "acme"}),
            caller: PersonId::new("T0DEMO", "U0ANA"),
            origin: Origin { channel: c1(), message: Some(root.clone()), thread: None },
            risk: Risk::High,
            quorum: Risk::High.quorum(),
            lock: None,
            emergency: None,
            frozen: Vec::new(),
        };
        let first = Record::after(Head::start(), id, now, Event::Requested(Box::new(request)));
        match program.store.begin(&key(root), &first, now).await.unwrap() {
            Begun::New => Ok(Self { root: root.clone(), last: first }),
            Begun::Already(earlier) => Err(earlier),
        }
    }

    pub(super) fn id(&self) -> &OperationId {
        &self.last.operation
    }

    /// Something happens to it.
    pub(super) async fn then(&mut self, office: &Office, program: &Restarted, event: Event) -> Appended {
        let record = Record::after(self.last.head(), self.id().clone(), office.clock.now(), event);
        let appended = program.store.append(std::slice::from_ref(&record), NEXT).await.unwrap();
        if appended == Appended::Done {
            self.last = record;
        }
        appended
    }

    /// It is planned, and its card is posted.
    pub(super) async fn is_shown(&mut self, office: &Office, program: &Restarted) -> MessageId {
        self.then(office, program, planned(office)).await;
        let (reply, mark) = (Reply::line("The card"), self.id().to_string());
        let post = Post { channel: &c1(), thread: Some(&self.root), reply: &reply, mark: Some(&mark) };
        let message = program.chat.post(post).await.unwrap();
        let shown = Event::CardShown { message: message.clone(), shown_at: office.clock.now() };
        self.then(office, program, shown).await;
        message
    }

    /// All have signed.
    pub(super) async fn is_approved(&mut self, office: &Office, program: &Restarted) {
        let run_by = office.clock.now() + SignedDuration::from_mins(15);
        let approved = Event::Approved { fingerprint: plan_print(), run_by };
        assert_eq!(self.then(office, program, approved).await, Appended::Done);
    }

    /// How it stands in the program's memory.
    pub(super) async fn in_memory(&self, program: &Restarted) -> Option<Operation> {
        Operation::fold(&program.store.load(self.id()).await.unwrap()).ok()
    }
}

fn rand(office: &Office) -> u128 {
    use countersign_engine::ports::Ids as _;
    office.ids.random()
}

pub(super) fn planned(office: &Office) -> Event {
    let approve_by = Some(office.clock.now() + SignedDuration::from_hours(1));
    Event::Planned { plan: Box::new(plan()), fingerprint: plan_print(), approve_by }
}

pub(super) fn plan() -> Plan {
    Plan { warnings: vec!["acme would be on Enterprise".to_owned()], ..Plan::default() }
}

pub(super) fn plan_print() -> Fingerprint {
    Fingerprint::of(&CommandName::new("set-trial"), &json!({"subdomain": "acme"}), &plan())
}

pub(super) fn claimed(office: &Office, (worker, fence): (&str, u64)) -> Event {
    let lease_until = office.clock.now() + SignedDuration::from_secs(60);
    Event::Claimed { worker: WorkerId::new(worker), fence, lease_until }
}
