//! What was learned lately and never changes, so that it need not be asked for again.

use std::borrow::Borrow;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So much is remembered; what was learned first is forgotten first.
const MOST: usize = 4_000;

/// The newest of what was learned, by key.
pub(super) struct Recent<K, V> {
    known: Mutex<Known<K, V>>,
}

struct Known<K, V> {
    values: HashMap<K, V>,
    order: VecDeque<K>,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { known: Mutex::new(Known { values: HashMap::new(), order: VecDeque::new() }) }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Recent<K, V> {
    /// Remembers something.
    pub(super) fn learn(&self, key: K, value: V) {
        let mut known = self.lock();
        if known.values.insert(key.clone(), value).is_none() {
            known.order.push_back(key);
        }
        while known.order.len() > MOST {
            if let Some(oldest) = known.order.pop_front() {
                known.values.remove(&oldest);
            }
        }
    }

    /// What is known under a key.
    pub(super) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.lock().values.get(key).cloned()
    }

    /// What is known under a key, which is forgotten with that.
    pub(super) fn take<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let mut known = self.lock();
        let value = known.values.remove(key)?;
        known.order.retain(|one| one.borrow() != key);
        Some(value)
    }

    /// Nothing here leaves a value half changed, so a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, Known<K, V>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_remembered() {
        let recent = Recent::default();
        (0..=MOST).for_each(|number| recent.learn(number, number));
        assert_eq!(recent.get(&0), None);
        assert_eq!(recent.get(&1), Some(1));
        assert_eq!(recent.take(&MOST), Some(MOST));
        assert_eq!(recent.take(&MOST), None);
        recent.learn(MOST, 0);
        assert_eq!((recent.get(&1), recent.get(&MOST)), (Some(1), Some(0)));
    }
}
