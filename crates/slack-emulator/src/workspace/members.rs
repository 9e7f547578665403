//! Channels: joining, inviting, direct messages, and looking at the app's home.

use super::change::What;
use super::ids::{ChannelId, UserId};
use super::message::{Message, Subtype};
use super::post::{Author, Draft, open_channel};
use super::state::State;
use super::tx::Tx;
use super::{Refused, Workspace};
use crate::delivery::Transport;
use crate::events;
use crate::seed::{Channel, ChannelKind};

impl Workspace {
    /// Joins a public channel; a member stays one.
    ///
    /// # Errors
    /// [`Refused`] when the channel cannot be seen, is archived, or is a direct message.
    pub async fn join(&self, user: &UserId, channel: &ChannelId) -> Result<Channel, Refused> {
        self.commit(|tx| {
            let found = open_channel(tx.state, user, channel)?.clone();
            if found.kind != ChannelKind::Public {
                return Err(Refused::WrongChannelType);
            }
            tx.add_member(found, user, None)
        })
        .await
    }

    /// Chooses how Slack reaches the app.
    pub(crate) async fn set_transport(&self, transport: Transport) -> Result<(), Refused> {
        self.commit(|tx| {
            tx.put_transport(transport);
            Ok(())
        })
        .await
    }

    /// Adds somebody to a channel that `inviter` is in.
    ///
    /// # Errors
    /// [`Refused`] when the channel cannot be seen, is archived or direct, or the person does not exist.
    pub async fn invite(
        &self,
        inviter: &UserId,
        channel: &ChannelId,
        user: &UserId,
    ) -> Result<Channel, Refused> {
        self.commit(|tx| {
            let found = open_channel(tx.state, inviter, channel)?.clone();
            if !found.members.contains(inviter) {
                return Err(Refused::NotInChannel);
            }
            if found.kind == ChannelKind::Direct {
                return Err(Refused::WrongChannelType);
            }
            tx.state.person(user).ok_or(Refused::UserNotFound)?;
            tx.add_member(found, user, Some(inviter))
        })
        .await
    }

    /// Takes somebody out of a channel, as an admin does; the app gets `member_left_channel`.
    ///
    /// # Errors
    /// [`Refused`] when there is no such channel, it is a direct message, or the person is not in it.
    pub async fn kick(&self, channel: &ChannelId, user: &UserId) -> Result<Channel, Refused> {
        self.commit(|tx| {
            let before = tx.state.channel(channel).ok_or(Refused::ChannelNotFound)?.clone();
            if before.kind == ChannelKind::Direct {
                return Err(Refused::WrongChannelType);
            }
            if !before.members.contains(user) {
                return Err(Refused::UserNotInChannel);
            }
            let mut after = before.clone();
            after.members.retain(|member| member != user);
            events::member_left(tx, &before, user);
            tx.put_channel(after.clone());
            Ok(after)
        })
        .await
    }

    /// The direct message between two accounts, opened if it was not; the flag says that it was there before.
    ///
    /// # Errors
    /// [`Refused::UserNotFound`] when either does not exist or they may not know of each other.
    pub async fn open_direct(&self, one: &UserId, other: &UserId) -> Result<(Channel, bool), Refused> {
        self.commit(|tx| {
            if let Some(found) = direct(tx.state, one, other) {
                return Ok((found.clone(), true));
            }
            for user in [one, other] {
                tx.state.person(user).ok_or(Refused::UserNotFound)?;
            }
            if !tx.state.know_each_other(one, other) {
                return Err(Refused::UserNotFound);
            }
            let channel = Channel {
                id: ChannelId::new(tx.next_id("D")),
                name: String::new(),
                kind: ChannelKind::Direct,
                topic: String::new(),
                members: if one == other { vec![one.clone()] } else { vec![one.clone(), other.clone()] },
                archived: false,
                shared_with: Vec::new(),
                pending_with: Vec::new(),
            };
            tx.put_channel(channel.clone());
            Ok((channel, false))
        })
        .await
    }

    /// A person looks at the app's home or messages tab: the app gets `app_home_opened`. Returns the direct
    /// message with the app.
    ///
    /// # Errors
    /// [`Refused::UserNotFound`] when the person does not exist.
    pub async fn open_app_home(&self, user: &UserId, tab: HomeTab) -> Result<ChannelId, Refused> {
        let bot = self.read(|state| state.app().bot_user.clone());
        let (channel, _) = self.open_direct(user, &bot).await?;
        self.commit(|tx| {
            events::app_home_opened(tx, user, &channel.id, tab);
            Ok(())
        })
        .await?;
        Ok(channel.id)
    }
}

/// A tab of the app's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HomeTab {
    /// The home tab, drawn by the app.
    Home,
    /// The direct message.
    Messages,
}

/// The direct message between two accounts, if it is open.
pub(crate) fn direct<'a>(state: &'a State, one: &UserId, other: &UserId) -> Option<&'a Channel> {
    let parties = if one == other { 1 } else { 2 };
    state.channels.iter().find(|channel| {
        channel.kind == ChannelKind::Direct
            && channel.members.len() == parties
            && channel.members.contains(one)
            && channel.members.contains(other)
    })
}

impl Tx<'_> {
    fn add_member(
        &mut self,
        mut channel: Channel,
        user: &UserId,
        inviter: Option<&UserId>,
    ) -> Result<Channel, Refused> {
        if channel.members.contains(user) {
            return Ok(channel);
        }
        channel.members.push(user.clone());
        self.put_channel(channel.clone());
        self.announce_join(&channel, user)?;
        events::member_joined(self, &channel, user, inviter);
        Ok(channel)
    }

    fn announce_join(&mut self, channel: &Channel, user: &UserId) -> Result<Message, Refused> {
        let draft = Draft {
            text: format!("<@{user}> has joined the channel"),
            subtype: Some(Subtype::ChannelJoin),
            ..Draft::default()
        };
        let author =
            if *user == self.state.app.bot_user { Author::App } else { Author::Person(user.clone()) };
        self.changed(What::ChannelChanged { channel: channel.id.clone() });
        self.post(&author, &channel.id, draft)
    }
}
