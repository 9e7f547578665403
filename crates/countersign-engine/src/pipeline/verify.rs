//! The last look before the work: are all votes still there, may it still run,
//! and would it still do what people signed?

use std::collections::BTreeSet;

use countersign_core::approval::{Verdict, Vote, VoteSource};
use countersign_core::ids::{PersonId, UserId};
use countersign_core::operation::{Event, Operation, Phase, Stop, WithdrawnBecause};
use countersign_core::policy::{Freeze, Manner, Person, Place, Refusal};
use jiff::Timestamp;

use super::advance::{Permitted, Step};
use super::apply::Before;
use super::ballot::{manner_of_vote, may_vote, tally_of};
use super::voucher::Voucher;
use super::{Engine, Failure};
use crate::Rules;
use crate::ports::{ChatError, Freshness};

/// Where the operation was asked for, as things stand now.
pub(super) struct Room {
    pub(super) place: Place,
    /// `None` in a direct message, which nobody leaves.
    people: Option<BTreeSet<UserId>>,
}

impl Room {
    pub(super) fn holds(&self, person: &Person) -> bool {
        self.people.as_ref().is_none_or(|people| people.contains(&person.id.user))
    }
}

impl Engine {
    /// All have signed, or nobody has to. Looks once more at everything that
    /// the decision rests on, then applies, or goes back to waiting.
    pub(super) async fn verify(
        &self,
        operation: &Operation,
        run_by: Option<Timestamp>,
    ) -> Result<Step, Failure> {
        let late = run_by.is_some_and(|run_by| self.now() > run_by);
        if !late && let Some(wait) = self.wait_for_its_turn(operation, run_by).await? {
            return Ok(wait);
        }
        let voucher = self.voucher_for(operation);
        let events = match run_by {
            None => match self.permitted(operation, Freshness::Recent, &voucher).await? {
                Ok(permitted) if permitted.permit.quorum().is_needed() => {
                    vec![Event::Stopped { stop: Stop::RulesChanged }]
                }
                Ok(permitted) => return self.claim_and_apply(operation, &permitted).await,
                Err(stop) => vec![Event::Stopped { stop }],
            },
            Some(_) if late => vec![Event::Stopped { stop: Stop::NotStartedInTime }],
            Some(_) => match self.permitted(operation, Freshness::Now, &voucher).await? {
                Err(stop) => vec![Event::Stopped { stop }],
                Ok(permitted) => {
                    match self.votes_that_changed(operation, &permitted.rules, &voucher).await? {
                        changed if changed.is_empty() => {
                            match self.plan_again(operation, &permitted).await? {
                                None => return self.claim_and_apply(operation, &permitted).await,
                                Some(event) => vec![event],
                            }
                        }
                        changed => changed,
                    }
                }
            },
        };
        self.append(operation, events).await?;
        Ok(Step::Again)
    }

    async fn claim_and_apply(&self, operation: &Operation, permitted: &Permitted) -> Result<Step, Failure> {
        if matches!(operation.phase, Phase::Approved { run_by: Some(run_by) } if self.now() > run_by) {
            // The look itself took too long: the next one says so.
            return Ok(Step::Again);
        }
        match self.claim(operation).await? {
            Some(fence) => self.apply(&operation.request.id, (fence, Before::Nothing), permitted).await,
            None => Ok(Step::Again),
        }
    }

    /// What became of the votes without our hearing of it: an objection, votes taken back,
    /// votes of people who may vote no more. Nothing is added here that would approve.
    async fn votes_that_changed(
        &self,
        operation: &Operation,
        rules: &Rules,
        voucher: &Voucher<'_>,
    ) -> Result<Vec<Event>, Failure> {
        let there = match self.reactions_there(operation).await {
            // Nothing that it rests on is there, and nobody can be asked for objections.
            Err(Failure::Chat(ChatError::Unavailable(_) | ChatError::Lost(_))) if voucher.is_alone() => {
                BTreeSet::new()
            }
            there => there?,
        };
        let room = self.room(operation, voucher).await?;
        for (source, user) in &there {
            if let Some(stop) = self.objection((operation, rules), &room, (source, user)).await? {
                return Ok(vec![Event::Stopped { stop }]);
            }
        }
        let taken_back = operation.void(WithdrawnBecause::TakenBack, |vote| match &vote.source {
            VoteSource::Reaction { .. } => there.contains(&(vote.source.clone(), vote.person.user.clone())),
            VoteSource::Button | VoteSource::Typed | VoteSource::Terminal => true,
        });
        if !taken_back.is_empty() {
            return Ok(taken_back);
        }
        let mut eligible = BTreeSet::new();
        for vote in &operation.votes {
            if self.still_eligible((operation, rules), (&room, voucher), vote).await? {
                eligible.insert(vote.person.clone());
            }
        }
        Ok(operation.void(WithdrawnBecause::NotEligible, |vote| eligible.contains(&vote.person)))
    }

