//! Whose word is taken about people and places: the chat product's, and while it does not answer, for what was asked
//! for and signed at terminals, the configuration's.
//!
//! If the chat product answers, its word counts, whatever the configuration says. For everything else its silence is
//! a no, as ever.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_core::ids::{ChannelId, PersonId, UserId};
use countersign_core::operation::Operation;
use countersign_core::policy::{Manner, Person, Place, Roster, Standing};

use super::{Engine, Failure};
use crate::Rules;
use crate::ports::{DirectoryError, Freshness};

/// Whose word is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trusts {
    /// The chat product's alone.
    Chat,
    /// The configuration's as well, while the chat product does not answer.
    Configuration,
}

/// What is said about people and places for one decision. Once the chat product did not answer, it is not asked again
/// within the same one.
pub(super) struct Voucher<'e> {
    engine: &'e Engine,
    trusts: Trusts,
    away: AtomicBool,
}

impl Engine {
    pub(super) fn voucher(&self, trusts: Trusts) -> Voucher<'_> {
        Voucher { engine: self, trusts, away: AtomicBool::new(false) }
    }

    /// For what a person does.
    pub(super) fn voucher_of(&self, manner: Manner) -> Voucher<'_> {
        self.voucher(match manner {
            Manner::Chat => Trusts::Chat,
            Manner::Terminal | Manner::Emergency => Trusts::Configuration,
        })
    }

    /// For what becomes of an operation: the configuration's word is enough only where nothing that it rests on came
    /// from the chat product.
    pub(super) fn voucher_for(&self, operation: &Operation) -> Voucher<'_> {
        let trusts = if operation.rests_on_terminals() { Trusts::Configuration } else { Trusts::Chat };
        self.voucher(trusts)
    }
}

impl Voucher<'_> {
    /// Did the chat product not answer?
    pub(super) fn is_alone(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    /// The rules in force, with what is frozen by hand. A user group that nobody can ask for has no members.
    pub(super) async fn rules(&self, freshness: Freshness) -> Result<Arc<Rules>, Failure> {
        if self.trusts == Trusts::Chat {
            return self.engine.rules_as_of(freshness).await;
        }
        let rules = self.engine.rules();
        let mut roster = Roster::new();
        for usergroup in rules.policy.usergroups() {
            let asked = self.engine.ports.directory.usergroup(&usergroup, freshness);
            if let Ok(members) = self.answer(asked).await? {
                roster.insert(usergroup, members);
            }
        }
        let freezes = self.engine.freezes(freshness).await?;
        let known = roster == rules.policy.roster && freezes == rules.policy.freezes;
        Ok(if known { rules } else { Arc::new(rules.as_of(roster, freezes)) })
    }

    /// The person behind an id.
    pub(super) async fn person(&self, id: &PersonId, freshness: Freshness) -> Result<Person, Failure> {
        let policy = &self.engine.rules().policy;
        let away = match self.answer(self.engine.ports.directory.person(id, freshness)).await? {
            Ok(person) => return Ok(person),
            Err(away) => away,
        };
        match self.engine.ports.directory.last_known_stranger(id) {
            // What the chat product said last weighs more than what the configuration says.
            Some(stranger) => Ok(stranger),
            None if id.org == policy.home && policy.terminal.people.contains(&id.user) => {
                Ok(Person { id: id.clone(), name: id.user.to_string(), standing: Standing::Member })
            }
            None => Err(away.into()),
        }
    }

    /// Whose people can be in a channel.
    pub(super) async fn place(&self, channel: &ChannelId, freshness: Freshness) -> Result<Place, Failure> {
        let terminal = &self.engine.rules().policy.terminal;
        match self.answer(self.engine.ports.directory.place(channel, freshness)).await? {
            Ok(place) => Ok(place),
            Err(_) if terminal.channels.contains(channel) => Ok(Place::home(channel.clone())),
            Err(away) => Err(away.into()),
        }
    }

    /// Everyone in a channel; `None` where nobody can leave, or nobody can say who did.
    pub(super) async fn people_in(
        &self,
        channel: &ChannelId,
        freshness: Freshness,
    ) -> Result<Option<BTreeSet<UserId>>, Failure> {
        Ok(self.answer(self.engine.ports.directory.people_in(channel, freshness)).await?.unwrap_or(None))
    }

    /// What the chat product says. Inside: that it does not answer, where the configuration may speak for it.
    async fn answer<T>(
        &self,
        asked: impl Future<Output = Result<T, DirectoryError>>,
    ) -> Result<Result<T, DirectoryError>, Failure> {
        if self.trusts == Trusts::Chat {
            return Ok(Ok(asked.await?));
        }
        if self.is_alone() {
            return Ok(Err(DirectoryError::Away("it did not answer a moment ago".into())));
        }
        // However long that takes: only what cannot be reached is away. What is slow, or asks to come back later, is
        // there, and whoever makes it slow must not speak for it.
        match asked.await {
            Ok(said) => Ok(Ok(said)),
            Err(away @ DirectoryError::Away(_)) => {
                self.away.store(true, Ordering::Relaxed);
                Ok(Err(away))
            }
            Err(failed) => Err(failed.into()),
        }
    }
}
