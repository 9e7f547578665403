//! Slack Connect: sharing a channel with another workspace, and ending that.

use super::ids::{ChannelId, TeamId};
use super::tx::Tx;
use super::{Refused, Workspace};
use crate::events;
use crate::seed::{Channel, ChannelKind};

/// How far a shared channel has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// The other workspace was asked; the app hears nothing yet.
    Pending,
    /// The other workspace has accepted: the app gets `channel_shared`.
    Accepted,
}

impl Workspace {
    /// Shares a channel with another workspace, which need not be one of the seed's.
    ///
    /// # Errors
    /// [`Refused`] when there is no such channel, it is a direct message, or the workspace is the app's own.
    pub async fn share(&self, channel: &ChannelId, with: &TeamId, how: Sharing) -> Result<Channel, Refused> {
        self.commit(|tx| {
            let mut channel = room(tx, channel)?;
            if *with == tx.state.team.id {
                return Err(Refused::OwnTeam);
            }
            let was_shared = channel.shared_with.contains(with);
            channel.pending_with.retain(|team| team != with);
            match how {
                Sharing::Pending if !was_shared => channel.pending_with.push(with.clone()),
                Sharing::Accepted if !was_shared => channel.shared_with.push(with.clone()),
                Sharing::Pending | Sharing::Accepted => {}
            }
            tx.put_channel(channel.clone());
            if how == Sharing::Accepted && !was_shared {
                events::channel_shared(tx, &channel, with);
            }
            Ok(channel)
        })
        .await
    }

    /// Ends the sharing with one workspace, or with all: its people leave the channel, open invitations go, and the
    /// app gets `channel_unshared`.
    ///
    /// # Errors
    /// [`Refused`] when there is no such channel, or it is shared with nobody of that name.
    pub async fn unshare(&self, channel: &ChannelId, with: Option<&TeamId>) -> Result<Channel, Refused> {
        self.commit(|tx| {
            let mut channel = room(tx, channel)?;
            let leaving = |team: &TeamId| with.is_none_or(|one| one == team);
            let gone: Vec<_> = tx.state.foreign_teams(&channel).into_iter().filter(leaving).collect();
            let invited = channel.pending_with.len();
            channel.pending_with.retain(|team| !leaving(team));
            if gone.is_empty() && channel.pending_with.len() == invited {
                return Err(Refused::NotShared);
            }
            channel.shared_with.retain(|team| !leaving(team));
            let state = &*tx.state;
            channel.members.retain(|user| state.person(user).is_none_or(|one| !gone.contains(&one.team)));
            tx.put_channel(channel.clone());
            for team in &gone {
                events::channel_unshared(tx, &channel, team);
            }
            Ok(channel)
        })
        .await
    }
}

/// A channel that can be shared.
fn room(tx: &Tx<'_>, channel: &ChannelId) -> Result<Channel, Refused> {
    let found = tx.state.channel(channel).ok_or(Refused::ChannelNotFound)?;
    if found.kind == ChannelKind::Direct { Err(Refused::WrongChannelType) } else { Ok(found.clone()) }
}
