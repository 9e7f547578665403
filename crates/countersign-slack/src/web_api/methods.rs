//! The methods that an approval bot needs, with typed arguments and answers.

use countersign_core::ids::{ChannelId, MessageId, OrgId, UserId};
use jiff::SignedDuration;
use reqwest::Url;
use serde_json::Value;

use super::call::{Call, Repeat};
use super::{WebApi, WebError};
use crate::Me;
use crate::payload::{filled, list, short, text};

/// What is shown of a name.
const LONGEST_NAME: usize = 80;

/// What a message says.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// For notifications and screen readers: Slack's text, escaped.
    pub text: &'a str,
    /// A list of blocks.
    pub blocks: &'a Value,
}

/// Where a message goes.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The channel.
    pub channel: &'a ChannelId,
    /// The root of the thread, if it goes into one.
    pub thread: Option<&'a MessageId>,
}

/// Who put the bot's reaction on a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reacted {
    /// This call.
    Now,
    /// It was there before.
    Before,
}

/// A message to post.
#[derive(Debug, Clone, Copy)]
pub struct NewMessage<'a> {
    /// Where.
    pub target: Target<'a>,
    /// What.
    pub content: Content<'a>,
    /// Data for programs: an object with `event_type` and `event_payload`. Everybody in the
    /// workspace can read it, so that no secret belongs here.
    pub metadata: Option<&'a Value>,
}

/// What a token is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What the workspace is called.
    pub workspace: Option<String>,
    /// What the bot's user is called.
    pub bot: Option<String>,
    /// What it may do, where Slack tells.
    pub scopes: Option<Vec<String>>,
    /// How far this machine's clock is ahead of Slack's, to about a second.
    pub ahead: Option<SignedDuration>,
}

impl WebApi {
    /// `auth.test`: who holds this token.
    ///
    /// # Errors
    /// All of [`WebError`]; `Unreadable` when the token is not a bot's.
    pub async fn auth_test(&self) -> Result<Me, WebError> {
        let call = Call::new("auth.test", Repeat::Harmless);
        let answer = self.call(&call).await?;
        let enterprise = filled(&answer, "/enterprise_id").map(OrgId::new);
        Ok(Me {
            team: OrgId::new(needed(&call, &answer, "/team_id")?),
            enterprise,
            user: UserId::new(needed(&call, &answer, "/user_id")?),
            bot_id: needed(&call, &answer, "/bot_id")?.to_owned(),
        })
    }

