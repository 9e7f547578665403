//! What admins change about people and user groups.

use super::change::What;
use super::ids::UserId;
use super::{Refused, Workspace};
use crate::events;
use crate::seed::{Person, Role};

/// What to change about a person; `None` keeps what was there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonChange {
    /// Deactivates the account, or brings it back.
    pub deactivated: Option<bool>,
    /// Member, admin or guest.
    pub role: Option<Role>,
    /// The full name.
    pub real_name: Option<String>,
    /// What the person does.
    pub title: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

impl Workspace {
    /// Changes a person's account; the app gets `user_change`.
    ///
    /// # Errors
    /// [`Refused::UserNotFound`] when there is no such person; the bot user is none.
    pub async fn set_person(&self, user: &UserId, change: PersonChange) -> Result<Person, Refused> {
        self.commit(|tx| {
            let found = tx.state.person(user).filter(|person| person.role != Role::Bot);
            let mut person = found.ok_or(Refused::UserNotFound)?.clone();
            change.apply(&mut person);
            person.updated = tx.now.as_second();
            tx.put_person(person.clone());
            tx.changed(What::PeopleChanged);
            events::user_change(tx, &person);
            Ok(person)
        })
        .await
    }

    /// Replaces the members of a user group; the app gets `subteam_members_changed`.
    ///
    /// # Errors
    /// [`Refused`] when there is no such group or person.
    pub async fn set_usergroup(&self, id: &str, members: Vec<UserId>) -> Result<(), Refused> {
        self.commit(|tx| {
            let found = tx.state.usergroups.iter().find(|group| group.id == id);
            let mut group = found.ok_or(Refused::UserGroupNotFound)?.clone();
            if members.iter().any(|user| tx.state.person(user).is_none()) {
                return Err(Refused::UserNotFound);
            }
            let before = std::mem::replace(&mut group.members, members);
            let updated = std::mem::replace(&mut group.updated, tx.now.as_second());
            tx.put_usergroup(group.clone());
            events::subteam_members_changed(tx, &group, (&before, updated));
            Ok(())
        })
        .await
    }
}

impl PersonChange {
    fn apply(self, person: &mut Person) {
        person.deactivated = self.deactivated.unwrap_or(person.deactivated);
        person.role = self.role.unwrap_or(person.role);
        for (new, old) in [
            (self.real_name, &mut person.real_name),
            (self.title, &mut person.title),
            (self.email, &mut person.email),
        ] {
            if let Some(new) = new {
                *old = new;
            }
        }
    }
}
