//! The last look before the work: are all votes still there, may it still run,
//! and would it still do what people signed?

use std::collections::BTreeSet;

use countersign_core::approval::{Vote, VoteSource};
use countersign_core::ids::UserId;
use countersign_core::operation::{Event, Operation, Stop, WithdrawnBecause};
use countersign_core::plan::Fingerprint;
use jiff::Timestamp;

use super::advance::{Permitted, Step};
use super::ballot::{may_vote, tally_of};
use super::{Engine, Failure};
use crate::ports::{Appended, Freshness};

impl Engine {
    /// All have signed, or nobody has to. Looks once more at everything that
    /// the decision rests on, then applies, or goes back to waiting.
    pub(super) async fn verify(
        &self,
        operation: &Operation,
        run_by: Option<Timestamp>,
    ) -> Result<Step, Failure> {
        let events = match run_by {
            None => match self.permitted(operation, Freshness::Recent).await? {
                Ok(permitted) => return self.claim_and_apply(operation, &permitted).await,
                Err(stop) => vec![Event::Stopped { stop }],
            },
            Some(run_by) if self.now() > run_by => vec![Event::Stopped { stop: Stop::NotStartedInTime }],
            Some(_) => match self.lost_votes(operation).await? {
                lost if lost.is_empty() => match self.permitted(operation, Freshness::Now).await? {
                    Ok(permitted) => match self.plan_again(operation, &permitted).await? {
                        None => return self.claim_and_apply(operation, &permitted).await,
                        Some(event) => vec![event],
                    },
                    Err(stop) => vec![Event::Stopped { stop }],
                },
                lost => lost,
            },
        };
        self.append(operation, events).await?;
        Ok(Step::Again)
    }

    async fn claim_and_apply(&self, operation: &Operation, permitted: &Permitted) -> Result<Step, Failure> {
        match self.claim(operation).await? {
            Appended::Done => self.apply(&operation.request.id, permitted).await,
            Appended::Conflict => Ok(Step::Again),
        }
    }

    /// Votes that were taken back without our hearing of it, or whose people may vote no more.
    async fn lost_votes(&self, operation: &Operation) -> Result<Vec<Event>, Failure> {
        let there = self.reactions_there(operation).await?;
        let taken_back = operation.void(WithdrawnBecause::TakenBack, |vote| match &vote.source {
            VoteSource::Reaction { .. } => there.contains(&(vote.source.clone(), vote.person.user.clone())),
            VoteSource::Button | VoteSource::Typed => true,
        });
        if !taken_back.is_empty() {
            return Ok(taken_back);
        }
        let mut eligible = BTreeSet::new();
        for vote in &operation.votes {
            if self.still_eligible(operation, vote).await? {
                eligible.insert(vote.person.clone());
            }
        }
        Ok(operation.void(WithdrawnBecause::NotEligible, |vote| eligible.contains(&vote.person)))
    }

    /// Every reaction that stands on the request and on the card now.
    async fn reactions_there(
        &self,
        operation: &Operation,
    ) -> Result<BTreeSet<(VoteSource, UserId)>, Failure> {
        let origin = &operation.request.origin;
        let messages: BTreeSet<_> = operation
            .votes
            .iter()
            .filter_map(|vote| match &vote.source {
                VoteSource::Reaction { message, .. } => Some(message),
                VoteSource::Button | VoteSource::Typed => None,
            })
            .collect();
        let mut there = BTreeSet::new();
        for message in messages {
            for reaction in self.ports.chat.reactions(&origin.channel, message).await? {
                let source = VoteSource::Reaction { message: message.clone(), emoji: reaction.emoji.clone() };
                there.extend(reaction.users.into_iter().map(|user| (source.clone(), user)));
            }
        }
        Ok(there)
    }

    async fn still_eligible(&self, operation: &Operation, vote: &Vote) -> Result<bool, Failure> {
        let person = self.ports.directory.person(&vote.person, Freshness::Now).await?;
        Ok(person.id == vote.person && may_vote(&self.rules(), operation, &person).is_ok())
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
        let request = &operation.request;
        let rules_hold = Self::quorum_is_met(&self.rules(), operation, permitted);
        if !rules_hold {
            return Ok(Some(Event::Stopped { stop: Stop::RulesChanged }));
        }
        let plan = match permitted.runbook.plan(&permitted.permit, &proposal.plan.fixed).await {
            Ok(plan) => plan,
            Err(error) => return Ok(Some(self.not_planned(error))),
        };
        let fingerprint = Fingerprint::of(&request.command, &request.args, &plan);
        if fingerprint == proposal.fingerprint {
            return Ok(None);
        }
        let approve_by = self.now() + self.approve_within(operation);
        Ok(Some(Event::Drifted { plan: Box::new(plan), fingerprint, approve_by }))
    }

    /// Do the votes also fill the quorum that the rules ask for now?
    fn quorum_is_met(rules: &crate::Rules, operation: &Operation, permitted: &Permitted) -> bool {
        let mut now = operation.clone();
        now.request.quorum = permitted.permit.quorum().clone();
        tally_of(rules, operation, &operation.votes).is_complete()
            && tally_of(rules, &now, &operation.votes).is_complete()
    }
}
