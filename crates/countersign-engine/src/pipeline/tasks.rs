//! What is in hand: one advance at a time per operation, one timer per
//! operation, and a count that tells when all is quiet.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_core::ids::{LockKey, OperationId};
use countersign_core::operation::Alarm;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

use crate::ports::Clock;

/// A card is drawn once in this time at most.
const BETWEEN_DRAWINGS: SignedDuration = SignedDuration::from_secs(1);

/// The bookkeeping of running work.
#[derive(Default)]
pub(super) struct Tasks {
    busy: watch::Sender<usize>,
    advancing: Mutex<HashMap<OperationId, Again>>,
    timers: Mutex<HashMap<OperationId, Timer>>,
    failures: Mutex<HashMap<OperationId, u32>>,
    rested: Notify,
    untried: Mutex<HashSet<(OperationId, Message)>>,
    drawn: Mutex<HashMap<OperationId, Timestamp>>,
    in_line: Mutex<BTreeSet<(LockKey, OperationId)>>,
    overdue: Mutex<HashSet<OperationId>>,
}

/// A message that is posted once for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Message {
    /// The one that it hangs off, where a terminal leaves none.
    Root,
    /// Its card.
    Card,
    /// A notice of an emergency.
    Alarm(Alarm),
}

/// What wakes an operation.
struct Timer {
    when: Timestamp,
    task: AbortHandle,
}

/// Was an operation asked to advance while it was advancing?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    No,
    Yes,
}

