//! Answers that are remembered for a while.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// How old an answer may be that is recent.
const RECENT: SignedDuration = SignedDuration::from_mins(5);
/// Answers remembered at once.
const MOST: usize = 10_000;

/// Answers by what was asked, each with the time of the question (UTC).
pub(super) struct Memory<K, V>(Mutex<HashMap<K, (Timestamp, V)>>);

impl<K, V> Default for Memory<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Memory<K, V> {
    /// The answer, unless it is too old at `now` or from a future that the clock has left again.
    pub(super) fn recall(&self, key: &K, now: Timestamp) -> Option<V> {
        let memory = self.lock();
        let (asked, answer) = memory.get(key)?;
        let age = now.duration_since(*asked);
        (!age.is_negative() && age < RECENT).then(|| answer.clone())
    }

    /// Remembers an answer to a question that was asked at a time: it is at least as young as that.
    pub(super) fn remember(&self, key: &K, asked: Timestamp, answer: &V) {
        let mut memory = self.lock();
        if memory.len() >= MOST {
            memory.clear();
        }
        memory.insert(key.clone(), (asked, answer.clone()));
    }

    /// Forgets an answer.
    pub(super) fn forget(&self, key: &K) {
        self.lock().remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, (Timestamp, V)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
