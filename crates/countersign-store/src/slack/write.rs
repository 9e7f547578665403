//! What is written to Slack around the records: markers and sealed state before them, or after.

use countersign_core::audit::Record;
use countersign_core::ids::{MessageId, OperationId};
use countersign_core::operation::{Claim, Event, Operation, Outcome, Phase, Reference};
use countersign_engine::ports::{Cause, Ledger as _, LedgerError, Next, Place};
use countersign_slack::Redrawn;
use countersign_slack::web_api::{Reacted, WebError};
use jiff::Timestamp;

use super::markers::{APPLYING, End, Standing};
use super::seal::TooLong;
use super::{SlackStore, settle};

/// What the ledger cannot do.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("without a database, an operation needs a message in Slack that it hangs off")]
    NoMessage,
    #[error("the operation's records do not add up")]
    NoHistory,
    #[error("the request and its card are gone, so that nobody can be told who applies it")]
    NoPlace,
    #[error("another process has this operation until {0}")]
    Taken(Timestamp),
    #[error("Slack says that the operation is claimed, and not that anybody has claimed it")]
    Unclear,
}

impl From<Refused> for LedgerError {
    fn from(refused: Refused) -> Self {
        Self(Box::new(refused))
    }
}

/// What Slack answered to a write that had to come first.
pub(super) enum Before {
    /// It stands there: the records may follow.
    Written,
    /// Slack knows more than we: these events come instead.
    Instead(Vec<Event>),
}

impl SlackStore {
    /// Will memory take these records? If not, Slack is not told of them.
    pub(super) async fn follows(&self, records: &[Record]) -> Result<bool, LedgerError> {
        let Some(first) = records.first() else { return Ok(false) };
        let last = self.book.memory.load(&first.operation).await?.last().map(Record::head);
        let mut pairs = records.iter().zip(records.iter().skip(1));
        let chained = pairs.all(|(a, b)| a.head() == b.builds_on() && a.operation == b.operation);
        Ok(chained && last == Some(first.builds_on()))
    }

    /// Writes to Slack what must stand there before the records do.
    pub(super) async fn write_before(
        &self,
        operation: &Operation,
        records: &[Record],
    ) -> Result<Before, LedgerError> {
        let mut then = operation.clone();
        for record in records {
            let before = match (&record.event, &then.phase) {
                (Event::Claimed { .. }, Phase::Approved { .. }) => self.claim_it(&then).await?,
                (Event::Claimed { worker, .. }, Phase::Applying(claim)) => {
                    let foreign = claim.worker != *worker;
                    match foreign.then_some(claim) {
                        Some(claim) => match self.take_over(&then, claim).await? {
                            Before::Written => self.write_records(&then, records).await?,
                            instead => instead,
                        },
                        None => self.write_records(&then, records).await?,
                    }
                }
                (Event::Released { .. }, _) => {
                    // The claim's number first: no later claim may have it again.
                    self.write_records(&then, records).await?;
                    self.release(&then).await?
                }
                (Event::Stopped { .. }, _) => {
                    self.mark_the_end(&then, End::Failed).await?;
                    Before::Written
                }
                (Event::Finished { outcome }, _) => {
                    self.mark_the_outcome(&then, outcome).await;
                    Before::Written
                }
                _ => Before::Written,
            };
            if let Before::Instead(_) = before {
                return Ok(before);
            }
            then.apply(record).map_err(|error| LedgerError(error.into()))?;
        }
        Ok(Before::Written)
    }

