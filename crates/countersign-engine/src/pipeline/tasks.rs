//! What is in hand: one advance at a time per operation, one timer per
//! operation, and a count that tells when all is quiet.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_core::ids::OperationId;
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

/// The bookkeeping of running work.
#[derive(Default)]
pub(super) struct Tasks {
    busy: watch::Sender<usize>,
    advancing: Mutex<HashMap<OperationId, Again>>,
    timers: Mutex<HashMap<OperationId, AbortHandle>>,
    failures: Mutex<HashMap<OperationId, u32>>,
    rested: Notify,
    uncarded: Mutex<HashSet<OperationId>>,
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

    pub(super) async fn settled(&self) {
        // The sender lives as long as `self`, so that waiting cannot fail.
        let _ = self.busy.subscribe().wait_for(|count| *count == 0).await;
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

    /// The operation began here and now: nobody can have posted its card.
    pub(super) fn begun(&self, operation: &OperationId) {
        lock(&self.uncarded).insert(operation.clone());
    }

    /// Is this the first try ever to post the operation's card? True once at most.
    pub(super) fn is_first_try(&self, operation: &OperationId) -> bool {
        lock(&self.uncarded).remove(operation)
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

    /// Sets the operation's one timer, instead of the one before.
    pub(super) fn set_timer(&self, operation: OperationId, timer: AbortHandle) {
        if let Some(before) = lock(&self.timers).insert(operation, timer) {
            before.abort();
        }
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
        lock(&self.timers).drain().for_each(|(_, timer)| timer.abort());
    }

    /// The operation needs no timer any more.
    pub(super) fn clear_timer(&self, operation: &OperationId) {
        if let Some(timer) = lock(&self.timers).remove(operation) {
            timer.abort();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
