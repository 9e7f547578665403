//! The real engine on the store, with a chat product and a directory in memory and a runbook that counts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use countersign_core::command::catalog::Catalog;
use countersign_core::command::kind::Vocabulary;
use countersign_core::command::spec::{Scope, Spec};
use countersign_core::envelope::{Act, Address, Change, Envelope, Utterance};
use countersign_core::ids::{OrgId, UserId, UsergroupId};
use countersign_core::operation::Report;
use countersign_core::plan::{Fixed, Plan, Step};
use countersign_core::policy::{Permit, Person, Place, Policy, Standing, Terminal};
use countersign_core::reply::Reply;
use countersign_engine::intake::{Reader, Skip};
use countersign_engine::memory::FakeClock;
use countersign_engine::pipeline::Ports;
use countersign_engine::ports::{
    Applied, Chat, ChatError, Clock as _, Dialog, Directory, DirectoryError, Freezes, Freshness, Inbox,
    Ledger, Marker, Post, Reaction, Run, Runbook, RunbookError, Search, Whisper,
};
use countersign_engine::{Engine, Intake, Rules};
use jiff::SignedDuration;

use super::*;

/// Everyone's channel.
fn channel() -> ChannelId {
    ChannelId::new("C1")
}

/// When it begins.
pub(super) const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// What stands in the channel, for all processes, and what time it is there.
pub(super) struct Room {
    clock: Arc<FakeClock>,
    posted: AtomicUsize,
    reactions: Mutex<HashMap<MessageId, Vec<UserId>>>,
    pub(super) applied: AtomicUsize,
}

impl Room {
    pub(super) fn open() -> Arc<Self> {
        Arc::new(Self {
            clock: Arc::new(FakeClock::at(NOW)),
            posted: AtomicUsize::default(),
            reactions: Mutex::default(),
            applied: AtomicUsize::default(),
        })
    }

    /// A minute passes, and whoever keeps watch asked meanwhile what is frozen.
    pub(super) async fn a_minute_later(&self, stores: [&DynamoStore; 2]) {
        self.clock.advance(SignedDuration::from_mins(1));
        for store in stores {
            store.refresh(self.clock.now()).await.unwrap();
        }
    }
}

/// One process.
#[derive(Clone)]
pub(super) struct Process {
    engine: Arc<Engine>,
    intake: Arc<Intake>,
    envelopes: Arc<Mutex<HashMap<String, Envelope>>>,
    room: Arc<Room>,
}

impl Process {
    pub(super) fn start(store: &Arc<DynamoStore>, room: &Arc<Room>, lock: Option<&str>) -> Self {
        let ports = Ports {
            chat: Arc::new(InRoom(Arc::clone(room))),
            directory: Arc::new(Everybody),
            ledger: Arc::clone(store) as Arc<dyn Ledger>,
            freezes: Arc::clone(store) as Arc<dyn Freezes>,
            clock: Arc::clone(&room.clock) as _,
            ids: Arc::new(OsIds),
        };
        let engine = Engine::new(ports, rules(room, lock));
        let envelopes: Arc<Mutex<HashMap<String, Envelope>>> = Arc::default();
        let read = Arc::clone(&envelopes);
        let reader: Reader =
            Box::new(move |delivery| read.lock().unwrap().get(&delivery.key).cloned().ok_or(Skip::Nothing));
        let intake = Intake::new(Arc::clone(store) as Arc<dyn Inbox>, Arc::clone(&engine), reader);
        Self { engine, intake, envelopes, room: Arc::clone(room) }
    }

    /// A person says a sentence, and what follows ends.
    pub(super) async fn hears(&self, who: &str, text: &str) {
        let message = Some(MessageId::new("1"));
        let said = Utterance { text: text.to_owned(), address: Address::Mention, message, thread: None };
        self.takes(who, Act::Said(said)).await;
    }

    /// A person signs the newest message, and what follows ends.
    pub(super) async fn sees_signature(&self, who: &str) {
        let message = MessageId::new(format!("bot {}", self.room.posted.load(Ordering::SeqCst)));
        self.room.reactions.lock().unwrap().entry(message.clone()).or_default().push(UserId::new(who));
        let emoji = "white_check_mark".to_owned();
        self.takes(who, Act::Reacted { message, emoji, change: Change::Added }).await;
    }

    async fn takes(&self, who: &str, act: Act) {
        let at = self.room.clock.now();
        let envelope = Envelope { at, person: PersonId::new("T1", who), channel: channel(), act };
        let key = format!("{who}/{at}");
        self.envelopes.lock().unwrap().insert(key.clone(), envelope);
        self.intake.accept(Delivery { received_at: at, ..delivery(&key) }).await.unwrap();
        self.engine.settled().await;
    }
}