    /// The no of an eligible person, if this reaction is one.
    async fn objection(
        &self,
        (operation, rules): (&Operation, &Rules),
        room: &Room,
        (source, user): (&VoteSource, &UserId),
    ) -> Result<Option<Stop>, Failure> {
        let VoteSource::Reaction { emoji, .. } = source else { return Ok(None) };
        if Verdict::of_reaction(emoji) != Some(Verdict::Object) {
            return Ok(None);
        }
        // A reaction names no organisation; the directory says whose the account is.
        let id = PersonId { org: operation.request.caller.org.clone(), user: user.clone() };
        let person = self.ports.directory.person(&id, Freshness::Now).await?;
        let counts = may_vote(rules, operation, (&person, &room.place), Manner::Chat).is_ok();
        Ok(counts.then_some(Stop::Objected { by: person.id }))
    }

    /// Every reaction that stands on the request and on the card now.
    async fn reactions_there(
        &self,
        operation: &Operation,
    ) -> Result<BTreeSet<(VoteSource, UserId)>, Failure> {
        let origin = &operation.request.origin;
        let card = operation.card.as_ref().map(|card| &card.message);
        let mut there = BTreeSet::new();
        for message in [operation.root.as_ref(), card].into_iter().flatten() {
            for reaction in self.ports.chat.reactions(&origin.channel, message).await? {
                let source = VoteSource::Reaction { message: message.clone(), emoji: reaction.emoji };
                there.extend(reaction.users.into_iter().map(|user| (source.clone(), user)));
            }
        }
        Ok(there)
    }

    async fn still_eligible(
        &self,
        (operation, rules): (&Operation, &Rules),
        (room, voucher): (&Room, &Voucher<'_>),
        vote: &Vote,
    ) -> Result<bool, Failure> {
        let person = voucher.person(&vote.person, Freshness::Now).await?;
        let may = may_vote(rules, operation, (&person, &room.place), manner_of_vote(&vote.source)).is_ok();
        Ok(person.id == vote.person && room.holds(&person) && may)
    }

    /// Who is where the operation was asked for, asked now.
    pub(super) async fn room(&self, operation: &Operation, voucher: &Voucher<'_>) -> Result<Room, Failure> {
        let channel = &operation.request.origin.channel;
        Ok(Room {
            place: voucher.place(channel, Freshness::Now).await?,
            people: voucher.people_in(channel, Freshness::Now).await?,
        })
    }

    /// Plans once more. `None`: exactly what was signed.
    async fn plan_again(
        &self,
        operation: &Operation,
        permitted: &Permitted,
    ) -> Result<Option<Event>, Failure> {
        let Some(proposal) = &operation.proposal else {
            return Ok(Some(Event::Stopped { stop: Stop::RulesChanged }));
        };
        if !quorum_is_met(operation, permitted) {
            return Ok(Some(Event::Stopped { stop: not_enough(permitted) }));
        }
        let signed = match self.revealed_plan(operation, &proposal.plan) {
            Ok(signed) => signed,
            Err(stop) => return Ok(Some(Event::Stopped { stop })),
        };
        let (plan, fingerprint) = match self.propose(operation, permitted, &signed.fixed).await {
            Ok(proposed) => proposed,
            Err(end) => return Ok(Some(end)),
        };
        if fingerprint == proposal.fingerprint {
            return Ok(None);
        }
        let approve_by = self.now() + self.approve_within(operation);
        Ok(Some(Event::Drifted { plan: Box::new(plan), fingerprint, approve_by }))
    }
}

/// Why the votes are not enough any more: it was frozen meanwhile, or the rules are others.
fn not_enough(permitted: &Permitted) -> Stop {
    match permitted.permit.frozen().first() {
        None => Stop::RulesChanged,
        Some(Freeze { what, until, reason, .. }) => {
            let (what, reason) = (what.to_string(), reason.clone());
            Stop::Refused { refusal: Refusal::Frozen { what, until: *until, reason } }
        }
    }
}

/// Do the votes fill the quorum that people were told, and the one that the rules ask for now?
fn quorum_is_met(operation: &Operation, permitted: &Permitted) -> bool {
    let quorums = [&operation.request.quorum, permitted.permit.quorum()];
    quorums
        .into_iter()
        .all(|quorum| tally_of(&permitted.rules, (quorum, operation), &operation.votes).is_complete())
}
