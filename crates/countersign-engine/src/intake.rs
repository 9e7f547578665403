//! From the transport to the pipeline: stored first, then handled, in order
//! where order matters.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::envelope::{Act, Envelope};
use jiff::SignedDuration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::pipeline::{Attempt, Busy, Engine, Failure};
use crate::ports::{Delivery, Inbox, InboxError, Stored};

/// So many envelopes are handled side by side.
const LANES: usize = 16;
/// A sentence that failed this often is answered with an apology; a vote is tried until it is counted.
const TRIES_OF_A_SENTENCE: u32 = 3;
/// The longest wait between two tries, in seconds.
const LONGEST_WAIT: i64 = 60;
/// What another process stored so long ago, and did not finish, that process left behind.
const LEFT_BEHIND: SignedDuration = SignedDuration::from_secs(30);
/// How often what was left behind is looked for.
const LOOK: SignedDuration = SignedDuration::from_secs(10);

/// Why a payload is no envelope.
pub enum Skip {
    /// There is nothing in it for anybody.
    Nothing,
    /// There is nothing in it for the engine; this is to be done once.
    Notice(Effect),
    /// Nobody knows what it is: it is kept for a person to look at, and this is to be done once.
    Unknown(Effect),
}

/// What is done for a payload after it was stored, unless it was known.
pub type Effect = Box<dyn FnOnce() + Send>;

/// Reads a payload. It may be read more than once, so that reading has no effect.
pub type Reader = Box<dyn Fn(&Delivery) -> Result<Envelope, Skip> + Send + Sync>;

/// The way in. A transport hands over what it received, and acknowledges when [`Intake::accept`] returns.
pub struct Intake {
    inbox: Arc<dyn Inbox>,
    engine: Arc<Engine>,
    read: Reader,
    lanes: Vec<mpsc::UnboundedSender<Job>>,
    in_hand: Arc<Mutex<HashSet<String>>>,
}

struct Job {
    key: String,
    attempt: Attempt,
    envelope: Envelope,
    _busy: Busy,
    held: Held,
}

/// A delivery in this process's hands, until this is dropped.
struct Held {
    key: String,
    in_hand: Arc<Mutex<HashSet<String>>>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl Intake {
    /// An intake that stores into `inbox` and feeds `engine`.
    pub fn new(inbox: Arc<dyn Inbox>, engine: Arc<Engine>, read: Reader) -> Arc<Self> {
        let lanes = (0..LANES).map(|_| lane(Arc::clone(&inbox), Arc::clone(&engine))).collect();
        Arc::new(Self { inbox, engine, read, lanes, in_hand: Arc::default() })
    }

    /// Stores a delivery, then passes it on. When this returns, a crash does not lose
    /// it, and the transport may acknowledge. What was seen before is dropped. Of what
    /// is for nobody, as most of what is said in a channel, only the key is kept.
    ///
    /// # Errors
    /// The inbox's failure: nothing is safe, and the transport must not acknowledge.
    pub async fn accept(&self, delivery: Delivery) -> Result<Stored, InboxError> {
        let busy = self.engine.busy();
        let read = self.look_at(&delivery);
        if matches!(read, Err(Skip::Nothing)) {
            return self.inbox.pass(&delivery).await;
        }
        let stored = self.inbox.store(&delivery).await?;
        if stored == Stored::New {
            self.pass_on(delivery.key, read, (Attempt::First, busy));
        }
        Ok(stored)
    }

    /// Passes on what an earlier start had stored and not finished. Of an inbox that others hand in to, too, what
    /// was left behind by one of them: what is younger may be in its hands.
    ///
    /// # Errors
    /// The inbox's failure.
    pub async fn resume(&self) -> Result<(), InboxError> {
        let left = self.engine.clock().now() - LEFT_BEHIND;
        for delivery in self.inbox.waiting().await? {
            if !self.engine.is_alone() && (delivery.received_at > left || self.holds(&delivery.key)) {
                continue;
            }
            let read = self.look_at(&delivery);
            self.pass_on(delivery.key, read, (Attempt::Again, self.engine.busy()));
        }
        Ok(())
    }

    /// Looks again and again for what other processes left behind, until the task that is returned is aborted.
    /// Where there are no others it ends at once.
    pub fn keep_watch(self: &Arc<Self>) -> JoinHandle<()> {
        let intake = Arc::clone(self);
        tokio::spawn(async move {
            while !intake.engine.is_alone() {
                let clock = intake.engine.clock();
                clock.sleep_until(clock.now() + LOOK).await;
                if let Err(error) = intake.resume().await {
                    let cause = crate::causes::line(&error);
                    tracing::warn!(cause, "the inbox does not say what waits; it will be asked again");
                }
            }
        })
    }

    fn holds(&self, key: &str) -> bool {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }

    fn hold(&self, key: &str) -> Held {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned());
        Held { key: key.to_owned(), in_hand: Arc::clone(&self.in_hand) }
    }

