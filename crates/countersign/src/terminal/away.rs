//! Slack, while it does not answer: it says nothing, and nothing can be said there.

use std::collections::BTreeSet;

use async_trait::async_trait;
use countersign_core::ids::{ChannelId, MessageId, PersonId, UserId, UsergroupId};
use countersign_core::policy::{Person, Place};
use countersign_core::reply::Reply;
use countersign_engine::ports::{
    Chat, ChatError, Dialog, Directory, DirectoryError, Freshness, Marker, Post, Reaction, Search, Whisper,
};
use jiff::Timestamp;

/// Slack, away.
pub(super) struct Away;

fn nothing() -> ChatError {
    ChatError::Unavailable("Slack does not answer".into())
}

fn nobody() -> DirectoryError {
    DirectoryError::Away("Slack does not answer".into())
}

#[async_trait]
impl Chat for Away {
    async fn post(&self, _: Post<'_>) -> Result<MessageId, ChatError> {
        Err(nothing())
    }

    fn time_of(&self, _: &MessageId) -> Option<Timestamp> {
        None
    }

    async fn edit(&self, _: &ChannelId, _: &MessageId, _: &Reply) -> Result<(), ChatError> {
        Err(nothing())
    }

    async fn find(&self, _: Search<'_>) -> Result<Option<MessageId>, ChatError> {
        Err(nothing())
    }

    async fn mark(&self, _: &ChannelId, _: &MessageId, _: Marker) -> Result<(), ChatError> {
        Err(nothing())
    }

    async fn reactions(&self, _: &ChannelId, _: &MessageId) -> Result<Vec<Reaction>, ChatError> {
        Err(nothing())
    }

    async fn whisper(&self, _: Whisper<'_>) -> Result<(), ChatError> {
        Err(nothing())
    }

    async fn answer(&self, _: &str, _: &Reply) -> Result<(), ChatError> {
        Err(nothing())
    }

    async fn show_home(&self, _: &UserId, _: &Reply) -> Result<(), ChatError> {
        Err(nothing())
    }

    async fn ask(&self, _: &str, _: &Dialog) -> Result<(), ChatError> {
        Err(nothing())
    }
}

#[async_trait]
impl Directory for Away {
    async fn person(&self, _: &PersonId, _: Freshness) -> Result<Person, DirectoryError> {
        Err(nobody())
    }

    fn last_known_stranger(&self, _id: &PersonId) -> Option<Person> {
        None
    }

    async fn place(&self, _: &ChannelId, _: Freshness) -> Result<Place, DirectoryError> {
        Err(nobody())
    }

    async fn people_in(
        &self,
        _: &ChannelId,
        _: Freshness,
    ) -> Result<Option<BTreeSet<UserId>>, DirectoryError> {
        Err(nobody())
    }

    async fn usergroup(&self, _: &UsergroupId, _: Freshness) -> Result<BTreeSet<UserId>, DirectoryError> {
        Err(nobody())
    }

    fn forget(&self, _: &ChannelId) {}
}
