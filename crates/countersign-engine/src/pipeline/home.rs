//! The bot's home, and the bot's first words in a channel.

use std::collections::BTreeSet;

use countersign_core::approval::Tally;
use countersign_core::command::spec::Scope;
use countersign_core::envelope::Envelope;
use countersign_core::ids::{ChannelId, PersonId};
use countersign_core::operation::{Operation, Phase};
use countersign_core::policy::{Manner, Person, Place};
use countersign_core::reply::{self, HelpEntry, Home, Waiting};

use super::ballot::{may_vote, tally_of};
use super::{Engine, Failure};
use crate::Rules;
use crate::ports::{Freshness, Post};

/// So many open operations are looked at, the oldest first.
const MOST_LOOKED_AT: usize = 200;

impl Engine {
    /// Someone opened the bot's home: draws what waits for them, and what they may ask for.
    pub(super) async fn show_home(&self, envelope: &Envelope) -> Result<(), Failure> {
        let rules = self.rules_as_of(Freshness::Recent).await?;
        let person = self.ports.directory.person(&envelope.person, Freshness::Recent).await?;
        let mut home = Home::default();
        for channel in channels(&rules) {
            if let Some(place) = self.place_with(&channel, &person).await? {
                home.offers.push((channel, rules.help_for(&person, &place)));
            }
        }
        home.offers.retain(|(_, entries): &(_, Vec<HelpEntry>)| !entries.is_empty());
        for id in self.ports.ledger.open().await?.into_iter().take(MOST_LOOKED_AT) {
            let Some(operation) = self.load(&id).await? else { continue };
            let Some(place) = self.place_with(&operation.request.origin.channel, &person).await? else {
                continue;
            };
            if waits_for(&rules, &operation, (&person, &place)) {
                home.waiting.push(waiting(&operation));
            }
        }
        let drawn = reply::home(&rules.bot, &home);
        Ok(self.ports.chat.show_home(&envelope.person.user, &drawn).await?)
    }

    /// The bot was brought into a channel: says who it is, or why it does nothing here.
    pub(super) async fn introduce(&self, envelope: &Envelope) -> Result<(), Failure> {
        let rules = self.rules();
        self.ports.directory.forget(&envelope.channel);
        let place = self.ports.directory.place(&envelope.channel, Freshness::Now).await?;
        let works = rules.policy.channels.contains(&envelope.channel)
            && rules
                .catalog
                .commands()
                .iter()
                .any(|command| command.spec().channels.contains(&envelope.channel));
        let reply = match rules.policy.closed(&place) {
            Some(refusal) => reply::refusal(&refusal, &rules.bot),
            None if works => reply::greeting(&rules.bot),
            None => reply::nothing_here(&rules.bot),
        };
        let post = Post { channel: &envelope.channel, thread: None, reply: &reply, mark: None };
        self.ports.chat.post(post).await?;
        Ok(())
    }

    /// A channel, if this person is in it: what happens elsewhere is not for them to know.
    async fn place_with(&self, channel: &ChannelId, person: &Person) -> Result<Option<Place>, Failure> {
        let directory = &self.ports.directory;
        let people = directory.people_in(channel, Freshness::Recent).await?;
        if people.is_none_or(|people| !people.contains(&person.id.user)) {
            return Ok(None);
        }
        Ok(Some(directory.place(channel, Freshness::Recent).await?))
    }
}

/// Every channel that the configuration names for a command, and in which the bot works.
fn channels(rules: &Rules) -> BTreeSet<ChannelId> {
    let scopes = rules.catalog.commands().iter().map(|command| &command.spec().channels);
    let named = scopes.chain([&rules.policy.channels]).filter_map(|scope| match scope {
        Scope::Only(channels) => Some(channels),
        Scope::Everyone => None,
    });
    named.flatten().filter(|channel| rules.policy.channels.contains(channel)).cloned().collect()
}

/// Would this person's signature bring the operation on?
fn waits_for(rules: &Rules, operation: &Operation, (person, place): (&Person, &Place)) -> bool {
    let tally = tally_of(rules, (&operation.request.quorum, operation), &operation.votes);
    operation.phase == Phase::Voting
        && is_missing(&tally, &person.id, &operation.request.caller)
        && may_vote(rules, operation, (person, place), Manner::Chat).is_ok()
}

pub(super) fn is_missing(tally: &Tally, person: &PersonId, caller: &PersonId) -> bool {
    if person == caller {
        return tally.caller_missing;
    }
    tally.others_missing > 0 && !tally.signed.contains(person)
}

fn waiting(operation: &Operation) -> Waiting {
    Waiting {
        sentence: operation.request.sentence.clone(),
        caller: operation.request.caller.user.clone(),
        channel: operation.request.origin.channel.clone(),
        until: operation.proposal.as_ref().and_then(|proposal| proposal.approve_by),
    }
}
