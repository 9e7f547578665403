//! A sentence at a terminal: routed, permitted, begun.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign_core::command::catalog::Command;
use countersign_core::command::spec::{Scope, Spec};
use countersign_core::envelope::Origin;
use countersign_core::ids::ChannelId;
use countersign_core::operation::Alarm;
use countersign_core::policy::{Ask, Manner, Person, Place, Policy, Refusal};
use countersign_core::router::Routing;
use countersign_core::router::tokens::tidy;

use super::super::hear::Beginning;
use super::super::secrets::stands_elsewhere;
use super::super::tasks::Message;
use super::super::voucher::{Trusts, Voucher};
use super::super::{Engine, Failure};
use super::{Said, Sentence};
use crate::ports::Freshness;
use crate::rules::{Rules, refusal_of};

/// The reason of an emergency has at least so many words.
const FEWEST_WORDS: usize = 3;
/// And at most so many characters.
const LONGEST_REASON: usize = 300;

impl Engine {
    /// A person says a sentence at a terminal: begins an operation, or says why not.
    ///
    /// # Errors
    /// A [`Failure`] of something that the answer depends on. Refusals are answers, not errors.
    pub async fn say_at_terminal(self: &Arc<Self>, said: &Sentence) -> Result<Said, Failure> {
        let text = tidy(&said.text).into_owned();
        let voucher = self.voucher(Trusts::Configuration);
        let rules = voucher.rules(Freshness::Recent).await?;
        let (command, args, channel) = match self.find(&rules, (said, &text), &voucher).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Said::Refused(refusal)),
        };
        let (person, place) = match self.at_terminal(&said.person, &channel, &voucher).await? {
            Ok(there) => there,
            Err(refusal) => return Ok(Said::Refused(refusal)),
        };
        let (manner, emergency) = match said.emergency.as_deref().map(reason) {
            None => (Manner::Terminal, None),
            Some(Some(reason)) => (Manner::Emergency, Some(reason)),
            Some(None) => return Ok(Said::Refused(Refusal::NoReason)),
        };
        let (spec, now) = (command.spec(), self.now());
        let ask = Ask { spec, args: &args, person: &person, place: &place, manner, now };
        let permit = match rules.policy.permit(&ask) {
            Ok(permit) => permit,
            Err(refusal) => return Ok(Said::Refused(refusal)),
        };
        if let Some(refusal) = stands_elsewhere(command, &permit, &text) {
            return Ok(Said::Refused(refusal));
        }
        self.clock_agrees()?;
        let key = format!("terminal/{:032x}", self.ports.ids.random());
        let origin = Origin { channel, message: None, thread: None };
        let mut messages = vec![Message::Root, Message::Card];
        messages.extend(emergency.iter().flat_map(|_| [Alarm::Begun, Alarm::Ended]).map(Message::Alarm));
        let beginning = Beginning { permit, sentence: text, origin, emergency };
        Ok(match self.begin(&key, beginning, messages).await? {
            Some(id) => Said::Begun(id),
            None => Said::Refused(Refusal::NotHere),
        })
    }

    /// The command that a sentence means, its arguments, and the channel in whose name it is said.
    async fn find<'r>(
        &self,
        rules: &'r Rules,
        (said, text): (&Sentence, &str),
        voucher: &Voucher<'_>,
    ) -> Result<Result<(&'r Command, serde_json::Value, ChannelId), Refusal>, Failure> {
        let mut here: Vec<(Person, Place)> = Vec::new();
        for channel in channels(rules, said.channel.as_ref()) {
            if let Ok(there) = self.at_terminal(&said.person, &channel, voucher).await? {
                here.push(there);
            }
        }
        if here.is_empty() {
            return Ok(Err(Refusal::NotAtTerminal));
        }
        let visible = |command: &Command| {
            here.iter().any(|(person, place)| rules.policy.may_see(command.spec(), person, place))
        };
        Ok(match rules.catalog.route_visible(text, &visible) {
            Routing::Route { command, args } => {
                let places = here.iter().map(|(_, place)| &place.channel);
                one_of(&rules.policy, command.spec(), places)
                    .map(|channel| (command, args.to_plain_json(), channel))
            }
            Routing::Unknown => {
                let nearest = rules.catalog.nearest(text, &visible);
                let nearest = nearest.iter().map(|command| command.usage().to_owned()).collect();
                Err(Refusal::Unknown { nearest })
            }
            nearly => Err(refusal_of(nearly)),
        })
    }
}

/// The channels whose commands may be run at a terminal; or the one that is named, whatever may be done there.
fn channels(rules: &Rules, named: Option<&ChannelId>) -> BTreeSet<ChannelId> {
    if let Some(channel) = named {
        return [channel.clone()].into();
    }
    let scopes = rules.catalog.commands().iter().map(|command| &command.spec().channels);
    let scopes = scopes.chain([&rules.policy.terminal.channels, &rules.policy.channels]);
    let named = scopes.filter_map(|scope| match scope {
        Scope::Only(channels) => Some(channels),
        Scope::Everyone => None,
    });
    named.flatten().filter(|channel| rules.policy.terminal.channels.contains(channel)).cloned().collect()
}

/// The one channel of `places` to which a command belongs.
fn one_of<'a>(
    policy: &Policy,
    spec: &Spec,
    places: impl Iterator<Item = &'a ChannelId>,
) -> Result<ChannelId, Refusal> {
    let belongs = |channel: &&ChannelId| spec.channels.contains(channel) && policy.channels.contains(channel);
    let channels: BTreeSet<ChannelId> = places.filter(belongs).cloned().collect();
    match (channels.first(), channels.len()) {
        (Some(channel), 1) => Ok(channel.clone()),
        (None, _) => Err(Refusal::NotHere),
        (Some(_), _) => Err(Refusal::WhichChannel { channels }),
    }
}

/// The reason of an emergency on one line, if it says enough and not too much.
fn reason(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let reason = words.join(" ");
    let fits = words.len() >= FEWEST_WORDS && reason.chars().count() <= LONGEST_REASON;
    fits.then_some(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_enough_and_stands_on_one_line() {
        assert_eq!(reason("the site\n is  down"), Some("the site is down".to_owned()));
        for little in ["", "down", "it broke", "  \n "] {
            assert_eq!(reason(little), None, "{little:?}");
        }
        assert_eq!(reason(&"very ".repeat(100)), None);
    }
}
