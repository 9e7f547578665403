//! Who people are: true now where that is asked, and up to two minutes old where that is good enough.

use std::collections::BTreeSet;

use async_trait::async_trait;
use countersign_core::ids::{ChannelId, PersonId, UserId, UsergroupId};
use countersign_core::policy::{Person, Place, Reach, Standing};
use countersign_engine::ports::{Directory, DirectoryError, Freshness};
use jiff::{SignedDuration, Timestamp};

use crate::gate::{OnPurpose, Port};
use crate::office::{ACCOUNTS, account_of};
use crate::world::World;

/// How old an answer may be that need not be fresh, in milliseconds.
const OLDEST: i64 = 120_000;

/// A directory that fails, is slow, and remembers.
#[derive(Debug)]
pub struct People(pub Port);

impl People {
    async fn ask<T>(
        &self,
        freshness: Freshness,
        question: impl FnOnce(&World, Timestamp) -> T,
    ) -> Result<T, DirectoryError> {
        let answer = async {
            let mut world = self.0.shared.lock();
            let old = freshness == Freshness::Recent && world.strikes(|faults| faults.stale);
            let age = if old { world.millis(0, OLDEST) } else { SignedDuration::ZERO };
            let at = world.now - age;
            Ok(question(&world, at))
        };
        self.0.call(answer, || DirectoryError::Away(Box::new(OnPurpose))).await
    }
}

#[async_trait]
impl Directory for People {
    async fn person(&self, id: &PersonId, freshness: Freshness) -> Result<Person, DirectoryError> {
        self.ask(freshness, |world, at| {
            let account = account_of(&id.user);
            let known = account.and_then(|place| ACCOUNTS.get(place));
            let state = account.and_then(|place| world.staff.at(place, at));
            Person {
                // One person may arrive under the ids of several workspaces.
                id: known.map_or_else(|| id.clone(), |account| account.id()),
                name: id.user.to_string(),
                standing: state.map_or(Standing::Unknown, |state| state.standing),
            }
        })
        .await
    }

    fn last_known_stranger(&self, _id: &PersonId) -> Option<Person> {
        None
    }

    async fn place(&self, channel: &ChannelId, freshness: Freshness) -> Result<Place, DirectoryError> {
        self.ask(freshness, |world, at| Place {
            channel: channel.clone(),
            reach: world.staff.reach_at(at).unwrap_or(Reach::Unseen),
        })
        .await
    }

    async fn people_in(
        &self,
        _channel: &ChannelId,
        freshness: Freshness,
    ) -> Result<Option<BTreeSet<UserId>>, DirectoryError> {
        self.ask(freshness, |world, at| {
            Some(those(|place| world.staff.at(place, at).is_some_and(|s| s.inside)))
        })
        .await
    }

    async fn usergroup(
        &self,
        _usergroup: &UsergroupId,
        freshness: Freshness,
    ) -> Result<BTreeSet<UserId>, DirectoryError> {
        self.ask(freshness, |world, at| those(|place| world.staff.at(place, at).is_some_and(|s| s.sre))).await
    }

    fn forget(&self, _channel: &ChannelId) {}
}

fn those(are: impl Fn(usize) -> bool) -> BTreeSet<UserId> {
    let places = (0..ACCOUNTS.len()).filter(|place| are(*place));
    places.filter_map(|place| ACCOUNTS.get(place)).map(|account| UserId::new(account.user)).collect()
}
