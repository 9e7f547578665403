//! Channels, and what was said in them.

use countersign_core::ids::{ChannelId, MessageId, UserId};
use jiff::Timestamp;
use serde_json::Value;

use super::call::{Call, Repeat};
use super::methods::{needed, unreadable};
use super::people::users;
use super::{WebApi, WebError};
use crate::payload::{filled, list};

/// Messages of one page.
const PAGE: &str = "200";

/// One page of messages.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The messages, as Slack gave them.
    pub messages: Vec<Value>,
    /// Asks for the next page, if there is one.
    pub next: Option<String>,
}

impl WebApi {
    /// `conversations.replies`: a page of a thread, root first, with metadata.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn replies(
        &self,
        channel: &ChannelId,
        root: &MessageId,
        page: Option<&str>,
    ) -> Result<Found, WebError> {
        let call = Call::new("conversations.replies", Repeat::Harmless)
            .channel(channel)
            .arg("ts", root.as_str())
            .arg("include_all_metadata", "true")
            .arg("limit", PAGE)
            .maybe("cursor", page);
        self.call(&call).await.map(|answer| found(&answer))
    }

    /// `conversations.replies`, for one reply of a thread alone, with metadata; `None` when it is gone.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn reply(
        &self,
        channel: &ChannelId,
        (root, reply): (&MessageId, &MessageId),
    ) -> Result<Option<Value>, WebError> {
        let call = Call::new("conversations.replies", Repeat::Harmless)
            .channel(channel)
            .arg("ts", root.as_str())
            .arg("oldest", reply.as_str())
            .arg("latest", reply.as_str())
            .arg("inclusive", "true")
            .arg("include_all_metadata", "true")
            .arg("limit", PAGE);
        let found = match self.call(&call).await {
            Err(error) if error.code() == Some("thread_not_found") => return Ok(None),
            answer => found(&answer?),
        };
        // The root comes with every page.
        let is_it = |message: &Value| filled(message, "/ts") == Some(reply.as_str());
        Ok(found.messages.into_iter().find(is_it))
    }

    /// `conversations.history`: a page of a channel since a time (UTC), newest first, with metadata, without
    /// what stands in threads.
    ///
    /// # Errors
    /// All of [`WebError`]; `missing_scope` where the bot may not read along.
    pub async fn history(
        &self,
        channel: &ChannelId,
        since: Timestamp,
        page: Option<&str>,
    ) -> Result<Found, WebError> {
        let call = Call::new("conversations.history", Repeat::Harmless)
            .channel(channel)
            .arg("oldest", crate::ts::of(since))
            .arg("include_all_metadata", "true")
            .arg("limit", PAGE)
            .maybe("cursor", page);
        self.call(&call).await.map(|answer| found(&answer))
    }

    /// `conversations.info`: the channel object.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn channel(&self, channel: &ChannelId) -> Result<Value, WebError> {
        let call = Call::new("conversations.info", Repeat::Harmless).channel(channel);
        let mut answer = self.call(&call).await?;
        match answer.pointer_mut("/channel") {
            Some(channel) => Ok(channel.take()),
            None => Err(unreadable(&call, "it holds no channel")),
        }
    }

    /// `conversations.members`: a page of the people in a channel, and how to ask for the next.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn members(
        &self,
        channel: &ChannelId,
        page: Option<&str>,
    ) -> Result<(Vec<UserId>, Option<String>), WebError> {
        let call = Call::new("conversations.members", Repeat::Harmless)
            .channel(channel)
            .arg("limit", "1000")
            .maybe("cursor", page);
        let answer = self.call(&call).await?;
        let people = users(&call, &answer, "/members")?;
        Ok((people, filled(&answer, "/response_metadata/next_cursor").map(str::to_owned)))
    }

    /// `conversations.open`: the channel in which the bot and one person are alone.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn open_direct(&self, user: &UserId) -> Result<ChannelId, WebError> {
        let call = Call::new("conversations.open", Repeat::Harmless).arg("users", user.as_str());
        let answer = self.call(&call).await?;
        needed(&call, &answer, "/channel/id").map(ChannelId::new)
    }
}

fn found(answer: &Value) -> Found {
    Found {
        messages: list(answer, "/messages").to_vec(),
        next: filled(answer, "/response_metadata/next_cursor").map(str::to_owned),
    }
}
