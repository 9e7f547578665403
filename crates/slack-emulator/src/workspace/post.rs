//! Writing, editing and deleting messages.

use serde_json::Value;

use super::compose;
use super::ids::{ChannelId, FileId, Ts, UserId};
use super::message::{EphemeralAuthor, Message, Metadata, Subtype};
use super::state::State;
use super::tx::Tx;
use super::{Refused, Workspace};
use crate::seed::Channel;

/// The most characters that a message may have; Slack cuts the rest off.
pub(crate) const MAX_TEXT: usize = 40_000;

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Author {
    /// A person, through a client.
    Person(UserId),
    /// The app, with its bot token.
    App,
}

impl Author {
    /// The author that an account writes as: the bot's account writes as the app.
    fn of(state: &State, user: &UserId) -> Self {
        if *user == state.app.bot_user { Self::App } else { Self::Person(user.clone()) }
    }

    /// The account in whose name the message stands.
    pub(crate) fn user<'a>(&'a self, state: &'a State) -> &'a UserId {
        match self {
            Self::Person(user) => user,
            Self::App => &state.app.bot_user,
        }
    }
}

/// A message before it is posted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    pub(crate) text: String,
    pub(crate) blocks: Vec<Value>,
    pub(crate) attachments: Vec<Value>,
    pub(crate) metadata: Option<Metadata>,
    pub(crate) thread_ts: Option<Ts>,
    pub(crate) subtype: Option<Subtype>,
    pub(crate) files: Vec<FileId>,
}

/// What an edit replaces; `None` keeps what was there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edit {
    pub(crate) text: Option<String>,
    pub(crate) blocks: Option<Vec<Value>>,
    pub(crate) attachments: Option<Vec<Value>>,
    pub(crate) metadata: Option<Metadata>,
}

impl Workspace {
    /// Posts what a person typed into the composer, as Slack's client would: names become mentions, addresses
    /// become links, and a `rich_text` block goes along. Returns the new message's `ts`.
    ///
    /// # Errors
    /// [`Refused`] when the person is not in the channel, the channel is archived, the text is empty, or the
    /// thread does not exist.
    pub async fn say(
        &self,
        person: &UserId,
        channel: &ChannelId,
        thread: Option<Ts>,
        text: &str,
    ) -> Result<Ts, Refused> {
        let written = self.read(|state| compose::typed(state, text));
        let draft =
            Draft { text: written.text, blocks: written.blocks, thread_ts: thread, ..Draft::default() };
        let author = self.read(|state| Author::of(state, person));
        Ok(self.post(&author, channel, draft).await?.ts)
    }

    /// Posts many messages of a person in one change; their `ts`.
    pub(crate) async fn say_all(
        &self,
        person: &UserId,
        channel: &ChannelId,
        texts: &[String],
    ) -> Result<Vec<Ts>, Refused> {
        let written: Vec<_> =
            self.read(|state| texts.iter().map(|text| compose::typed(state, text)).collect());
        let author = self.read(|state| Author::of(state, person));
        self.commit(|tx| {
            let drafts = written.into_iter().map(|written| Draft {
                text: written.text,
                blocks: written.blocks,
                ..Draft::default()
            });
            drafts.map(|draft| Ok(tx.post_as_member(&author, channel, draft)?.ts)).collect()
        })
        .await
    }

    /// Replaces the text of a person's own message with what the person typed.
    ///
    /// # Errors
    /// [`Refused`] when the message does not exist, is somebody else's, or would be empty.
    pub async fn edit(
        &self,
        person: &UserId,
        channel: &ChannelId,
        ts: Ts,
        text: &str,
    ) -> Result<(), Refused> {
        let written = self.read(|state| compose::typed(state, text));
        let edit = Edit { text: Some(written.text), blocks: Some(written.blocks), ..Edit::default() };
        self.update(&self.read(|state| Author::of(state, person)), channel, ts, edit).await.map(drop)
    }

