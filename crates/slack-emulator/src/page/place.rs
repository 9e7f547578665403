//! Where a reader stands: who is acting, in which channel, with which thread open. All of it is in the address.

use serde::Deserialize;

use crate::seed::{Channel, Person, Role};
use crate::workspace::{ChannelId, State, Ts, UserId};

/// A reader's place; [`Place::find`] has checked that the acting person may be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Who is acting.
    pub me: UserId,
    /// That person's handle, as in the address.
    pub handle: String,
    /// The channel on show.
    pub channel: ChannelId,
    /// The root of the thread beside it.
    pub thread: Option<Ts>,
}

/// What the address says, unchecked.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Address {
    /// The handle of the acting person; the first of the workspace when it is missing.
    #[serde(default, rename = "as")]
    pub handle: Option<String>,
    /// The channel; the person's first one when it is missing.
    #[serde(default)]
    pub channel: Option<String>,
    /// The `ts` of a thread's root.
    #[serde(default)]
    pub thread: Option<String>,
}

/// Why there is nothing to show at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Nobody of that handle is in this workspace.
    Nobody,
    /// The acting person is no member of that channel, or there is none such: the same answer, on purpose.
    NotHere,
    /// There is no such thread in the channel.
    NoThread,
}

impl Place {
    /// Finds the place that an address names.
    ///
    /// # Errors
    /// [`Lost`] when the person, the channel (for this person) or the thread is not there.
    pub fn find(state: &State, address: &Address) -> Result<Place, Lost> {
        let me = match address.handle.as_deref() {
            Some(handle) => actors(state).find(|person| person.name == handle).ok_or(Lost::Nobody)?,
            None => actors(state).next().ok_or(Lost::Nobody)?,
        };
        let mut mine = own_channels(state, &me.id).into_iter();
        let channel = match address.channel.as_deref() {
            Some(id) => mine.find(|channel| channel.id.as_str() == id),
            None => preferred(&mine.collect::<Vec<_>>()),
        };
        let channel = channel.ok_or(Lost::NotHere)?;
        let thread = address.thread.as_deref().map(|ts| root(state, &channel.id, ts).ok_or(Lost::NoThread));
        Ok(Place {
            me: me.id.clone(),
            handle: me.name.clone(),
            channel: channel.id.clone(),
            thread: thread.transpose()?,
        })
    }

    /// The address of this place.
    pub fn href(&self) -> String {
        match self.thread {
            Some(thread) => format!("/client/{}/{thread}?{}", self.channel, query(&self.handle)),
            None => format!("/client/{}?{}", self.channel, query(&self.handle)),
        }
    }

    /// The same channel with another thread, or with none.
    pub fn with_thread(&self, thread: Option<Ts>) -> Place {
        Place { thread, ..self.clone() }
    }

    /// Another channel of the same person.
    pub fn in_channel(&self, channel: &ChannelId) -> Place {
        Place { channel: channel.clone(), thread: None, ..self.clone() }
    }
}

/// The part of an address that says who is acting.
pub fn query(handle: &str) -> String {
    serde_urlencoded::to_string([("as", handle)]).unwrap_or_default()
}

/// Everybody that one can act as: every account in use, the app's bot last. What the
/// bot does in the page is done in the app's name, as with its token.
pub fn actors(state: &State) -> impl Iterator<Item = &Person> {
    let in_use = |person: &&Person| !person.deactivated;
    let people = state.people().iter().filter(|person| person.role != Role::Bot);
    let bots = state.people().iter().filter(|person| person.role == Role::Bot);
    people.chain(bots).filter(in_use)
}

/// The channels that a person is a member of, direct messages last.
pub fn own_channels<'a>(state: &'a State, me: &UserId) -> Vec<&'a Channel> {
    state.visible_channels(me).into_iter().filter(|channel| channel.members.contains(me)).collect()
}

/// Where somebody lands who names no channel: the first private one, since work happens there.
fn preferred<'a>(channels: &[&'a Channel]) -> Option<&'a Channel> {
    let private = channels.iter().find(|channel| channel.kind == crate::seed::ChannelKind::Private);
    private.or(channels.first()).copied()
}

fn root(state: &State, channel: &ChannelId, ts: &str) -> Option<Ts> {
    state.message(channel, Ts::parse(ts)?).map(|message| message.thread_root())
}
