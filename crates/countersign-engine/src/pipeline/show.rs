//! The card and the marker, drawn from the operation's state.

use countersign_core::ids::MessageId;
use countersign_core::operation::{Event, Operation, Phase};
use countersign_core::reply::{Reply, card, pages, reminder, shown_elsewhere};
use jiff::{SignedDuration, Timestamp};

use super::tasks::Message;
use super::{Engine, Failure};
use crate::ports::{Appended, ChatError, Marker, Post, Search};

/// How much older than its operation a card can seem, because the clocks differ.
const REACHES_BACK: SignedDuration = SignedDuration::from_mins(5);

/// So long whatever is drawn for a terminal may take.
const PATIENCE: SignedDuration = SignedDuration::from_secs(5);

/// What became of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// The card says how things stand.
    Drawn,
    /// It was drawn a moment ago: it may be drawn again at this time (UTC).
    Later(Timestamp),
}

impl Engine {
    /// Draws the card: edits the one that stands, or posts it. Once a second at most.
    async fn show(&self, operation: &Operation) -> Result<Shown, Failure> {
        let id = &operation.request.id;
        if let Some(when) = self.tasks.may_draw_at(id, self.now()) {
            return Ok(Shown::Later(when));
        }
        if operation.is_from_a_terminal() {
            // Whoever waits at the terminal does not wait for the chat product.
            let late = self.ports.clock.sleep_until(self.now() + PATIENCE);
            let shown = tokio::select! {
                biased;
                shown = self.show_from_the_root(operation) => shown,
                () = late => return Err(ChatError::Lost("it takes too long".into()).into()),
            };
            // Where nothing can be drawn, an emergency is told all the same.
            let drawn = match &shown {
                Ok(drawn) => Some(drawn),
                Err(Failure::Chat(ChatError::Refused(_) | ChatError::NotAMember(_))) => Some(operation),
                Err(_) => None,
            };
            if let Some((operation, alarm)) = drawn.and_then(|one| Some((one, one.alarm_due()?))) {
                self.alarm(operation, alarm).await?;
            }
            shown?;
        } else {
            self.show_card(operation).await?;
        }
        self.tasks.drawn(id, self.now());
        Ok(Shown::Drawn)
    }

    async fn show_card(&self, operation: &Operation) -> Result<(), Failure> {
        self.post_pages(operation).await?;
        self.draw(operation).await
    }

    /// What was asked for at a terminal has no message of its own: it is posted first.
    async fn show_from_the_root(&self, operation: &Operation) -> Result<Operation, Failure> {
        let operation = self.with_root(operation).await?;
        self.show_card(&operation).await?;
        Ok(operation)
    }

    async fn draw(&self, operation: &Operation) -> Result<(), Failure> {
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
    pub(super) async fn show_or_let_be(&self, operation: &Operation) -> Result<Shown, Failure> {
        match self.show(operation).await {
            Err(Failure::Chat(error @ (ChatError::Refused(_) | ChatError::NotAMember(_)))) => {
                self.log("a card cannot be drawn any more", &error);
                Ok(Shown::Drawn)
            }
            shown => shown,
        }
    }

    /// Draws the card; a failure is logged, because the work goes on without it.
    pub(super) async fn show_on_the_way(&self, operation: &Operation) -> Shown {
        self.show(operation).await.unwrap_or_else(|failure| {
            self.log("a card could not be drawn", &failure);
            Shown::Drawn
        })
    }

    /// Posts what a card cannot hold of the plan, before the card that asks for signatures under it.
    /// A page that an earlier attempt posted is found again, not repeated.
    async fn post_pages(&self, operation: &Operation) -> Result<(), Failure> {
        let (Phase::Voting, Some(fingerprint)) = (&operation.phase, operation.fingerprint()) else {
            return Ok(());
        };
        if operation.is_shown() {
            return Ok(());
        }
        let origin = &operation.request.origin;
        for (number, page) in pages(operation).iter().enumerate() {
            let mark = format!("{}/{}/{number}", operation.request.id, fingerprint.short());
            if self.find_in_thread(operation, &mark).await?.is_none() {
                let thread = operation.thread_root();
                let post = Post { channel: &origin.channel, thread, reply: page, mark: Some(&mark) };
                self.ports.chat.post(post).await?;
            }
        }
        Ok(())
    }

    /// Reminds the people whose signatures are missing, in the thread; a failure is logged, because
    /// the card says the same.
    pub(super) async fn remind(&self, operation: &Operation) {
        let Some(thread) = operation.thread_root() else { return };
        let origin = &operation.request.origin;
        let reply = reminder(&self.tally(operation), operation);
        let post = Post { channel: &origin.channel, thread: Some(thread), reply: &reply, mark: None };
        if let Err(error) = self.ports.chat.post(post).await {
            self.log("a reminder could not be posted", &error);
        }
    }

    /// Marks the request; a failure is logged, because the card says the same.
    pub(super) async fn mark(&self, operation: &Operation, marker: Marker) {
        let origin = &operation.request.origin;
        let Some(root) = &operation.root else { return };
        if let Err(error) = self.ports.chat.mark(&origin.channel, root, marker).await {
            self.log("a message could not be marked", &error);
        }
    }

    /// Posts the card, unless an earlier attempt did whose answer was lost.
    async fn post_card(&self, operation: &Operation, reply: &Reply) -> Result<MessageId, Failure> {
        let origin = &operation.request.origin;
        let mark = operation.request.id.to_string();
        // Only a card that nobody has tried to post before needs no search first.
        if !self.tasks.is_first_try(&operation.request.id, Message::Card)
            && let Some(message) = self.find_in_thread(operation, &mark).await?
        {
            self.ports.chat.edit(&origin.channel, &message, reply).await?;
            return Ok(message);
        }
        let thread = operation.thread_root();
        let post = Post { channel: &origin.channel, thread, reply, mark: Some(&mark) };
        Ok(self.ports.chat.post(post).await?)
    }

    /// The bot's message with this mark in the operation's thread.
    async fn find_in_thread(&self, operation: &Operation, mark: &str) -> Result<Option<MessageId>, Failure> {
        let origin = &operation.request.origin;
        let search = Search {
            channel: &origin.channel,
            thread: operation.thread_root(),
            since: operation.requested_at - REACHES_BACK,
            mark,
        };
        Ok(self.ports.chat.find(search).await?)
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
            let Some(now) = self.load(&operation.request.id).await? else { return Ok(()) };
            if now.card.as_ref().is_some_and(|card| card.message != message) {
                // Another process posted one at the same moment. Nobody is to sign on a card that is none.
                let channel = &now.request.origin.channel;
                return Ok(self.ports.chat.edit(channel, &message, &shown_elsewhere()).await?);
            }
            if now.fingerprint() != shown || now.is_shown() {
                return Ok(());
            }
            operation = now;
        }
    }
}
