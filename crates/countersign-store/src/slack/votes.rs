//! Reactions that came and went while nobody heard them.

use std::collections::BTreeSet;

use countersign_core::approval::{Verdict, VoteSource};
use countersign_core::envelope::{Act, Change, Envelope};
use countersign_core::ids::{MessageId, PersonId, UserId};
use countersign_core::operation::{Operation, Phase};
use countersign_engine::ports::{Chat as _, Ledger as _, LedgerError};

use super::SlackStore;

impl SlackStore {
    /// What people did to the open operations' messages, as far as that can be told from how these stand now.
    pub(super) async fn missed_votes(&self) -> Result<Vec<Envelope>, LedgerError> {
        let mut missed = Vec::new();
        for id in self.book.memory.open().await? {
            let Some(operation) = self.book.operation(&id).await? else { continue };
            if matches!(operation.phase, Phase::Voting | Phase::Approved { run_by: Some(_) }) {
                self.missed_by(&operation, &mut missed).await?;
            }
        }
        Ok(missed)
    }

    async fn missed_by(&self, operation: &Operation, missed: &mut Vec<Envelope>) -> Result<(), LedgerError> {
        let card = operation.card.as_ref().map(|card| &card.message);
        for message in operation.root.iter().chain(card) {
            let channel = &operation.request.origin.channel;
            let reactions =
                self.chat.reactions(channel, message).await.map_err(|error| LedgerError(error.into()))?;
            let there: BTreeSet<(&str, &UserId)> = reactions
                .iter()
                .flat_map(|reaction| reaction.users.iter().map(|user| (reaction.emoji.as_str(), user)))
                .filter(|(_, user)| **user != self.me.user)
                .collect();
            // One that stands on a card had been put there after the card was posted. On a request, or after
            // the plan had changed under it, nobody can tell what its author had seen.
            let is_dated = Some(message) == card && operation.overtaken.is_none() && operation.is_shown();
            for (emoji, user) in &there {
                let counts = match Verdict::of_reaction(emoji) {
                    Some(Verdict::Approve) => is_dated,
                    Some(Verdict::Object) => true,
                    None => false,
                };
                if counts && !has_voted(operation, (message, emoji), user) {
                    missed.push(self.act(operation, (message, emoji, Change::Added), user));
                }
            }
            for vote in &operation.votes {
                let VoteSource::Reaction { message: on, emoji } = &vote.source else { continue };
                if on == message && !there.contains(&(emoji.as_str(), &vote.person.user)) {
                    missed.push(self.act(operation, (message, emoji, Change::Removed), &vote.person.user));
                }
            }
        }
        Ok(())
    }

    fn act(
        &self,
        operation: &Operation,
        (message, emoji, change): (&MessageId, &str, Change),
        user: &UserId,
    ) -> Envelope {
        Envelope {
            at: self.book.now(),
            // A reaction does not say where a person is from: the directory finds out.
            person: PersonId { org: self.me.org().clone(), user: user.clone() },
            channel: operation.request.origin.channel.clone(),
            act: Act::Reacted { message: message.clone(), emoji: emoji.to_owned(), change },
        }
    }
}

fn has_voted(operation: &Operation, (message, emoji): (&MessageId, &str), user: &UserId) -> bool {
    let source = VoteSource::Reaction { message: message.clone(), emoji: emoji.to_owned() };
    operation.votes.iter().any(|vote| vote.source == source && vote.person.user == *user)
}
