//! Who was no full member of the workspace when Slack was last asked: kept for the time when it does not answer.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_core::ids::UserId;
use countersign_core::policy::{Person, Standing};

/// So many are remembered: more than one workspace has of those who are named at terminals.
const MOST: usize = 10_000;

/// People who are no full members, as they were last.
#[derive(Default)]
pub(super) struct Strangers(Mutex<HashMap<UserId, Person>>);

impl Strangers {
    /// Slack said this of somebody.
    pub(super) fn note(&self, person: &Person) {
        let mut known = self.lock();
        if person.standing == Standing::Member {
            known.remove(&person.id.user);
        } else if known.len() < MOST || known.contains_key(&person.id.user) {
            known.insert(person.id.user.clone(), person.clone());
        }
    }

    /// Somebody who was none.
    pub(super) fn recall(&self, user: &UserId) -> Option<Person> {
        self.lock().get(user).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Person>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
