//! What is posted for an operation of a terminal beside its card: the message that it hangs off, and the notices of an
//! emergency. While the chat product is away, they wait with the card.

use countersign_core::ids::{ChannelId, UserId};
use countersign_core::operation::{Alarm, Event, Operation};
use countersign_core::reply::{self, Reply, terminal_root};
use jiff::SignedDuration;

use super::tasks::Message;
use super::{Engine, Failure};
use crate::ports::{Appended, ChatError, Marker, Post, Search};

/// How much older than its operation a message can seem, because the clocks differ.
const REACHES_BACK: SignedDuration = SignedDuration::from_mins(5);

impl Engine {
    /// The operation with the message that it hangs off, which is posted if it has none.
    pub(super) async fn with_root(&self, operation: &Operation) -> Result<Operation, Failure> {
        let mut operation = operation.clone();
        if operation.root.is_some() {
            return Ok(operation);
        }
        let channel = operation.request.origin.channel.clone();
        let mark = format!("{}/root", operation.request.id);
        let root = terminal_root(&operation);
        let message = self.post_once((&operation, &channel), (Message::Root, &mark), &root).await?;
        loop {
            let shown = Event::RootShown { message: message.clone() };
            let done = self.append(&operation, vec![shown]).await? == Appended::Done;
            match self.load(&operation.request.id).await? {
                Some(now) if now.root.is_some() => {
                    if done {
                        self.mark(&now, Marker::Taken).await;
                    }
                    return Ok(now);
                }
                Some(now) => operation = now,
                None => return Ok(operation),
            }
        }
    }

    /// The same; where the chat says that it never can be posted, the operation ends without it.
    pub(super) async fn with_root_or_without(&self, operation: Operation) -> Result<Operation, Failure> {
        match self.with_root(&operation).await {
            Err(Failure::Chat(error @ (ChatError::Refused(_) | ChatError::NotAMember(_)))) => {
                self.log("the message that an operation hangs off cannot be posted", &error);
                Ok(operation)
            }
            rooted => rooted,
        }
    }

    /// Tells everybody of an emergency: the channel once, and then each of the people whom the configuration names.
    pub(super) async fn alarm(&self, operation: &Operation, alarm: Alarm) -> Result<(), Failure> {
        let rules = self.rules();
        let break_glass = rules.policy.break_glass.as_ref();
        let people: Vec<UserId> = break_glass.into_iter().flat_map(|one| one.notify.clone()).collect();
        let channel = break_glass.and_then(|one| one.channel.as_ref());
        let channel = channel.unwrap_or(&operation.request.origin.channel);
        let word = match alarm {
            Alarm::Begun => "begun",
            Alarm::Ended => "ended",
        };
        let mark = format!("{}/alarm/{word}", operation.request.id);
        let notice = reply::alarm(alarm, (operation, &self.tally(operation)), &people);
        match self.post_once((operation, channel), (Message::Alarm(alarm), &mark), &notice).await {
            // Whoever can take the bot out of the channel must not keep an emergency from the people.
            Err(Failure::Chat(error @ (ChatError::Refused(_) | ChatError::NotAMember(_)))) => {
                self.log("the channel could not be told of an emergency", &error);
            }
            posted => drop(posted?),
        }
        if !self.remember_alarm(operation, alarm).await? {
            return Ok(());
        }
        for user in people {
            let (channel, reply) = (&ChannelId::new(user.as_str()), &notice);
            if let Err(error) = self.ports.chat.post(Post { channel, thread: None, reply, mark: None }).await
            {
                self.log("a person could not be told of an emergency", &error);
            }
        }
        Ok(())
    }

    /// `false`: somebody else had told everybody before.
    async fn remember_alarm(&self, operation: &Operation, alarm: Alarm) -> Result<bool, Failure> {
        loop {
            let Some(now) = self.load(&operation.request.id).await? else { return Ok(false) };
            if now.alarm >= Some(alarm) {
                return Ok(false);
            }
            if self.append(&now, vec![Event::Alarmed { of: alarm }]).await? == Appended::Done {
                return Ok(true);
            }
        }
    }

    /// Posts a message among the channel's own, unless an earlier attempt did whose answer was lost.
    async fn post_once(
        &self,
        (operation, channel): (&Operation, &ChannelId),
        (message, mark): (Message, &str),
        reply: &Reply,
    ) -> Result<countersign_core::ids::MessageId, Failure> {
        let id = &operation.request.id;
        if !self.tasks.is_first_try(id, message) {
            let since = operation.requested_at - REACHES_BACK;
            let search = Search { channel, thread: None, since, mark };
            if let Some(found) = self.ports.chat.find(search).await? {
                return Ok(found);
            }
        }
        let posted = self.ports.chat.post(Post { channel, thread: None, reply, mark: Some(mark) }).await;
        if let Err(ChatError::Unavailable(_) | ChatError::Busy(_)) = posted {
            self.tasks.was_not_tried(id, message);
        }
        Ok(posted?)
    }
}
