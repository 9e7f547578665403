//! What the page shows, piece by piece, from the state of the workspace.
//!
//! [`scene::Scene`] is everything that moves: regions of items with an id each. The first answer carries all of it in
//! one document ([`shell`]); afterwards the change feed carries the items that look different ([`super::live`]).

mod aside;
mod avatar;
mod composer;
mod icon;
mod message;
mod modal;
pub mod problem;
pub mod scene;
pub mod shell;
mod sidebar;
mod typed;

#[cfg(test)]
mod tests;

use crate::seed::{ChannelKind, Person, Role};
use crate::workspace::{State, UserId};

use super::names::Names;
use super::place::{self, Place};

/// The state as one person sees it from one place.
#[derive(Clone, Copy)]
pub struct Viewer<'a> {
    /// Everything.
    pub state: &'a State,
    /// Where the person stands.
    pub place: &'a Place,
    /// What ids are called for this person.
    pub names: &'a Names,
}

impl Viewer<'_> {
    /// Whether the app wrote something as this account.
    fn is_bot(&self, user: &UserId) -> bool {
        self.state.person(user).is_some_and(|person| person.role == Role::Bot)
    }
}

/// The names that a person sees.
pub fn names(state: &State, place: &Place) -> Names {
    let people = state.people().iter().map(|person| (person.id.to_string(), person.real_name.clone()));
    let channels = state.visible_channels(&place.me).into_iter().filter(|c| c.kind != ChannelKind::Direct);
    Names {
        people: people.collect(),
        channels: channels.map(|channel| (channel.id.to_string(), channel.name.clone())).collect(),
        groups: state.usergroups().iter().map(|group| (group.id.clone(), group.handle.clone())).collect(),
        me: place.me.to_string(),
        query: place::query(&place.handle),
    }
}

/// What a person is in this workspace, in a word or two.
fn role_label(state: &State, person: &Person) -> String {
    if person.team != state.team().id {
        return "Another workspace".to_owned();
    }
    match person.role {
        Role::Guest | Role::SingleChannelGuest => "Guest".to_owned(),
        Role::Admin => "Admin".to_owned(),
        Role::Bot => "App".to_owned(),
        Role::Member if person.title.is_empty() => "Member".to_owned(),
        Role::Member => person.title.clone(),
    }
}