    /// `auth.test` once more, for a look at the token itself.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn grant(&self) -> Result<Grant, WebError> {
        let call = Call::new("auth.test", Repeat::Harmless);
        let answer = self.answer(&call).await?;
        let name = |pointer| filled(&answer.body, pointer).map(|name| short(name, LONGEST_NAME));
        Ok(Grant { workspace: name("/team"), bot: name("/user"), ahead: self.ahead(), scopes: answer.scopes })
    }

    /// `apps.connections.open`: the address of one WebSocket, good for one use. Needs the app's token.
    ///
    /// # Errors
    /// All of [`WebError`], each at once: whoever keeps connections open has its own way to wait.
    pub async fn open_connection(&self) -> Result<Url, WebError> {
        let call = Call::new("apps.connections.open", Repeat::ByCaller);
        let answer = self.call(&call).await?;
        let url = Url::parse(needed(&call, &answer, "/url")?).ok();
        url.filter(|url| url.scheme() == "wss" || (url.scheme() == "ws" && self.base.scheme() == "http"))
            .ok_or_else(|| unreadable(&call, "the address is no WebSocket's"))
    }

    /// `chat.postMessage`, without unfurling links and without making mentions out of names.
    ///
    /// # Errors
    /// All of [`WebError`]; after `Lost` or `Unreadable` the message may stand there.
    pub async fn post_message(&self, message: NewMessage<'_>) -> Result<MessageId, WebError> {
        let mut call = Call::new("chat.postMessage", Repeat::Harmful)
            .channel(message.target.channel)
            .maybe("thread_ts", message.target.thread.map(MessageId::as_str))
            .arg("text", message.content.text)
            .json("blocks", message.content.blocks)
            .arg("unfurl_links", "false")
            .arg("unfurl_media", "false")
            .arg("link_names", "false");
        if let Some(metadata) = message.metadata {
            call = call.json("metadata", metadata);
        }
        let answer = self.call(&call).await?;
        needed(&call, &answer, "/ts").map(MessageId::new)
    }

    /// `chat.update`. Without `metadata`, Slack keeps what the message has.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn update_message(
        &self,
        (channel, message): (&ChannelId, &MessageId),
        content: Content<'_>,
        metadata: Option<&Value>,
    ) -> Result<(), WebError> {
        let mut call = Call::new("chat.update", Repeat::Harmless)
            .channel(channel)
            .arg("ts", message.as_str())
            .arg("text", content.text)
            .json("blocks", content.blocks)
            .arg("link_names", "false");
        if let Some(metadata) = metadata {
            call = call.json("metadata", metadata);
        }
        self.call(&call).await.map(drop)
    }

    /// `chat.postEphemeral`: for one person's eyes, until they reload.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn post_ephemeral(
        &self,
        user: &UserId,
        target: Target<'_>,
        content: Content<'_>,
    ) -> Result<(), WebError> {
        let call = Call::new("chat.postEphemeral", Repeat::Harmful)
            .channel(target.channel)
            .arg("user", user.as_str())
            .maybe("thread_ts", target.thread.map(MessageId::as_str))
            .arg("text", content.text)
            .json("blocks", content.blocks)
            .arg("link_names", "false");
        self.call(&call).await.map(drop)
    }

    /// `reactions.add`. It is done, too, if the bot's reaction was there already.
    ///
    /// # Errors
    /// All of [`WebError`] but `already_reacted`.
    pub async fn add_reaction(
        &self,
        channel: &ChannelId,
        message: &MessageId,
        emoji: &str,
    ) -> Result<(), WebError> {
        let call = Call::new("reactions.add", Repeat::Harmless)
            .channel(channel)
            .arg("timestamp", message.as_str())
            .arg("name", emoji);
        match self.call(&call).await {
            Err(error) if error.code() == Some("already_reacted") => Ok(()),
            other => other.map(drop),
        }
    }

    /// `reactions.add`, once: of all who hold the bot's token, one is told that it put the reaction there.
    ///
    /// # Errors
    /// All of [`WebError`] but `already_reacted`. After `Lost` or `Unreadable` it may be there, put by this call.
    pub async fn claim_reaction(
        &self,
        (channel, message): (&ChannelId, &MessageId),
        emoji: &str,
    ) -> Result<Reacted, WebError> {
        let call = Call::new("reactions.add", Repeat::Harmful)
            .channel(channel)
            .arg("timestamp", message.as_str())
            .arg("name", emoji);
        match self.call(&call).await {
            Ok(_) => Ok(Reacted::Now),
            Err(error) if error.code() == Some("already_reacted") => Ok(Reacted::Before),
            Err(error) => Err(error),
        }
    }

    /// `reactions.remove`. It is done, too, if the bot's reaction was not there.
    ///
    /// # Errors
    /// All of [`WebError`] but `no_reaction`.
    pub async fn remove_reaction(
        &self,
        (channel, message): (&ChannelId, &MessageId),
        emoji: &str,
    ) -> Result<(), WebError> {
        let call = Call::new("reactions.remove", Repeat::Harmless)
            .channel(channel)
            .arg("timestamp", message.as_str())
            .arg("name", emoji);
        match self.call(&call).await {
            Err(error) if error.code() == Some("no_reaction") => Ok(()),
            other => other.map(drop),
        }
    }

    /// `reactions.get`: the reactions on a message, each with `name` and `users`.
    ///
    /// # Errors
    /// All of [`WebError`].
    pub async fn reactions(&self, channel: &ChannelId, message: &MessageId) -> Result<Vec<Value>, WebError> {
        let call = Call::new("reactions.get", Repeat::Harmless)
            .channel(channel)
            .arg("timestamp", message.as_str())
            .arg("full", "true");
        let answer = self.call(&call).await?;
        match answer.pointer("/message") {
            Some(message) => Ok(list(message, "/reactions").to_vec()),
            None => Err(unreadable(&call, "it holds no message")),
        }
    }
}

pub(super) fn needed<'a>(call: &Call, answer: &'a Value, pointer: &str) -> Result<&'a str, WebError> {
    let field = pointer.trim_start_matches('/');
    text(answer, pointer)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| unreadable(call, &format!("it holds no {field}")))
}

pub(super) fn unreadable(call: &Call, reason: &str) -> WebError {
    WebError::Unreadable { method: call.method, reason: reason.to_owned() }
}
