//! What people do at a terminal: the same as in chat, by the same rules, also while the chat product is away.
//!
//! Whoever calls has made sure who the person is. What comes back is what the person is told; it is told to nobody
//! else.

mod pending;
mod say;
mod sign;

use countersign_core::approval::{Tally, Verdict};
use countersign_core::ids::{ChannelId, OperationId, PersonId};
use countersign_core::operation::{Operation, Phase};
use countersign_core::policy::{Manner, Person, Place, Refusal};

pub use sign::{Sign, Signed};

use super::ballot::{may_vote, must_type, tally_of, target_name};
use super::home::is_missing;
use super::voucher::{Trusts, Voucher};
use super::{Engine, Failure};
use crate::Rules;
use crate::ports::Freshness;

/// A sentence at a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Who says it.
    pub person: PersonId,
    /// What.
    pub text: String,
    /// In which channel's name; `None`: the one that the command belongs to.
    pub channel: Option<ChannelId>,
    /// The reason of an emergency, for which fewer signatures are asked.
    pub emergency: Option<String>,
}

/// What a sentence led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// An operation began.
    Begun(OperationId),
    /// No.
    Refused(Refusal),
}

/// An operation, as one person sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// The operation.
    pub operation: Operation,
    /// The count of its votes.
    pub tally: Tally,
    /// Would this person's signature bring it on?
    pub waits_for_you: bool,
    /// What this person types to sign it: the target's name, where a yes is not enough.
    pub to_type: Option<String>,
}

impl Engine {
    /// An operation, if there is one and this person may know of it.
    ///
    /// # Errors
    /// A [`Failure`] of something that the answer depends on.
    pub async fn sight(&self, id: &OperationId, person: &PersonId) -> Result<Option<Sight>, Failure> {
        let Some(operation) = self.load(id).await? else { return Ok(None) };
        let voucher = self.voucher(Trusts::Configuration);
        let rules = voucher.rules(Freshness::Recent).await?;
        let channel = &operation.request.origin.channel;
        Ok(match self.at_terminal(person, channel, &voucher).await? {
            Ok((person, place))
                if person.id == operation.request.caller
                    || may_know(&rules, &operation, (&person, &place)) =>
            {
                Some(sight(&rules, operation, (&person, &place)))
            }
            _ => None,
        })
    }

    /// The person and the place, if the person is in the channel.
    async fn at_terminal(
        &self,
        id: &PersonId,
        channel: &ChannelId,
        voucher: &Voucher<'_>,
    ) -> Result<Result<(Person, Place), Refusal>, Failure> {
        let terminal = &self.rules().policy.terminal;
        if !terminal.people.contains(&id.user) || !terminal.channels.contains(channel) {
            return Ok(Err(Refusal::NotAtTerminal));
        }
        let person = voucher.person(id, Freshness::Recent).await?;
        let place = voucher.place(channel, Freshness::Recent).await?;
        let people = voucher.people_in(channel, Freshness::Recent).await?;
        if people.is_some_and(|people| !people.contains(&id.user)) {
            return Ok(Err(Refusal::NotHere));
        }
        Ok(Ok((person, place)))
    }
}

/// What one may ask for, or sign, one may know of.
fn may_know(rules: &Rules, operation: &Operation, (person, place): (&Person, &Place)) -> bool {
    let sees = rules
        .command(&operation.request.command)
        .is_some_and(|(command, _)| rules.policy.may_see(command.spec(), person, place));
    sees || may_vote(rules, operation, (person, place), Manner::Terminal).is_ok()
}

fn sight(rules: &Rules, operation: Operation, (person, place): (&Person, &Place)) -> Sight {
    let tally = tally_of(rules, (&operation.request.quorum, &operation), &operation.votes);
    let waits_for_you = operation.phase == Phase::Voting
        && is_missing(&tally, &person.id, &operation.request.caller)
        && may_vote(rules, &operation, (person, place), Manner::Terminal).is_ok();
    let to_type = must_type(&operation, person, Verdict::Approve).then(|| target_name(&operation));
    Sight { operation, tally, waits_for_you, to_type }
}
