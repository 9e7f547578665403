//! A person with verbs: each is a call of the ordinary Slack API with that
//! person's own token, or what Slack has no API for.

use serde_json::{Value, json};

use crate::message::Message;
use crate::world::Rest;

/// A person of the emulated workspace.
#[derive(Clone)]
pub struct Person {
    /// Their user id.
    pub id: String,
    token: String,
    url: String,
    http: reqwest::Client,
    rest: Rest,
}

impl Person {
    pub(crate) fn new(name: &str, url: &str, rest: Rest) -> Self {
        Self {
            id: format!("U0{}", name.to_uppercase()),
            token: format!("xoxp-{name}"),
            url: url.to_owned(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            rest,
        }
    }

    /// Writes a message into a channel.
    pub async fn says(&self, channel: &str, text: &str) -> Message {
        let posted = self.calls("chat.postMessage", json!({"channel": channel, "text": text})).await;
        self.rest.reached().await;
        Message::new(channel, posted.get("message").cloned().unwrap_or_default())
    }

    /// Writes a message into a channel, and does not wait until the world has come to rest.
    pub async fn says_meanwhile(&self, channel: &str, text: &str) -> Message {
        let posted = self.calls("chat.postMessage", json!({"channel": channel, "text": text})).await;
        Message::new(channel, posted.get("message").cloned().unwrap_or_default())
    }

    /// Puts a reaction on a message, and does not wait until the world has come to rest.
    pub async fn reacts_meanwhile(&self, message: &Message, emoji: &str) {
        let args = json!({"channel": message.channel, "timestamp": message.ts, "name": emoji});
        self.calls("reactions.add", args).await;
    }

    /// Answers in a message's thread.
    pub async fn answers(&self, message: &Message, text: &str) -> Message {
        let args = json!({"channel": message.channel, "text": text, "thread_ts": message.ts});
        let posted = self.calls("chat.postMessage", args).await;
        self.rest.reached().await;
        Message::new(&message.channel, posted.get("message").cloned().unwrap_or_default())
    }

    /// Changes what one of their messages says.
    pub async fn edits(&self, message: &Message, text: &str) {
        let args = json!({"channel": message.channel, "ts": message.ts, "text": text});
        self.calls("chat.update", args).await;
        self.rest.reached().await;
    }

    /// Deletes one of their messages.
    pub async fn deletes(&self, message: &Message) {
        self.calls("chat.delete", json!({"channel": message.channel, "ts": message.ts})).await;
        self.rest.reached().await;
    }

    /// Puts a reaction on a message.
    pub async fn reacts(&self, message: &Message, emoji: &str) {
        let args = json!({"channel": message.channel, "timestamp": message.ts, "name": emoji});
        self.calls("reactions.add", args).await;
        self.rest.reached().await;
    }

    /// Takes a reaction back.
    pub async fn takes_back(&self, message: &Message, emoji: &str) {
        let args = json!({"channel": message.channel, "timestamp": message.ts, "name": emoji});
        self.calls("reactions.remove", args).await;
        self.rest.reached().await;
    }

    /// Presses a button of a message.
    pub async fn presses(&self, message: &Message, action: &str) {
        let args =
            json!({"user": self.id, "channel": message.channel, "ts": message.ts, "action_id": action});
        self.does("press_button", args).await;
    }

    /// Types a slash command.
    pub async fn types(&self, channel: &str, command: &str, text: &str) -> Value {
        let args = json!({"user": self.id, "channel": channel, "command": command, "text": text});
        self.does("slash_command", args).await
    }

    /// Opens the bot's home.
    pub async fn opens_home(&self) {
        self.does("open_home", json!({"user": self.id, "tab": "home"})).await;
    }

    /// Brings somebody into a channel.
    pub async fn invites(&self, user: &str, channel: &str) {
        self.does("invite", json!({"inviter": self.id, "channel": channel, "user": user})).await;
    }

    /// Fills in the dialog that is open for them.
    pub async fn fills_in(&self, view: &str, values: Value) -> Value {
        self.does("submit_view", json!({"user": self.id, "view_id": view, "values": values})).await
    }

    /// A message as it stands now, with its reactions.
    pub async fn sees(&self, message: &Message) -> Message {
        self.thread(message).await.into_iter().next().unwrap()
    }

    /// A message and all answers to it.
    pub async fn thread(&self, message: &Message) -> Vec<Message> {
        let args = json!({"channel": message.channel, "ts": message.ts, "limit": 200});
        let answer = self.calls("conversations.replies", args).await;
        let messages = answer.get("messages").and_then(Value::as_array).cloned().unwrap_or_default();
        messages.into_iter().map(|value| Message::new(&message.channel, value)).collect()
    }

    /// The channel's newest message.
    pub async fn newest(&self, channel: &str) -> Message {
        self.history(channel).await.into_iter().next().unwrap()
    }

    /// The channel's messages, the newest first.
    pub async fn history(&self, channel: &str) -> Vec<Message> {
        let answer = self.calls("conversations.history", json!({"channel": channel, "limit": 200})).await;
        let messages = answer.get("messages").and_then(Value::as_array).cloned().unwrap_or_default();
        messages.into_iter().map(|value| Message::new(channel, value)).collect()
    }

    /// Calls the Web API and expects it to work.
    pub async fn calls(&self, method: &str, args: Value) -> Value {
        let answer = self.tries(method, args).await;
        assert_eq!(answer.get("ok"), Some(&Value::Bool(true)), "{} calls {method}: {answer}", self.id);
        answer
    }

    /// Calls the Web API, whatever it answers.
    pub async fn tries(&self, method: &str, args: Value) -> Value {
        let call = self.http.post(format!("{}/api/{method}", self.url)).bearer_auth(&self.token).json(&args);
        call.send().await.unwrap().json().await.unwrap()
    }

    async fn does(&self, what: &str, args: Value) -> Value {
        let call = self.http.post(format!("{}/emulator/{what}", self.url)).json(&args);
        let answer: Value = call.send().await.unwrap().json().await.unwrap();
        self.rest.reached().await;
        answer
    }
}