    /// What it is, as far as the engine has anything to do with it.
    fn look_at(&self, delivery: &Delivery) -> Result<Envelope, Skip> {
        (self.read)(delivery).and_then(|envelope| match self.engine.listens_to(&envelope) {
            true => Ok(envelope),
            false => Err(Skip::Nothing),
        })
    }

    fn pass_on(&self, key: String, read: Result<Envelope, Skip>, (attempt, busy): (Attempt, Busy)) {
        let envelope = match read {
            Ok(envelope) => envelope,
            Err(skip) => return self.put_away(key, skip, busy),
        };
        let lane = usize::try_from(lane_key(&envelope) % LANES as u64).unwrap_or_default();
        if let Some(lane) = self.lanes.get(lane) {
            // A lane ends only with the program; then the inbox still has the delivery.
            let held = self.hold(&key);
            let _ = lane.send(Job { key, attempt, envelope, _busy: busy, held });
        }
    }

    /// In a task of its own: the transport need not wait for this before it acknowledges.
    fn put_away(&self, key: String, skip: Skip, busy: Busy) {
        let inbox = Arc::clone(&self.inbox);
        tokio::spawn(async move {
            match skip {
                Skip::Nothing => done(&*inbox, &key).await,
                Skip::Notice(effect) => {
                    effect();
                    done(&*inbox, &key).await;
                }
                Skip::Unknown(effect) => {
                    effect();
                    set_aside(&*inbox, &key).await;
                }
            }
            drop(busy);
        });
    }
}

/// A worker that handles the envelopes about the same messages one after the other.
fn lane(inbox: Arc<dyn Inbox>, engine: Arc<Engine>) -> mpsc::UnboundedSender<Job> {
    let (sender, mut jobs) = mpsc::unbounded_channel::<Job>();
    tokio::spawn(async move {
        while let Some(job) = jobs.recv().await {
            // Boxed, as it is large, and most lanes have nothing to do.
            match Box::pin(engine.handle((&job.key, job.attempt), &job.envelope)).await {
                Ok(()) => done(&*inbox, &job.key).await,
                Err(failure) => {
                    // Others in this lane do not wait for what is broken here.
                    tokio::spawn(retry(Arc::clone(&inbox), Arc::clone(&engine), (job, failure)));
                }
            }
        }
    });
    sender
}

/// Tries again, after longer and longer waits. The inbox keeps the delivery meanwhile.
async fn retry(inbox: Arc<dyn Inbox>, engine: Arc<Engine>, (job, mut failure): (Job, Failure)) {
    let Job { key, envelope, _busy: busy, held: _held, .. } = job;
    // Waiting is not work in hand.
    drop(busy);
    for tries in 1_u32.. {
        if tries >= TRIES_OF_A_SENTENCE && matches!(envelope.act, Act::Said(_)) {
            engine.apologise(&envelope, &failure).await;
            break;
        }
        tracing::warn!(key, cause = %failure, "an envelope could not be handled; trying again");
        let wait = 4_i64.saturating_pow(tries - 1).min(LONGEST_WAIT);
        engine.clock().sleep_until(engine.clock().now() + SignedDuration::from_secs(wait)).await;
        let _busy = engine.busy();
        match engine.handle((&key, Attempt::Again), &envelope).await {
            Ok(()) => break,
            Err(again) => failure = again,
        }
    }
    done(&*inbox, &key).await;
}

async fn done(inbox: &dyn Inbox, key: &str) {
    if let Err(error) = inbox.done(key).await {
        tracing::warn!(key, cause = %error, "a delivery could not be marked as done; it will be handled again");
    }
}

async fn set_aside(inbox: &dyn Inbox, key: &str) {
    if let Err(error) = inbox.set_aside(key).await {
        tracing::warn!(key, cause = %error, "a delivery could not be set aside; it will be read again");
    }
}

/// Envelopes with the same key stay in order: those about one message, or one dialog.
fn lane_key(envelope: &Envelope) -> u64 {
    let mut hasher = DefaultHasher::new();
    envelope.channel.hash(&mut hasher);
    match &envelope.act {
        Act::Said(said) => said.message.hash(&mut hasher),
        Act::Reacted { message, .. } | Act::Pressed { message, .. } => message.hash(&mut hasher),
        Act::Submitted { value, .. } => value.hash(&mut hasher),
        Act::OpenedHome | Act::Invited => envelope.person.hash(&mut hasher),
    }
    hasher.finish()
}
