//! The card and the marker, drawn from the operation's state.

use countersign_core::envelope::Origin;
use countersign_core::ids::MessageId;
use countersign_core::operation::{Event, Operation};
use countersign_core::reply::card;

use super::{Engine, Failure};
use crate::ports::{Appended, Marker, Post};

impl Engine {
    /// Draws the card: edits the one that stands, or posts it.
    pub(super) async fn show(&self, operation: Operation) -> Result<(), Failure> {
        let reply = card(&operation, &self.tally(&operation));
        let channel = &operation.request.origin.channel;
        match &operation.card {
            Some(card) => Ok(self.ports.chat.edit(channel, &card.message, &reply).await?),
            None => {
                let message = self.post_card(&operation, &reply).await?;
                self.remember_card(operation, message).await
            }
        }
    }

    /// Draws the card; a failure is logged, because the work goes on without it.
    pub(super) async fn show_if_possible(&self, operation: &Operation) {
        if let Err(failure) = self.show(operation.clone()).await {
            self.log("a card could not be drawn", &failure);
        }
    }

    /// Marks the root message of a new operation.
    pub(super) async fn mark(&self, operation: &Operation, marker: Marker) {
        self.mark_origin(&operation.request.origin, marker).await;
    }

    /// Marks a message; a failure is logged, because the card says the same.
    pub(super) async fn mark_origin(&self, origin: &Origin, marker: Marker) {
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
            let found = self.ports.chat.find(&origin.channel, origin.thread_root(), &mark).await?;
            if let Some(message) = found {
                self.ports.chat.edit(&origin.channel, &message, reply).await?;
                return Ok(message);
            }
        }
        let thread = Some(origin.thread_root());
        let post = Post { channel: &origin.channel, thread, reply, mark: Some(&mark) };
        Ok(self.ports.chat.post(post).await?)
    }

    async fn remember_card(&self, mut operation: Operation, message: MessageId) -> Result<(), Failure> {
        let shown_at = self.ports.chat.time_of(&message).unwrap_or_else(|| self.now());
        loop {
            let shown = Event::CardShown { message: message.clone(), shown_at };
            if self.append(&operation, vec![shown]).await? == Appended::Done {
                return Ok(());
            }
            match self.load(&operation.request.id).await? {
                Some(now) if now.card.is_none() => operation = now,
                _ => return Ok(()),
            }
        }
    }
}
