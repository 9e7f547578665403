//! Who people are, and where they can be.

use std::collections::BTreeSet;

use async_trait::async_trait;
use countersign_core::ids::{ChannelId, PersonId, UserId, UsergroupId};
use countersign_core::policy::{Person, Place};

use super::Cause;

/// How old an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// A few minutes: good enough to answer and to count.
    Recent,
    /// Asked now: needed at the moment of decision.
    Now,
}

/// The chat product's directory of people and channels.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The person behind an id. Somebody whom the directory does not know comes
    /// back as [`Standing::Unknown`](countersign_core::policy::Standing::Unknown).
    async fn person(&self, id: &PersonId, freshness: Freshness) -> Result<Person, DirectoryError>;

    /// The person, if it is known that they were no full member when this process last heard of them, however long ago
    /// that is. It is remembered, never asked for.
    fn last_known_stranger(&self, id: &PersonId) -> Option<Person>;

    /// Whose people can be in a channel. A channel that the bot cannot see comes back as
    /// [`Reach::Unseen`](countersign_core::policy::Reach::Unseen).
    async fn place(&self, channel: &ChannelId, freshness: Freshness) -> Result<Place, DirectoryError>;

    /// Everyone in a channel; `None` for a direct message, which nobody leaves.
    async fn people_in(
        &self,
        channel: &ChannelId,
        freshness: Freshness,
    ) -> Result<Option<BTreeSet<UserId>>, DirectoryError>;

    /// The members of a user group. One that does not exist, or is switched off, has none.
    async fn usergroup(
        &self,
        usergroup: &UsergroupId,
        freshness: Freshness,
    ) -> Result<BTreeSet<UserId>, DirectoryError>;

    /// Something about this channel changed: what is remembered of it is of no use any more.
    fn forget(&self, channel: &ChannelId);
}

/// The directory does not say. The answer to whoever asked is no.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// It cannot be reached, or does not answer: what the configuration vouches for may hold meanwhile.
    #[error("the directory of people does not answer")]
    Away(#[source] Cause),
    /// It answered, and not with what was asked for.
    #[error("the directory of people failed")]
    Failed(#[source] Cause),
}
