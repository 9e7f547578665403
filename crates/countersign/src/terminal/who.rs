//! Who somebody at a terminal is.

use std::collections::BTreeMap;

use countersign_core::ids::{ChannelId, UserId};
use countersign_core::reply::Names;
use jiff::Timestamp;

use super::Settings;
use super::token::{Key, KeyError, TokenError};
use crate::config::UnixUser;

/// What a connection proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The Unix user at its other end, as the kernel says.
    pub uid: u32,
    /// The token that came with it.
    pub token: Option<String>,
}

/// Nobody can tell who it is, or it is nobody who may be here.
#[derive(Debug, thiserror::Error)]
pub enum Stranger {
    /// The Unix user stands for nobody.
    #[error(
        "nobody knows who you are here: your Unix user ({0}) stands for nobody in [terminal] people, and there is no \
         token in COUNTERSIGN_TOKEN or --token-file"
    )]
    Nobody(u32),
    /// The token does not hold.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// It is a token of somebody whom the configuration does not name.
    #[error("this token is for somebody who is not in [terminal] people")]
    NotListed,
    /// Unix user and token are two people.
    #[error("your Unix user is one person, and the token is another's: be one of them")]
    TwoPeople,
    /// There is no key by which to tell whether a token holds.
    #[error("tokens do not hold here: [terminal] names no token_key_file")]
    NoTokens,
    /// The key by which to tell whether a token holds cannot be used.
    #[error("nobody can tell whether a token holds")]
    Key(#[source] KeyError),
}

impl Settings {
    /// The person behind a connection, at `now` (UTC).
    ///
    /// # Errors
    /// [`Stranger`] says why there is none.
    pub fn who(&self, proof: &Proof, now: Timestamp) -> Result<UserId, Stranger> {
        let by_token = proof.token.as_deref().map(|token| self.of_token(token, now)).transpose()?;
        match (self.of_user(proof.uid), by_token) {
            (Some(user), Some(token)) if user != token => Err(Stranger::TwoPeople),
            (Some(person), _) | (None, Some(person)) => Ok(person),
            (None, None) => Err(Stranger::Nobody(proof.uid)),
        }
    }

    fn of_user(&self, uid: u32) -> Option<UserId> {
        let known = passwd();
        let is_theirs = |user: &UnixUser| match user {
            UnixUser::Number(number) => *number == uid,
            UnixUser::Name(name) => known.get(name) == Some(&uid),
        };
        let person = self.people.iter().find(|person| person.unix.as_ref().is_some_and(is_theirs))?;
        Some(person.slack.clone())
    }

    /// The key is read each time: another key takes all tokens away at once.
    fn of_token(&self, token: &str, now: Timestamp) -> Result<UserId, Stranger> {
        let path = self.key_file.as_deref().ok_or(Stranger::NoTokens)?;
        let claim = Key::read(path).map_err(Stranger::Key)?.verify(token, now)?;
        if self.revoked.contains(&claim.id) {
            return Err(TokenError::Revoked.into());
        }
        let listed = self.people.iter().any(|person| person.slack == claim.person);
        if listed { Ok(claim.person) } else { Err(Stranger::NotListed) }
    }
}

impl Names for Settings {
    fn person(&self, user: &UserId) -> Option<&str> {
        self.people.iter().find(|person| person.slack == *user).map(|person| person.name.as_str())
    }

    fn channel(&self, channel: &ChannelId) -> Option<&str> {
        self.channels.iter().find(|(_, id)| *id == channel).map(|(name, _)| name.as_str())
    }
}

/// This machine's users by name. Where they come from elsewhere, the configuration names them by number.
pub(crate) fn passwd() -> BTreeMap<String, u32> {
    let file = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    users(&file)
}

/// `name:password:uid:…`, a line each.
fn users(file: &str) -> BTreeMap<String, u32> {
    let user = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?.to_owned();
        Some((name, fields.nth(1)?.parse().ok()?))
    };
    file.lines().filter_map(user).collect()
}

#[cfg(test)]
#[path = "who_tests.rs"]
mod tests;
