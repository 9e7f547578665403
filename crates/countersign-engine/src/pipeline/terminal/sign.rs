//! A signature or an objection at a terminal.

use std::sync::Arc;

use countersign_core::approval::{Verdict, VoteSource};
use countersign_core::ids::{OperationId, PersonId};
use countersign_core::operation::{Event, Phase, Stop, Wish};
use countersign_core::plan::Fingerprint;
use countersign_core::policy::{Manner, Refusal};

use super::super::ballot::{Expressed, Voted, must_type, target_name};
use super::super::voucher::Trusts;
use super::super::{Engine, Failure};
use crate::ports::{Appended, Freshness};

/// The longest reason that is kept, in characters.
const LONGEST: usize = 300;

/// What a person says of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// Run exactly this plan.
    Approve {
        /// The plan that they were shown.
        plan: Fingerprint,
        /// What they typed to confirm: the target's name, for the caller of a destructive command.
        typed: Option<String>,
    },
    /// Do not run it, whatever the plan is.
    Object {
        /// Why, in their words.
        reason: Option<String>,
    },
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Signed {
    /// It is written down, now or since before, or nothing waits for it any more.
    Heard,
    /// It does not count.
    Refused(Refusal),
    /// There is no such operation that this person may know of.
    Nothing,
}

impl Engine {
    /// A person signs a plan at a terminal, or objects to it.
    ///
    /// # Errors
    /// A [`Failure`] of something that the answer depends on. Refusals are answers, not errors.
    pub async fn sign_at_terminal(
        self: &Arc<Self>,
        id: &OperationId,
        (by, sign): (&PersonId, &Sign),
    ) -> Result<Signed, Failure> {
        let Some(sight) = self.sight(id, by).await? else { return Ok(Signed::Nothing) };
        let operation = &sight.operation;
        let person = self.voucher(Trusts::Configuration).person(by, Freshness::Recent).await?;
        let (verdict, fingerprint) = match sign {
            Sign::Approve { plan, typed } => {
                let name = target_name(operation);
                let has_typed = typed.as_deref().is_some_and(|typed| typed.trim() == name);
                if must_type(operation, &person, Verdict::Approve) && !has_typed {
                    return Ok(Signed::Refused(Refusal::WrongName { expected: name }));
                }
                (Verdict::Approve, Some(*plan))
            }
            Sign::Object { .. } => (Verdict::Object, None),
        };
        let (at, source) = (self.now(), VoteSource::Terminal);
        let expressed = Expressed { key: None, person, at, source, verdict, fingerprint };
        if let Voted::Refused(_, refusal) = self.cast(id, &expressed).await? {
            return Ok(Signed::Refused(refusal));
        }
        if let Sign::Object { reason: Some(reason) } = sign {
            self.write_why(id, by, reason).await?;
        }
        Ok(Signed::Heard)
    }

    /// A person wants something else of an operation: cancels it, says what became of it, reviews it.
    ///
    /// # Errors
    /// A [`Failure`] of something that the answer depends on. Refusals are answers, not errors.
    pub async fn grant_at_terminal(
        self: &Arc<Self>,
        id: &OperationId,
        (by, wish): (&PersonId, &Wish),
    ) -> Result<Signed, Failure> {
        if self.sight(id, by).await?.is_none() {
            return Ok(Signed::Nothing);
        }
        let person = self.voucher(Trusts::Configuration).person(by, Freshness::Recent).await?;
        Ok(match self.grant(id, (&person, wish), Manner::Terminal).await? {
            Ok(()) => Signed::Heard,
            Err(refusal) => Signed::Refused(refusal),
        })
    }

    /// Writes down why a person objected, if it was they who stopped it.
    async fn write_why(
        self: &Arc<Self>,
        id: &OperationId,
        by: &PersonId,
        reason: &str,
    ) -> Result<(), Failure> {
        let reason: String = reason.trim().chars().take(LONGEST).collect();
        loop {
            let Some(operation) = self.load(id).await? else { return Ok(()) };
            let theirs = matches!(&operation.phase, Phase::Stopped(Stop::Objected { by: who }) if who == by);
            if !theirs || operation.reason.is_some() || reason.is_empty() {
                return Ok(());
            }
            let event = Event::Explained { person: by.clone(), reason: reason.clone() };
            if self.append(&operation, vec![event]).await? == Appended::Done {
                self.advance(id);
                return Ok(());
            }
        }
    }
}