/// Work in hand. Dropping it says that the work is done, also when it panicked.
pub(crate) struct Busy(watch::Sender<usize>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl Tasks {
    pub(super) fn busy(&self) -> Busy {
        self.busy.send_modify(|count| *count += 1);
        Busy(self.busy.clone())
    }

    /// Resolves once nothing is in hand, and no timer is due by `clock`.
    pub(super) async fn settled(&self, clock: &dyn Clock) {
        let mut busy = self.busy.subscribe();
        // The sender lives as long as `self`, so that waiting cannot fail.
        while busy.wait_for(|count| *count == 0).await.is_ok() {
            let now = clock.now();
            if lock(&self.timers).values().all(|timer| timer.when > now) || busy.changed().await.is_err() {
                return;
            }
        }
    }

    /// May the asker advance this operation? If another does already, it goes round once more instead.
    pub(super) fn enter(&self, operation: &OperationId) -> bool {
        let mut advancing = lock(&self.advancing);
        match advancing.get_mut(operation) {
            Some(again) => {
                *again = Again::Yes;
                false
            }
            None => {
                advancing.insert(operation.clone(), Again::No);
                true
            }
        }
    }

    /// The asker has advanced it. `true`: it must go round once more.
    pub(super) fn leave(&self, operation: &OperationId) -> bool {
        let mut advancing = lock(&self.advancing);
        match advancing.get_mut(operation) {
            Some(again) if *again == Again::Yes => {
                *again = Again::No;
                true
            }
            _ => {
                advancing.remove(operation);
                self.rested.notify_waiters();
                false
            }
        }
    }

    /// The operation began here and now: nobody can have posted anything of it.
    pub(super) fn begun(&self, operation: &OperationId, messages: impl IntoIterator<Item = Message>) {
        for message in messages {
            self.was_not_tried(operation, message);
        }
    }

    /// Is this the first try ever to post one of the operation's messages? True once at most.
    pub(super) fn is_first_try(&self, operation: &OperationId, message: Message) -> bool {
        lock(&self.untried).remove(&(operation.clone(), message))
    }

    /// A try did not go out: whoever tries next is the first, still.
    pub(super) fn was_not_tried(&self, operation: &OperationId, message: Message) {
        lock(&self.untried).insert((operation.clone(), message));
    }

    /// Nothing is posted of the operation any more.
    pub(super) fn forget(&self, operation: &OperationId) {
        lock(&self.untried).retain(|(one, _)| one != operation);
    }

    /// The operation's card was drawn at `now` (UTC).
    pub(super) fn drawn(&self, operation: &OperationId, now: Timestamp) {
        let mut drawn = lock(&self.drawn);
        // Only the last second matters.
        drawn.retain(|_, when| *when + BETWEEN_DRAWINGS > now);
        drawn.insert(operation.clone(), now);
    }

    /// When the operation's card may be drawn again (UTC); `None`: now.
    pub(super) fn may_draw_at(&self, operation: &OperationId, now: Timestamp) -> Option<Timestamp> {
        let when = *lock(&self.drawn).get(operation)? + BETWEEN_DRAWINGS;
        // A clock that was set back must not silence the card for longer.
        (now < when && when.duration_since(now) <= BETWEEN_DRAWINGS).then_some(when)
    }

    /// Is any operation being advanced?
    pub(super) fn is_advancing(&self) -> bool {
        !lock(&self.advancing).is_empty()
    }

    /// Resolves once nobody advances this operation.
    pub(super) async fn rested(&self, operation: &OperationId) {
        loop {
            let rested = self.rested.notified();
            if !lock(&self.advancing).contains_key(operation) {
                return;
            }
            rested.await;
        }
    }

    /// Sets the operation's one timer, instead of the one before. `start` makes the task that waits
    /// until `when` (UTC) and then calls [`Tasks::fire`].
    pub(super) fn set_timer(
        &self,
        operation: OperationId,
        when: Timestamp,
        start: impl FnOnce() -> AbortHandle,
    ) {
        let mut timers = lock(&self.timers);
        // Started under the lock, so that it cannot fire before it is known.
        let timer = Timer { when, task: start() };
        if let Some(before) = timers.insert(operation, timer) {
            before.task.abort();
        }
    }

    /// The timer that is due at `when` wakes its operation. The guard says that something is in hand
    /// before the timer is gone; `None`: another timer was set meanwhile.
    pub(super) fn fire(&self, operation: &OperationId, when: Timestamp) -> Option<Busy> {
        let mut timers = lock(&self.timers);
        if timers.get(operation)?.when != when {
            return None;
        }
        let busy = self.busy();
        timers.remove(operation);
        Some(busy)
    }

    /// The operation waits for a lock.
    pub(super) fn waits_for(&self, key: &LockKey, operation: &OperationId) {
        lock(&self.in_line).insert((key.clone(), operation.clone()));
    }

    /// It waits no more.
    pub(super) fn waits_no_more(&self, key: &LockKey, operation: &OperationId) {
        lock(&self.in_line).remove(&(key.clone(), operation.clone()));
    }

    /// Those that wait for a lock here; they are forgotten, and say so again if they still do.
    pub(super) fn waiting_for(&self, key: &LockKey) -> Vec<OperationId> {
        let mut in_line = lock(&self.in_line);
        let (waiting, rest) = std::mem::take(&mut *in_line).into_iter().partition(|(one, _)| one == key);
        *in_line = rest;
        let waiting: BTreeSet<(LockKey, OperationId)> = waiting;
        waiting.into_iter().map(|(_, operation)| operation).collect()
    }

    /// The ledger says that the operation is due. `false`: a wait after a failure is not over yet.
    pub(super) fn is_due(&self, operation: &OperationId) -> bool {
        if lock(&self.failures).contains_key(operation) && lock(&self.timers).contains_key(operation) {
            return false;
        }
        lock(&self.overdue).insert(operation.clone());
        true
    }

    /// Had the ledger said that the operation is due? True once.
    pub(super) fn was_due(&self, operation: &OperationId) -> bool {
        lock(&self.overdue).remove(operation)
    }

    /// One more failure in a row around an operation; gives how many that makes.
    pub(super) fn failed(&self, operation: &OperationId) -> u32 {
        let mut failures = lock(&self.failures);
        let count = failures.entry(operation.clone()).or_default();
        *count = count.saturating_add(1);
        *count
    }

    /// The operation could be carried on.
    pub(super) fn succeeded(&self, operation: &OperationId) {
        lock(&self.failures).remove(operation);
    }

    /// Ends all timers: whoever starts next sets its own.
    pub(super) fn clear_timers(&self) {
        lock(&self.timers).drain().for_each(|(_, timer)| timer.task.abort());
    }

    /// The operation needs no timer any more.
    pub(super) fn clear_timer(&self, operation: &OperationId) {
        if let Some(timer) = lock(&self.timers).remove(operation) {
            timer.task.abort();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