fn rules(room: &Arc<Room>, lock: Option<&str>) -> Rules {
    let name = CommandName::new("trial");
    let spec = Spec {
        name: name.clone(),
        pattern: "trial <account:slug>".to_owned(),
        description: "Begin a trial.".to_owned(),
        examples: Vec::new(),
        channels: Scope::Everyone,
        groups: BTreeSet::new(),
        risk: Risk::High,
        quorum: Risk::High.quorum(),
        escalations: Vec::new(),
        approve_within: SignedDuration::from_hours(1),
        run_within: SignedDuration::from_mins(15),
        freezing: false,
        lock: lock.map(|lock| countersign_core::command::lock::Lock::new(lock).unwrap()),
    };
    let runbook: Arc<dyn Runbook> = Arc::new(Counts(Arc::clone(room)));
    Rules {
        bot: "Office Bot".to_owned(),
        catalog: Arc::new(Catalog::compile(vec![spec], &Vocabulary::default()).unwrap()),
        policy: Policy {
            home: OrgId::new("T1"),
            groups: BTreeMap::new(),
            roster: BTreeMap::new(),
            people: Scope::Everyone,
            admitted: BTreeSet::new(),
            channels: Scope::Everyone,
            shared: Scope::Only(BTreeSet::new()),
            listens: Scope::Only(BTreeSet::new()),
            calendar: Vec::new(),
            freezes: Vec::new(),
            terminal: Terminal::default(),
            break_glass: None,
        },
        runbooks: Arc::new([(name, runbook)].into()),
    }
}

struct Counts(Arc<Room>);

#[async_trait]
impl Runbook for Counts {
    async fn plan(&self, _: &Permit, fixed: &Fixed) -> Result<Plan, RunbookError> {
        let step = Step { title: "Begin a trial".to_owned(), changes: Vec::new() };
        Ok(Plan { steps: vec![step], fixed: fixed.clone(), ..Plan::default() })
    }

    async fn apply(&self, _: &Permit, _: Run<'_>) -> Result<Applied, RunbookError> {
        self.0.applied.fetch_add(1, Ordering::SeqCst);
        Ok(Applied::Done(Report { summary: "Done.".to_owned(), table: None }))
    }
}

struct InRoom(Arc<Room>);

#[async_trait]
impl Chat for InRoom {
    async fn post(&self, _: Post<'_>) -> Result<MessageId, ChatError> {
        Ok(MessageId::new(format!("bot {}", self.0.posted.fetch_add(1, Ordering::SeqCst) + 1)))
    }

    fn time_of(&self, _: &MessageId) -> Option<Timestamp> {
        None
    }

    async fn edit(&self, _: &ChannelId, _: &MessageId, _: &Reply) -> Result<(), ChatError> {
        Ok(())
    }

    async fn find(&self, _: Search<'_>) -> Result<Option<MessageId>, ChatError> {
        Ok(None)
    }

    async fn mark(&self, _: &ChannelId, _: &MessageId, _: Marker) -> Result<(), ChatError> {
        Ok(())
    }

    async fn reactions(&self, _: &ChannelId, message: &MessageId) -> Result<Vec<Reaction>, ChatError> {
        let users = self.0.reactions.lock().unwrap().get(message).cloned().unwrap_or_default();
        Ok(vec![Reaction { emoji: "white_check_mark".to_owned(), users }])
    }

    async fn whisper(&self, _: Whisper<'_>) -> Result<(), ChatError> {
        Ok(())
    }

    async fn answer(&self, _: &str, _: &Reply) -> Result<(), ChatError> {
        Ok(())
    }

    async fn show_home(&self, _: &UserId, _: &Reply) -> Result<(), ChatError> {
        Ok(())
    }

    async fn ask(&self, _: &str, _: &Dialog) -> Result<(), ChatError> {
        Ok(())
    }
}

/// Everybody is a member.
struct Everybody;

#[async_trait]
impl Directory for Everybody {
    async fn person(&self, id: &PersonId, _: Freshness) -> Result<Person, DirectoryError> {
        Ok(Person { id: id.clone(), name: id.user.to_string(), standing: Standing::Member })
    }

    fn last_known_stranger(&self, _id: &PersonId) -> Option<Person> {
        None
    }

    async fn place(&self, channel: &ChannelId, _: Freshness) -> Result<Place, DirectoryError> {
        Ok(Place::home(channel.clone()))
    }

    async fn people_in(
        &self,
        _: &ChannelId,
        _: Freshness,
    ) -> Result<Option<BTreeSet<UserId>>, DirectoryError> {
        Ok(None)
    }

    async fn usergroup(&self, _: &UsergroupId, _: Freshness) -> Result<BTreeSet<UserId>, DirectoryError> {
        Ok(BTreeSet::new())
    }

    fn forget(&self, _: &ChannelId) {}
}
