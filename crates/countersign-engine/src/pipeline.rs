//! The life of a message, after it was stored:
//!
//! ```text
//! envelope ─> router ─> policy ─> plan ─> approval ─> execution ─> audit ─> reply
//! ```
//!
//! [`Engine::handle`] takes one envelope. A sentence is routed, permitted and
//! begun as an operation ([`hear`]); a reaction, a button or a dialog becomes a
//! vote ([`ballot`]). Either way [`advance`] then carries the operation as far
//! as it can go: plan, wait, verify, apply, show. Whatever stands in the ledger
//! can be advanced again at any time, also by the next start of the program.

mod advance;
mod announce;
mod apply;
mod ballot;
mod failure;
mod hear;
mod home;
mod journal;
mod loud;
mod people;
mod reason;
mod roster;
mod seal;
mod secrets;
mod show;
mod tasks;
mod terminal;
mod turn;
mod verify;
mod voucher;
mod watch;
mod written;

use std::sync::{Arc, PoisonError, RwLock};

use countersign_core::envelope::{Act, Envelope};
use countersign_core::ids::WorkerId;
use countersign_core::operation::Reference;
use countersign_core::reply::actions;
use jiff::{SignedDuration, Timestamp};

use crate::ports::{Chat, Clock, Directory, Freezes, Ids, Ledger};
use crate::rules::Rules;
pub use failure::Failure;
pub use hear::root_mark;
pub use seal::{ChannelWitness, Sealing};
use secrets::Secrets;
pub(crate) use tasks::Busy;
use tasks::Tasks;
pub use terminal::{Said, Sentence, Sight, Sign, Signed};
use written::Written;

/// How long a worker owns what it has claimed, without saying that it is alive, unless it is said otherwise.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How far our clock and the chat product's may be apart.
const LARGEST_SKEW: SignedDuration = SignedDuration::from_secs(60);
/// How long to wait before an operation is tried again after a first failure around it; it doubles.
const RETRY: SignedDuration = SignedDuration::from_secs(5);
/// How often that wait doubles, up to five minutes.
const MOST_DOUBLINGS: u32 = 6;

/// Has anything been done for an envelope before?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It was just received.
    First,
    /// It was tried before, perhaps by an earlier start of the program: what was done is looked for first.
    Again,
}

/// The world, as the pipeline reaches it.
#[derive(Clone)]
pub struct Ports {
    /// The bot's voice.
    pub chat: Arc<dyn Chat>,
    /// Who people are.
    pub directory: Arc<dyn Directory>,
    /// The operations' events.
    pub ledger: Arc<dyn Ledger>,
    /// What is frozen by hand.
    pub freezes: Arc<dyn Freezes>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub ids: Arc<dyn Ids>,
}

/// The pipeline.
pub struct Engine {
    ports: Ports,
    rules: RwLock<Arc<Rules>>,
    worker: WorkerId,
    lease: SignedDuration,
    tasks: Tasks,
    written: Written,
    secrets: Secrets,
}

impl Engine {
    /// An engine with rules in force. Its worker id is new: nothing that another start had claimed is its own.
    pub fn new(ports: Ports, rules: Rules) -> Arc<Self> {
        Self::with_lease(ports, rules, LEASE)
    }

    /// An engine that owns what it claims for so long without saying that it is alive.
    pub fn with_lease(ports: Ports, rules: Rules, lease: SignedDuration) -> Arc<Self> {
        let worker = WorkerId::new(format!("worker-{:032x}", ports.ids.random()));
        Arc::new(Self {
            ports,
            rules: RwLock::new(Arc::new(rules)),
            worker,
            lease,
            tasks: Tasks::default(),
            written: Written::default(),
            secrets: Secrets::default(),
        })
    }

    /// Takes one envelope as far as it goes. `key` is the natural key under which it was stored:
    /// the same key never begins two operations.
    ///
    /// # Errors
    /// A [`Failure`] of something that the answer depends on. Refusals are answers, not errors.
    pub async fn handle(
        self: &Arc<Self>,
        (key, attempt): (&str, Attempt),
        envelope: &Envelope,
    ) -> Result<(), Failure> {
        match &envelope.act {
            Act::Said(utterance) => self.hear((key, attempt), envelope, utterance).await,
            Act::Reacted { message, emoji, change } => {
                self.count_reaction((key, envelope), message, (emoji, *change)).await
            }
            Act::Pressed { action, value, .. } if action == actions::SAY => {
                self.hear((key, attempt), envelope, &announce::said_by_button(value)).await
            }
            Act::Pressed { message, action, value, trigger } => {
                self.press((key, envelope), message, (action, value, trigger.as_deref())).await
            }
            Act::OpenedHome => self.show_home(envelope).await,
            Act::Invited => self.introduce(envelope).await,
            Act::Submitted { dialog, value, input } if dialog == actions::REASON => {
                self.explain(envelope, (value, input)).await
            }
            Act::Submitted { dialog, value, input } if dialog == actions::RESOLVE => {
                self.resolve(envelope, (value, input)).await
            }
            Act::Submitted { dialog, value, input } => {
                self.count_typed_name((key, envelope), (dialog, value, input)).await
            }
        }
    }

    /// Takes up everything that an earlier start left open. On a ledger that others write to, too, whatever may be
    /// in another's hands is left to them: it is due soon.
    ///
    /// # Errors
    /// The ledger's failure.
    pub async fn resume(self: &Arc<Self>) -> Result<(), Failure> {
        for id in self.ports.ledger.open().await? {
            if self.is_alone() || self.load(&id).await?.is_some_and(|operation| operation.waits_for_people())
            {
                self.advance(&id);
            }
        }
        Ok(())
    }

    /// Is this the only process that writes to the ledger?
    pub(crate) fn is_alone(&self) -> bool {
        self.ports.ledger.is_exclusive()
    }

    /// Puts new rules in force, for whatever is decided from now on.
    pub fn reload(&self, rules: Rules) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }

    /// Resolves once nothing is in hand: what remains open waits for people or for time.
    pub async fn settled(&self) {
        self.tasks.settled(self.clock()).await;
    }

    /// Ends what would wake by itself, and waits for what is in hand.
    pub async fn stop(&self) {
        self.tasks.clear_timers();
        self.settled().await;
        self.tasks.clear_timers();
    }

    /// Keeps [`Engine::settled`] waiting for as long as the guard lives.
    pub(crate) fn busy(&self) -> Busy {
        self.tasks.busy()
    }

    /// Is our clock near enough to the chat product's to decide by? Nothing is begun or run while it is not.
    fn clock_agrees(&self) -> Result<(), Failure> {
        match self.ports.chat.ahead() {
            Some(ahead) if ahead.abs() > LARGEST_SKEW => Err(Failure::Clock { ahead }),
            _ => Ok(()),
        }
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.ports.clock
    }

    /// The time now (UTC).
    pub fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Logs a failure with all its causes under a new reference, once.
    pub fn log(&self, what: &str, cause: &(dyn std::error::Error + 'static)) -> Reference {
        let bits = u32::try_from(self.ports.ids.random() & 0xffff_ffff).unwrap_or_default();
        let reference = Reference::from_bits(bits);
        let cause = self.secrets.mask(&crate::causes::line(cause));
        tracing::error!(%reference, cause, "{what}");
        reference
    }
}
