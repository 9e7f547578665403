//! The engine's [`Directory`] on `users.info`.

mod standing;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use countersign_core::ids::{PersonId, UserId};
use countersign_core::policy::{Person, Standing};
use countersign_engine::ports::{Clock, Directory, DirectoryError, Freshness};
use jiff::{SignedDuration, Timestamp};

use crate::web_api::WebError;
use crate::{Me, WebApi};

/// How old an answer may be that is [`Freshness::Recent`].
const RECENT: SignedDuration = SignedDuration::from_mins(5);
/// People remembered at once.
const MOST_REMEMBERED: usize = 10_000;

/// People as Slack describes them, remembered for five minutes.
pub struct SlackDirectory {
    api: WebApi,
    home: Me,
    clock: Arc<dyn Clock>,
    remembered: Mutex<HashMap<UserId, (Timestamp, Person)>>,
}

impl SlackDirectory {
    /// The directory of the workspace that `home` is installed in.
    pub fn new(api: WebApi, home: Me, clock: Arc<dyn Clock>) -> Self {
        Self { api, home, clock, remembered: Mutex::default() }
    }

    fn recall(&self, user: &UserId) -> Option<Person> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let (asked, person) = remembered.get(user)?;
        let age = self.clock.now().duration_since(*asked);
        (!age.is_negative() && age < RECENT).then(|| person.clone())
    }

    fn remember(&self, user: &UserId, asked: Timestamp, person: &Person) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= MOST_REMEMBERED {
            remembered.clear();
        }
        remembered.insert(user.clone(), (asked, person.clone()));
    }

    async fn ask(&self, id: &PersonId) -> Result<Person, WebError> {
        match self.api.user(&id.user).await {
            Ok(user) => Ok(standing::person(&user, id, &self.home)),
            Err(error) if matches!(error.code(), Some("user_not_found" | "user_not_visible")) => {
                Ok(Person { id: id.clone(), name: id.user.to_string(), standing: Standing::Unknown })
            }
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl Directory for SlackDirectory {
    async fn person(&self, id: &PersonId, freshness: Freshness) -> Result<Person, DirectoryError> {
        if let (Freshness::Recent, Some(person)) = (freshness, self.recall(&id.user)) {
            return Ok(person);
        }
        // The answer is at least as young as the question.
        let asked = self.clock.now();
        let person = self.ask(id).await.map_err(|error| DirectoryError(error.into()))?;
        if person.standing != Standing::Unknown {
            self.remember(&id.user, asked, &person);
        }
        Ok(person)
    }
}