    /// Deletes a person's own message; one with replies leaves a tombstone.
    ///
    /// # Errors
    /// [`Refused`] when the message does not exist or is somebody else's.
    pub async fn delete(&self, person: &UserId, channel: &ChannelId, ts: Ts) -> Result<(), Refused> {
        self.remove(&self.read(|state| Author::of(state, person)), channel, ts).await
    }

    /// Posts a message that is already in Slack's form.
    pub(crate) async fn post(
        &self,
        author: &Author,
        channel: &ChannelId,
        draft: Draft,
    ) -> Result<Message, Refused> {
        self.commit(|tx| tx.post_as_member(author, channel, draft)).await
    }

    /// Changes a message of `author`.
    pub(crate) async fn update(
        &self,
        author: &Author,
        channel: &ChannelId,
        ts: Ts,
        edit: Edit,
    ) -> Result<Message, Refused> {
        self.commit(|tx| {
            let before = own_message(tx.state, author, (channel, ts))?.ok_or(Refused::CantUpdate)?;
            tx.update(&before, edit)
        })
        .await
    }

    /// Deletes a message of `author`.
    pub(crate) async fn remove(&self, author: &Author, channel: &ChannelId, ts: Ts) -> Result<(), Refused> {
        self.commit(|tx| {
            let message = own_message(tx.state, author, (channel, ts))?.ok_or(Refused::CantDelete)?;
            tx.remove(&message);
            Ok(())
        })
        .await
    }

    /// Shows a message of the app to one member of a channel.
    pub(crate) async fn post_ephemeral(
        &self,
        channel: &ChannelId,
        user: &UserId,
        draft: Draft,
    ) -> Result<Ts, Refused> {
        self.commit(|tx| {
            let bot = tx.state.app.bot_user.clone();
            let target = open_channel(tx.state, &bot, channel)?;
            if !target.members.contains(&bot) {
                return Err(Refused::NotInChannel);
            }
            if !target.members.contains(user) {
                return Err(Refused::UserNotInChannel);
            }
            if draft.is_empty() {
                return Err(Refused::NoText);
            }
            Ok(tx.whisper(EphemeralAuthor::App, channel, user, draft))
        })
        .await
    }
}

impl Tx<'_> {
    fn post_as_member(
        &mut self,
        author: &Author,
        channel: &ChannelId,
        draft: Draft,
    ) -> Result<Message, Refused> {
        let target = open_channel(self.state, author.user(self.state), channel)?;
        if !target.members.contains(author.user(self.state)) {
            return Err(Refused::NotInChannel);
        }
        self.post(author, channel, draft)
    }
}

impl Draft {
    pub(crate) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
            && self.blocks.is_empty()
            && self.attachments.is_empty()
            && self.files.is_empty()
    }
}

/// A channel that `user` can see and that takes messages.
pub(crate) fn open_channel<'a>(
    state: &'a State,
    user: &UserId,
    channel: &ChannelId,
) -> Result<&'a Channel, Refused> {
    let channel = seen_channel(state, user, channel)?;
    if channel.archived { Err(Refused::IsArchived) } else { Ok(channel) }
}

/// A channel that `user` can see.
pub(crate) fn seen_channel<'a>(
    state: &'a State,
    user: &UserId,
    channel: &ChannelId,
) -> Result<&'a Channel, Refused> {
    state.channel(channel).filter(|channel| state.can_see(user, channel)).ok_or(Refused::ChannelNotFound)
}

/// The message if `author` wrote it, `None` if somebody else did.
fn own_message(
    state: &State,
    author: &Author,
    (channel, ts): (&ChannelId, Ts),
) -> Result<Option<Message>, Refused> {
    seen_channel(state, author.user(state), channel)?;
    let message = state.message(channel, ts).ok_or(Refused::MessageNotFound)?;
    let own = message.author == *author.user(state)
        && !matches!(message.subtype, Some(Subtype::Tombstone | Subtype::ChannelJoin));
    Ok(own.then(|| message.clone()))
}
