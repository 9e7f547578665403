//! The engine's [`Directory`] on `users.info`, `conversations.info`, `conversations.members`
//! and `usergroups.users.list`.

mod memory;
mod reach;
mod room;
mod standing;
mod strangers;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::ids::{ChannelId, PersonId, UserId, UsergroupId};
use countersign_core::policy::{Person, Place, Reach, Standing};
use countersign_engine::ports::{Clock, Directory, DirectoryError, Freshness};

use crate::web_api::WebError;
use crate::{Me, WebApi};
use memory::Memory;
pub use room::Room;
use strangers::Strangers;

/// Pages of a channel's members (1,000 people each) that are read.
const MOST_PAGES: usize = 50;

/// People and channels as Slack describes them, remembered for five minutes.
pub struct SlackDirectory {
    api: WebApi,
    home: Me,
    clock: Arc<dyn Clock>,
    people: Memory<UserId, Person>,
    strangers: Strangers,
    places: Memory<ChannelId, Place>,
    members: Memory<ChannelId, BTreeSet<UserId>>,
    usergroups: Memory<UsergroupId, BTreeSet<UserId>>,
}

impl SlackDirectory {
    /// The directory of the workspace that `home` is installed in.
    pub fn new(api: WebApi, home: Me, clock: Arc<dyn Clock>) -> Self {
        Self {
            api,
            home,
            clock,
            people: Memory::default(),
            strangers: Strangers::default(),
            places: Memory::default(),
            members: Memory::default(),
            usergroups: Memory::default(),
        }
    }

    async fn ask_for_person(&self, id: &PersonId) -> Result<Person, WebError> {
        match self.api.user(&id.user).await {
            Ok(user) => Ok(standing::person(&user, id, &self.home)),
            Err(error) if matches!(error.code(), Some("user_not_found" | "user_not_visible")) => {
                Ok(Person { id: id.clone(), name: id.user.to_string(), standing: Standing::Unknown })
            }
            Err(error) => Err(error),
        }
    }

    async fn ask_for_place(&self, channel: &ChannelId) -> Result<Place, WebError> {
        let reach = match self.api.channel(channel).await {
            Ok(found) => reach::reach(&found),
            // A private channel without the bot looks as if there were none.
            Err(error) if error.code() == Some("channel_not_found") => Reach::Unseen,
            Err(error) => return Err(error),
        };
        Ok(Place { channel: channel.clone(), reach })
    }

    async fn ask_for_members(&self, channel: &ChannelId) -> Result<BTreeSet<UserId>, DirectoryError> {
        let mut members = BTreeSet::new();
        let mut page = None;
        for _ in 0..MOST_PAGES {
            let (found, next) = match self.api.members(channel, page.as_deref()).await {
                Ok(found) => found,
                Err(error) if error.code() == Some("channel_not_found") => return Ok(BTreeSet::new()),
                Err(error) => return Err(failed(error)),
            };
            members.extend(found);
            match next {
                Some(next) => page = Some(next),
                None => return Ok(members),
            }
        }
        Err(DirectoryError::Failed("the channel has more members than are read".into()))
    }
}

#[async_trait]
impl Directory for SlackDirectory {
    async fn person(&self, id: &PersonId, freshness: Freshness) -> Result<Person, DirectoryError> {
        // The answer is at least as young as the question.
        let asked = self.clock.now();
        if let (Freshness::Recent, Some(person)) = (freshness, self.people.recall(&id.user, asked)) {
            return Ok(person);
        }
        let person = self.ask_for_person(id).await.map_err(failed)?;
        self.strangers.note(&person);
        if person.standing != Standing::Unknown {
            self.people.remember(&id.user, asked, &person);
        }
        Ok(person)
    }

    fn last_known_stranger(&self, id: &PersonId) -> Option<Person> {
        self.strangers.recall(&id.user)
    }

    async fn place(&self, channel: &ChannelId, freshness: Freshness) -> Result<Place, DirectoryError> {
        if is_direct(channel) {
            return Ok(Place::home(channel.clone()));
        }
        let asked = self.clock.now();
        if let (Freshness::Recent, Some(place)) = (freshness, self.places.recall(channel, asked)) {
            return Ok(place);
        }
        let place = self.ask_for_place(channel).await.map_err(failed)?;
        if place.reach != Reach::Unseen {
            self.places.remember(channel, asked, &place);
        }
        Ok(place)
    }

    async fn people_in(
        &self,
        channel: &ChannelId,
        freshness: Freshness,
    ) -> Result<Option<BTreeSet<UserId>>, DirectoryError> {
        if is_direct(channel) {
            return Ok(None);
        }
        let asked = self.clock.now();
        if let (Freshness::Recent, Some(members)) = (freshness, self.members.recall(channel, asked)) {
            return Ok(Some(members));
        }
        let members = self.ask_for_members(channel).await?;
        self.members.remember(channel, asked, &members);
        Ok(Some(members))
    }

    async fn usergroup(
        &self,
        usergroup: &UsergroupId,
        freshness: Freshness,
    ) -> Result<BTreeSet<UserId>, DirectoryError> {
        let asked = self.clock.now();
        if let (Freshness::Recent, Some(members)) = (freshness, self.usergroups.recall(usergroup, asked)) {
            return Ok(members);
        }
        let members = match self.api.usergroup(usergroup).await {
            Ok(members) => members.into_iter().collect(),
            Err(error) if matches!(error.code(), Some("no_such_subteam" | "subteam_disabled")) => {
                BTreeSet::new()
            }
            Err(error) => return Err(failed(error)),
        };
        self.usergroups.remember(usergroup, asked, &members);
        Ok(members)
    }

    fn forget(&self, channel: &ChannelId) {
        self.places.forget(channel);
        self.members.forget(channel);
    }
}

/// Direct messages of one person with the bot are `D…`, and `conversations.info` of them needs a
/// scope of its own. Nobody else can be in them.
fn is_direct(channel: &ChannelId) -> bool {
    channel.as_str().starts_with('D')
}

fn failed(error: WebError) -> DirectoryError {
    match error {
        WebError::Unavailable { .. } | WebError::Lost { .. } => DirectoryError::Away(error.into()),
        // Whatever else it says, it is there.
        error => DirectoryError::Failed(error.into()),
    }
}
