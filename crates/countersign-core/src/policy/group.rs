//! A group of people: by name, by the chat product's user group, or both.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{UserId, UsergroupId};

/// Who belongs to a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// People whom the configuration names.
    pub users: BTreeSet<UserId>,
    /// Everyone in this user group of the chat product belongs to it, too.
    pub usergroup: Option<UsergroupId>,
}

/// The members of user groups, as the directory last said. A user group that is missing here has no members.
pub type Roster = BTreeMap<UsergroupId, BTreeSet<UserId>>;

impl Group {
    /// The group of exactly these people.
    pub fn of_users(users: impl IntoIterator<Item = UserId>) -> Self {
        Self { users: users.into_iter().collect(), usergroup: None }
    }

    /// Everyone in it.
    pub(super) fn members<'a>(&'a self, roster: &'a Roster) -> impl Iterator<Item = &'a UserId> {
        let listed = self.usergroup.as_ref().and_then(|usergroup| roster.get(usergroup));
        self.users.iter().chain(listed.into_iter().flatten())
    }
}
