//! A sentence taken apart.

use serde_json::{Value, json};

use super::escape;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Letters, unescaped.
    Text(String),
    /// `<@U…>`
    User(String),
    /// `<#C…|name>`
    Channel { id: String, name: String },
    /// `<!subteam^S…>`
    Group(String),
    /// `<!here>`, `<!channel>`, `<!everyone>`
    Broadcast(String),
    /// `<url|label>`; an empty label means that the address itself is shown.
    Link { url: String, label: String },
}

impl Piece {
    /// As it stands in a message's `text`.
    pub(crate) fn mrkdwn(&self) -> String {
        match self {
            Self::Text(text) => escape(text),
            Self::User(id) => format!("<@{id}>"),
            Self::Channel { id, name } if name.is_empty() => format!("<#{id}>"),
            Self::Channel { id, name } => format!("<#{id}|{name}>"),
            Self::Group(id) => format!("<!subteam^{id}>"),
            Self::Broadcast(range) => format!("<!{range}>"),
            Self::Link { url, label } if label.is_empty() => format!("<{}>", escape(url)),
            Self::Link { url, label } => format!("<{}|{}>", escape(url), escape(label)),
        }
    }

    /// As it stands in a `rich_text` block.
    pub(crate) fn element(&self) -> Value {
        match self {
            Self::Text(text) => json!({"type": "text", "text": text}),
            Self::User(id) => json!({"type": "user", "user_id": id}),
            Self::Channel { id, .. } => json!({"type": "channel", "channel_id": id}),
            Self::Group(id) => json!({"type": "usergroup", "usergroup_id": id}),
            Self::Broadcast(range) => json!({"type": "broadcast", "range": range}),
            Self::Link { url, label } if label.is_empty() => json!({"type": "link", "url": url}),
            Self::Link { url, label } => json!({"type": "link", "url": url, "text": label}),
        }
    }

    /// Reads the inside of `<…>`; `None` if Slack has no such token.
    pub(crate) fn from_token(inside: &str) -> Option<Self> {
        let (head, label) = inside.split_once('|').unwrap_or((inside, ""));
        let id = |text: &str| {
            (text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()))
                .then(|| text.to_owned())
        };
        if let Some(user) = head.strip_prefix('@') {
            return id(user).map(Self::User);
        }
        if let Some(channel) = head.strip_prefix('#') {
            return id(channel).map(|id| Self::Channel { id, name: label.to_owned() });
        }
        if let Some(group) = head.strip_prefix("!subteam^") {
            return id(group).map(Self::Group);
        }
        if let Some(range) = head.strip_prefix('!') {
            return matches!(range, "here" | "channel" | "everyone").then(|| Self::Broadcast(range.into()));
        }
        let known = ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| head.starts_with(scheme));
        let clean = !head.contains(|c: char| c.is_whitespace() || c == '<');
        (known && clean).then(|| Self::Link { url: super::unescape(head), label: super::unescape(label) })
    }
}
