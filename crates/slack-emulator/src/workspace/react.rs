//! Putting emoji under messages and taking them back.

use super::change::What;
use super::ids::{ChannelId, Ts, UserId};
use super::message::{Message, Reaction};
use super::post::seen_channel;
use super::state::State;
use super::{Refused, Workspace};
use crate::events;

/// The most different emoji that a message may have (Slack's documented limit).
const MAX_EMOJI: usize = 23;

impl Workspace {
    /// Puts an emoji under a message. `name` goes without colons; `thumbsup` becomes `+1`.
    ///
    /// # Errors
    /// [`Refused`] when the channel or the message cannot be seen, the name is no emoji's, or it is there already.
    pub async fn react(&self, user: &UserId, channel: &ChannelId, ts: Ts, name: &str) -> Result<(), Refused> {
        self.commit(|tx| {
            let mut message = member_message(tx.state, user, channel, ts)?;
            let name = standard_name(name).ok_or(Refused::InvalidEmoji)?;
            add(&mut message, user, &name)?;
            tx.put_message(message.clone());
            tx.changed(What::ReactionsChanged(tx.reference(&message)));
            events::reaction(tx, events::Reacted::Added, (user, &name), &message);
            Ok(())
        })
        .await
    }

    /// Takes an emoji back.
    ///
    /// # Errors
    /// [`Refused`] when the channel or the message cannot be seen, or this person has not put the emoji there.
    pub async fn unreact(
        &self,
        user: &UserId,
        channel: &ChannelId,
        ts: Ts,
        name: &str,
    ) -> Result<(), Refused> {
        self.commit(|tx| {
            let mut message = member_message(tx.state, user, channel, ts)?;
            let name = standard_name(name).ok_or(Refused::InvalidEmoji)?;
            remove(&mut message, user, &name)?;
            tx.put_message(message.clone());
            tx.changed(What::ReactionsChanged(tx.reference(&message)));
            events::reaction(tx, events::Reacted::Removed, (user, &name), &message);
            Ok(())
        })
        .await
    }
}

/// The message, if `user` is a member of its channel.
fn member_message(state: &State, user: &UserId, channel: &ChannelId, ts: Ts) -> Result<Message, Refused> {
    let found = seen_channel(state, user, channel)?;
    if found.archived {
        return Err(Refused::IsArchived);
    }
    if !found.members.contains(user) {
        return Err(Refused::NotInChannel);
    }
    state.message(channel, ts).cloned().ok_or(Refused::MessageNotFound)
}

fn add(message: &mut Message, user: &UserId, name: &str) -> Result<(), Refused> {
    let room = message.reactions.len() < MAX_EMOJI;
    match message.reactions.iter_mut().find(|reaction| reaction.name == name) {
        Some(reaction) if reaction.users.contains(user) => Err(Refused::AlreadyReacted),
        Some(reaction) => {
            reaction.users.push(user.clone());
            Ok(())
        }
        None if !room => Err(Refused::TooManyEmoji),
        None => {
            message.reactions.push(Reaction { name: name.into(), users: vec![user.clone()] });
            Ok(())
        }
    }
}

fn remove(message: &mut Message, user: &UserId, name: &str) -> Result<(), Refused> {
    let found = message.reactions.iter_mut().find(|reaction| reaction.name == name);
    let reaction = found.filter(|reaction| reaction.users.contains(user)).ok_or(Refused::NoReaction)?;
    reaction.users.retain(|one| one != user);
    message.reactions.retain(|reaction| !reaction.users.is_empty());
    Ok(())
}

/// The name under which Slack stores an emoji: without colons, in small letters, with the usual alias resolved and
/// a skin tone kept. `None` if it cannot be a name.
fn standard_name(name: &str) -> Option<String> {
    let name = name.trim().trim_matches(':').to_lowercase();
    let (base, tone) = match name.split_once("::") {
        Some((base, tone)) => (base.to_owned(), Some(tone.to_owned())),
        None => (name, None),
    };
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '\'');
    if base.is_empty() || base.chars().count() > 100 || !base.chars().all(allowed) {
        return None;
    }
    let base = match base.as_str() {
        "thumbsup" => "+1".to_owned(),
        "thumbsdown" => "-1".to_owned(),
        _ => base,
    };
    match tone.as_deref() {
        None => Some(base),
        Some("skin-tone-2" | "skin-tone-3" | "skin-tone-4" | "skin-tone-5" | "skin-tone-6") => {
            Some(format!("{base}::{}", tone.unwrap_or_default()))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stored_in_slacks_form() {
        for (given, stored) in [
            ("white_check_mark", "white_check_mark"),
            (":+1:", "+1"),
            ("thumbsup", "+1"),
            ("thumbsdown", "-1"),
            ("thumbsup::skin-tone-2", "+1::skin-tone-2"),
            (":+1::skin-tone-6:", "+1::skin-tone-6"),
        ] {
            assert_eq!(standard_name(given).as_deref(), Some(stored), "{given}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for given in ["", "::", "a b", "<@U0BOT>", "+1::skin-tone-9", "✅"] {
            assert_eq!(standard_name(given), None, "{given}");
        }
    }
}
