//! Stored payloads → envelopes.
//!
//! [`read`] never fails loudly: a payload is an envelope, or there is a reason
//! why nobody has to act on it ([`Reading::Ignored`]), or it lacks what an
//! envelope needs ([`Reading::Unreadable`]). Fields and kinds that are not known
//! here do no harm. [`natural_key`] names what happened, so that the inbox
//! stores it once, however often and in whatever guise Slack delivers it.
//! [`immediate`] is what a few of them are answered at once, with the acknowledgement.

mod event;
mod immediate;
mod interactive;
mod key;
mod notice;
#[cfg(test)]
mod sample_tests;
mod slash;
#[cfg(test)]
mod tests;

use countersign_core::envelope::Envelope;
use countersign_core::ids::PersonId;
use countersign_engine::ports::Delivery;
use serde_json::Value;

use crate::Me;
pub use immediate::immediate;
pub use key::natural_key;
pub use notice::Notice;

/// The kinds of payload, as Socket Mode names them.
pub mod kind {
    /// The wrapper of an event.
    pub const EVENTS_API: &str = "events_api";
    /// A slash command.
    pub const SLASH_COMMANDS: &str = "slash_commands";
    /// A button, a dialog or a shortcut.
    pub const INTERACTIVE: &str = "interactive";
}

/// The longest name of something unknown, in characters.
const LONGEST_NAME: usize = 80;

/// What a payload turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A person did something.
    Envelope(Envelope),
    /// Slack tells the app something about itself, or about where it works.
    Notice(Notice),
    /// Nothing that a person asks of the bot, and why.
    Ignored(&'static str),
    /// A kind of thing that is not known here, and its name: `events_api/team_join`.
    Unknown(String),
    /// It should have been something, but lacks what that needs. Worth a warning.
    Unreadable(&'static str),
}

/// Reads a stored payload, as the bot `me`.
pub fn read(delivery: &Delivery, me: &Me) -> Reading {
    let Ok(payload) = serde_json::from_str::<Value>(&delivery.payload) else {
        return Reading::Unreadable("it is no JSON");
    };
    let payload = Payload { json: &payload, received_at: delivery.received_at, me };
    let read = match delivery.kind.as_str() {
        kind::EVENTS_API => event::read(&payload),
        kind::SLASH_COMMANDS => slash::read(&payload),
        kind::INTERACTIVE => interactive::read(&payload),
        other => Err(Skip::unknown(other, None)),
    };
    match read {
        Ok(envelope) => Reading::Envelope(envelope),
        Err(Skip::Notice(notice)) => Reading::Notice(notice),
        Err(Skip::Ignored(why)) => Reading::Ignored(why),
        Err(Skip::Unknown(name)) => Reading::Unknown(name),
        Err(Skip::Unreadable(why)) => Reading::Unreadable(why),
    }
}

/// A payload on its way to an envelope.
struct Payload<'a> {
    json: &'a Value,
    received_at: jiff::Timestamp,
    me: &'a Me,
}

/// Why there is no envelope.
enum Skip {
    Notice(Notice),
    Ignored(&'static str),
    Unknown(String),
    Unreadable(&'static str),
}

impl Skip {
    /// The kind of the payload and, within it, the name that Slack gives to what happened.
    fn unknown(kind: &str, name: Option<&str>) -> Self {
        let whole = [Some(kind), name].into_iter().flatten().collect::<Vec<_>>().join("/");
        Self::Unknown(crate::payload::short(&whole, LONGEST_NAME))
    }
}

impl Payload<'_> {
    fn filled(&self, pointer: &str) -> Option<&str> {
        crate::payload::filled(self.json, pointer)
    }

    /// A text without which there is no envelope.
    fn needed(&self, pointer: &str, otherwise: &'static str) -> Result<&str, Skip> {
        crate::payload::text(self.json, pointer).ok_or(Skip::Unreadable(otherwise))
    }

    /// The time in a `ts`, or else when the payload came in.
    fn at(&self, pointer: &str) -> jiff::Timestamp {
        self.filled(pointer).and_then(crate::ts::time).unwrap_or(self.received_at)
    }

    /// The person `user` of the first of these organisations that the payload names; of home if it names none.
    fn person(&self, user: &str, orgs: &[&str]) -> PersonId {
        let org = orgs.iter().find_map(|pointer| self.filled(pointer));
        let org = org.map_or_else(|| self.me.org().clone(), |org| self.me.org_of(org));
        PersonId { org, user: countersign_core::ids::UserId::new(user) }
    }
}
