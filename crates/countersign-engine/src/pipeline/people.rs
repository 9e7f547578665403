//! What people want of an operation that is there, beside voting: cancel it, say what became of it, review it.

use std::sync::Arc;

use countersign_core::envelope::{Envelope, Utterance};
use countersign_core::ids::{MessageId, OperationId};
use countersign_core::operation::{Event, Found, Named, Operation, Phase, Resolution, Review, Stop, Wish};
use countersign_core::policy::{Manner, Person, Refusal};
use countersign_core::reply::{self, actions};

use super::ballot::may_vote;
use super::{Engine, Failure};
use crate::ports::{Appended, Dialog, Freshness};

impl Engine {
    /// A person wants something of an operation. `Ok(Ok(()))`: it is so, now or since before.
    ///
    /// # Errors
    /// A [`Failure`] of something that the answer depends on; a refusal is an answer.
    pub async fn grant(
        self: &Arc<Self>,
        id: &OperationId,
        (person, wish): (&Person, &Wish),
        manner: Manner,
    ) -> Result<Result<(), Refusal>, Failure> {
        loop {
            let Some(operation) = self.load(id).await? else { return Ok(Err(Refusal::NothingOpen)) };
            if is_so(&operation, person, wish) {
                // It was written down before, and perhaps not shown.
                self.advance(id);
                return Ok(Ok(()));
            }
            let event = match self.event_for(&operation, (person, wish), manner).await? {
                Ok(event) => event,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if self.append(&operation, vec![event]).await? == Appended::Done {
                self.advance(id);
                return Ok(Ok(()));
            }
        }
    }

    async fn event_for(
        &self,
        operation: &Operation,
        (person, wish): (&Person, &Wish),
        manner: Manner,
    ) -> Result<Result<Event, Refusal>, Failure> {
        let by = person.id.clone();
        if *wish == Wish::Cancel {
            return Ok(match operation.cancel(&by) {
                Some(event) => Ok(event),
                None if by == operation.request.caller => Err(Refusal::TooLate),
                None => Err(Refusal::NotYours),
            });
        }
        if !operation.is_unknown() && !operation.needs_review() {
            return Ok(Err(Refusal::NothingOpen));
        }
        if let Err(refusal) = self.could_have_signed(operation, person, manner).await? {
            return Ok(Err(refusal));
        }
        let event = match wish {
            Wish::Resolve { found, reason } => {
                operation.resolve(Resolution { by, found: *found, reason: reason.clone() })
            }
            Wish::Review { note } => operation.review(Review { by, note: note.clone() }),
            Wish::Cancel => None,
        };
        Ok(event.ok_or(Refusal::NothingOpen))
    }

    /// May this person say what became of it? Whoever could have signed it may, who is still where it was asked
    /// for; its caller only where nobody else had to sign.
    async fn could_have_signed(
        &self,
        operation: &Operation,
        person: &Person,
        manner: Manner,
    ) -> Result<Result<(), Refusal>, Failure> {
        let request = &operation.request;
        let alone = request.quorum.others_needed() == 0 && request.emergency.is_none();
        if person.id == request.caller && !alone {
            return Ok(Err(Refusal::NotByItsCaller));
        }
        let voucher = self.voucher_of(manner);
        // What is remembered is enough for a no: whoever may not must not make us ask for everything anew.
        let rules = voucher.rules(Freshness::Recent).await?;
        let place = voucher.place(&request.origin.channel, Freshness::Recent).await?;
        if let Err(refusal) = may_vote(&rules, operation, (person, &place), manner) {
            return Ok(Err(refusal));
        }
        let rules = voucher.rules(Freshness::Now).await?;
        let room = self.room(operation, &voucher).await?;
        if !room.holds(person) {
            return Ok(Err(Refusal::NotHere));
        }
        Ok(may_vote(&rules, operation, (person, &room.place), manner))
    }

    /// Somebody said in chat what they want of an operation.
    pub(super) async fn hear_wish(
        self: &Arc<Self>,
        envelope: &Envelope,
        said: &Utterance,
        (named, wish): &Named,
    ) -> Result<(), Failure> {
        let id = match (named, &said.thread) {
            (Some(id), _) => Some(id.clone()),
            (None, Some(thread)) => self.ports.ledger.by_message(&envelope.channel, thread).await?,
            (None, None) => None,
        };
        let Some(id) = id else { return self.answer(envelope, said, &reply::which_operation()).await };
        let person = self.voter(envelope).await?;
        match self.grant(&id, (&person, wish), Manner::Chat).await? {
            Ok(()) => Ok(()),
            Err(refusal) => {
                let bot = &self.rules().bot;
                self.answer(envelope, said, &reply::refusal(&refusal, bot)).await
            }
        }
    }

    /// The button that cancels was pressed.
    pub(super) async fn press_cancel(
        self: &Arc<Self>,
        envelope: &Envelope,
        message: &MessageId,
    ) -> Result<(), Failure> {
        let Some(id) = self.operation_of(envelope, message).await? else { return Ok(()) };
        let person = self.voter(envelope).await?;
        self.grant_or_tell(&id, &person, &Wish::Cancel).await
    }

    /// A button was pressed that says what became of it: asks how the person knows.
    pub(super) async fn press_resolve(
        &self,
        envelope: &Envelope,
        message: &MessageId,
        (found, trigger): (Found, Option<&str>),
    ) -> Result<(), Failure> {
        let (Some(id), Some(trigger)) = (self.operation_of(envelope, message).await?, trigger) else {
            return Ok(());
        };
        let Some(operation) = self.load(&id).await? else { return Ok(()) };
        let person = self.voter(envelope).await?;
        let (word, title) = match found {
            Found::Succeeded => ("succeeded", "It was done"),
            Found::Failed => ("failed", "It was not done"),
        };
        let dialog = Dialog {
            name: actions::RESOLVE,
            value: format!("{word} {id}"),
            title: title.to_owned(),
            question: format!("How do you know? {}", operation.request.sentence),
            expected: None,
        };
        self.open(&operation, &person, (trigger, &dialog)).await
    }

    /// A person said how they know what became of it.
    pub(super) async fn resolve(
        self: &Arc<Self>,
        envelope: &Envelope,
        (value, input): (&str, &str),
    ) -> Result<(), Failure> {
        let (found, id) = match value.split_once(' ') {
            Some(("succeeded", id)) => (Found::Succeeded, id),
            Some(("failed", id)) => (Found::Failed, id),
            _ => return Ok(()),
        };
        let Ok(id) = id.parse::<OperationId>() else { return Ok(()) };
        let person = self.voter(envelope).await?;
        self.grant_or_tell(&id, &person, &Wish::resolve(found, input)).await
    }

    async fn grant_or_tell(
        self: &Arc<Self>,
        id: &OperationId,
        person: &Person,
        wish: &Wish,
    ) -> Result<(), Failure> {
        if let Err(refusal) = self.grant(id, (person, wish), Manner::Chat).await?
            && let Some(operation) = self.load(id).await?
        {
            let bot = &self.rules().bot;
            self.tell(&operation, person, &reply::refusal(&refusal, bot)).await;
        }
        Ok(())
    }
}

/// Is it as this person wants it already, and by them?
fn is_so(operation: &Operation, person: &Person, wish: &Wish) -> bool {
    match wish {
        Wish::Cancel => {
            matches!(&operation.phase, Phase::Stopped(Stop::Cancelled { by }) if *by == person.id)
        }
        Wish::Resolve { found, .. } => operation
            .resolution
            .as_ref()
            .is_some_and(|resolution| (&resolution.by, resolution.found) == (&person.id, *found)),
        Wish::Review { .. } => operation.review.as_ref().is_some_and(|review| review.by == person.id),
    }
}
