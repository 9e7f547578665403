//! The card and the marker, drawn from the operation's state.

use countersign_core::ids::MessageId;
use countersign_core::operation::{Event, Operation};
use countersign_core::reply::card;
use jiff::{SignedDuration, Timestamp};

use super::{Engine, Failure};
use crate::ports::{Appended, ChatError, Marker, Post, Search};

/// How much older than its operation a card can seem, because the clocks differ.
const REACHES_BACK: SignedDuration = SignedDuration::from_mins(5);

impl Engine {
    /// Draws the card: edits the one that stands, or posts it.
    async fn show(&self, operation: &Operation) -> Result<(), Failure> {
        let reply = card(operation, &self.tally(operation));
        let channel = &operation.request.origin.channel;
        match &operation.card {
            Some(card) => {
                self.ports.chat.edit(channel, &card.message, &reply).await?;
                match card.shown_at {
                    Some(_) => Ok(()),
                    // Slack does not say when an edit could be seen; after its answer it can.
                    None => self.remember_card(operation.clone(), card.message.clone(), self.now()).await,
                }
            }
            None => {
                let message = self.post_card(operation, &reply).await?;
                let shown_at = self.ports.chat.time_of(&message).unwrap_or_else(|| self.now());
                self.remember_card(operation.clone(), message, shown_at).await
            }
        }
    }

    /// Draws the card. Where the chat says that it never can be drawn (the message or the channel
    /// is gone), that is logged, and the operation goes on without it.
    pub(super) async fn show_or_let_be(&self, operation: &Operation) -> Result<(), Failure> {
        match self.show(operation).await {
            Err(Failure::Chat(error @ (ChatError::Refused(_) | ChatError::NotAMember(_)))) => {
                self.log("a card cannot be drawn any more", &error);
                Ok(())
            }
            shown => shown,
        }
    }

    /// Draws the card; a failure is logged, because the work goes on without it.
    pub(super) async fn show_if_possible(&self, operation: &Operation) {
        if let Err(failure) = self.show(operation).await {
            self.log("a card could not be drawn", &failure);
        }
    }

    /// Marks the request; a failure is logged, because the card says the same.
    pub(super) async fn mark(&self, operation: &Operation, marker: Marker) {
        let origin = &operation.request.origin;
        if let Err(error) = self.ports.chat.mark(&origin.channel, &origin.message, marker).await {
            self.log("a message could not be marked", &error);
        }
    }

    /// Posts the card, unless an earlier attempt did whose answer was lost.
    async fn post_card(
        &self,
        operation: &Operation,
        reply: &countersign_core::reply::Reply,
    ) -> Result<MessageId, Failure> {
        let origin = &operation.request.origin;
        let mark = operation.request.id.to_string();
        // Only a card that nobody has tried to post before needs no search first.
        if !self.tasks.is_first_try(&operation.request.id) {
            let search = Search {
                channel: &origin.channel,
                thread: Some(origin.thread_root()),
                since: operation.requested_at - REACHES_BACK,
                mark: &mark,
            };
            let found = self.ports.chat.find(search).await?;
            if let Some(message) = found {
                self.ports.chat.edit(&origin.channel, &message, reply).await?;
                return Ok(message);
            }
        }
        let thread = Some(origin.thread_root());
        let post = Post { channel: &origin.channel, thread, reply, mark: Some(&mark) };
        Ok(self.ports.chat.post(post).await?)
    }

    /// Writes down which message is the card, and since when the plan that stands can be seen in it.
    async fn remember_card(
        &self,
        mut operation: Operation,
        message: MessageId,
        shown_at: Timestamp,
    ) -> Result<(), Failure> {
        let shown = operation.fingerprint();
        loop {
            let event = Event::CardShown { message: message.clone(), shown_at };
            if self.append(&operation, vec![event]).await? == Appended::Done {
                return Ok(());
            }
            match self.load(&operation.request.id).await? {
                Some(now) if now.fingerprint() == shown && !is_shown(&now) => operation = now,
                _ => return Ok(()),
            }
        }
    }
}

/// Does the ledger know that the card shows the plan that stands?
fn is_shown(operation: &Operation) -> bool {
    operation.card.as_ref().is_some_and(|card| card.shown_at.is_some())
}