    /// ⚙️ is the claim: of all who hold the bot's token, one is told that it put it there.
    async fn claim_it(&self, operation: &Operation) -> Result<Before, LedgerError> {
        let channel = &operation.request.origin.channel;
        for message in messages(operation) {
            match self.api.claim_reaction((channel, message), APPLYING).await {
                Ok(Reacted::Now) => {
                    self.book.marked(channel, message, APPLYING);
                    return Ok(Before::Written);
                }
                Ok(Reacted::Before) => {
                    let standing = self.standing((channel, message)).await?;
                    return Ok(Before::Instead(self.settle(operation, standing)));
                }
                // The request is gone: the card stands in for it.
                Err(error) if error.code() == Some("message_not_found") => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Err(Refused::NoPlace.into())
    }

    /// Another worker had it. What it wrote since is looked for first, and it is left alone while it lives.
    async fn take_over(&self, operation: &Operation, claim: &Claim) -> Result<Before, LedgerError> {
        let standing = self.standing_of(operation).await?;
        if standing.end.is_some() {
            return Ok(Before::Instead(self.settle(operation, standing)));
        }
        let kept = self.kept_in_card(operation).await?;
        match kept.map(|kept| kept.phase) {
            Some(Phase::Finished(outcome)) => return Ok(Before::Instead(vec![Event::Finished { outcome }])),
            Some(Phase::Applying(newer)) if newer.lease_until > claim.lease_until => {
                let renewed = Event::Renewed { fence: claim.fence, lease_until: newer.lease_until };
                return Ok(Before::Instead(vec![renewed]));
            }
            _ => {}
        }
        match self.book.now() <= claim.lease_until {
            true => Err(Refused::Taken(claim.lease_until).into()),
            false => Ok(Before::Written),
        }
    }

    /// Writes records into the card before they stand: whoever starts after a crash must see that a part was
    /// begun.
    async fn write_records(&self, operation: &Operation, records: &[Record]) -> Result<Before, LedgerError> {
        let id = &operation.request.id;
        self.book.expect(id, records);
        let written = self.redraw(operation).await;
        self.book.expect(id, &[]);
        // Where no card is any more, nothing is left that a restart could go on from.
        written.map(|_| Before::Written).map_err(LedgerError)
    }

    /// Nothing was done under the claim: ⚙️ goes, so that it can be claimed once more.
    async fn release(&self, operation: &Operation) -> Result<Before, LedgerError> {
        let channel = &operation.request.origin.channel;
        for message in messages(operation) {
            match self.api.remove_reaction((channel, message), APPLYING).await {
                Err(error) if error.code() == Some("message_not_found") => {}
                removed => {
                    removed.map_err(failed)?;
                    self.book.unmarked(channel, message, APPLYING);
                }
            }
        }
        Ok(Before::Written)
    }

    async fn mark_the_end(&self, operation: &Operation, end: End) -> Result<(), LedgerError> {
        let channel = &operation.request.origin.channel;
        for message in messages(operation) {
            match self.api.add_reaction(channel, message, end.emoji()).await {
                Err(error) if error.code() == Some("message_not_found") => {}
                marked => {
                    marked.map_err(failed)?;
                    self.book.marked(channel, message, end.emoji());
                    break;
                }
            }
        }
        Ok(())
    }

    /// It has happened: a marker that cannot be put is logged, and the card says the same a moment later.
    async fn mark_the_outcome(&self, operation: &Operation, outcome: &Outcome) {
        let end = match outcome {
            Outcome::Succeeded(_) => End::Done,
            Outcome::Failed { .. } => End::Failed,
            Outcome::Unknown { .. } => End::Unknown,
        };
        if let Err(error) = self.mark_the_end(operation, end).await {
            let cause = countersign_engine::causes::line(&error);
            tracing::error!(operation = %operation.request.id, cause, "an end could not be marked");
        }
    }

    /// What can be made good by the next edit of the card.
    pub(super) async fn write_after(&self, id: &OperationId) {
        let written = async {
            match self.book.operation(id).await? {
                Some(operation) => self.redraw(&operation).await.map(drop).map_err(LedgerError),
                None => Ok(()),
            }
        };
        if let Err(error) = written.await {
            let cause = countersign_engine::causes::line(&error);
            tracing::warn!(operation = %id, cause, "a card does not hold the newest state yet");
        }
    }

    /// Draws the operation's card with the state as it stands, if it has one.
    async fn redraw(&self, operation: &Operation) -> Result<Redrawn, Cause> {
        let id = &operation.request.id;
        let Some(sealed) = self.book.sealed(id).await? else { return Ok(Redrawn::Gone) };
        sealed.payload.map_err(|error: TooLong| Cause::from(error))?;
        let thread = operation.thread_root().unwrap_or(&sealed.card);
        Ok(self.chat.redraw(&operation.request.origin.channel, (thread, &sealed.card)).await?)
    }

    /// What the markers say that we did not know.
    pub(super) fn settle(&self, operation: &Operation, standing: Standing) -> Vec<Event> {
        let bits = u32::try_from(self.ids.random() & 0xffff_ffff).unwrap_or_default();
        let reference = Reference::from_bits(bits);
        let (at, lease_until) = (self.book.now(), self.book.lease_from_now());
        let seen = settle::Seen { at, lease_until, reference: reference.clone() };
        let events = settle::events(operation, standing, seen);
        if !events.is_empty() {
            let operation = &operation.request.id;
            tracing::warn!(%operation, %reference, ?standing, "the markers in Slack know more than we do");
        }
        events
    }

    /// Takes what Slack knows into memory; whoever wanted to write something else looks again.
    pub(super) async fn append_instead(
        &self,
        operation: &Operation,
        events: Vec<Event>,
    ) -> Result<(), LedgerError> {
        let (now, id) = (self.book.now(), &operation.request.id);
        let mut head = operation.head;
        let mut records = Vec::with_capacity(events.len());
        for event in events {
            let record = Record::after(head, id.clone(), now, event);
            head = record.head();
            records.push(record);
        }
        self.book.memory.append(&records, Next { due: Some(now), place: Place::Kept }).await?;
        Ok(())
    }
}

/// Where the operation's markers are: on the request, or, when that is gone, on the card.
pub(super) fn messages(operation: &Operation) -> impl Iterator<Item = &MessageId> {
    operation.root.iter().chain(operation.card.iter().map(|card| &card.message))
}

pub(super) fn failed(error: WebError) -> LedgerError {
    LedgerError(error.into())
}
