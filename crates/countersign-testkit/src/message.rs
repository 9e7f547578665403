//! A message as a person sees it.

use serde_json::Value;

/// A message of a channel.
#[derive(Debug, Clone)]
pub struct Message {
    /// The channel.
    pub channel: String,
    /// The message's `ts`.
    pub ts: String,
    value: Value,
}

impl Message {
    pub(crate) fn new(channel: &str, value: Value) -> Self {
        let ts = value.get("ts").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { channel: channel.to_owned(), ts, value }
    }

    /// All that it says, block by block, as plain text.
    pub fn text(&self) -> String {
        match self.value.get("blocks").and_then(Value::as_array) {
            Some(blocks) if !blocks.is_empty() => {
                let blocks: Vec<String> = blocks.iter().map(plain).collect();
                blocks.join("\n")
            }
            _ => self.fallback(),
        }
    }

    /// The text for notifications and screen readers.
    pub fn fallback(&self) -> String {
        self.value.get("text").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Who wrote it: a user id.
    pub fn user(&self) -> &str {
        self.value.get("user").and_then(Value::as_str).unwrap_or_default()
    }

    /// The users who put `emoji` on it.
    pub fn reactions(&self, emoji: &str) -> Vec<String> {
        let all = self.value.get("reactions").and_then(Value::as_array);
        let named =
            all.into_iter().flatten().find(|reaction| reaction.get("name").is_some_and(|n| n == emoji));
        let users = named.and_then(|reaction| reaction.get("users")).and_then(Value::as_array);
        users.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// The text of a block, from whatever elements it is made of.
fn plain(value: &Value) -> String {
    let mut text = String::new();
    collect(value, &mut text);
    text
}

fn collect(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, text)),
        Value::Object(map) => {
            let field = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default();
            match field("type") {
                "user" => text.push_str(&format!("@{}", field("user_id"))),
                "emoji" => text.push_str(&format!(":{}:", field("name"))),
                "date" => text.push_str(field("fallback")),
                "button" => text.push_str(&format!("[{}] ", plain(map.get("text").unwrap_or(&Value::Null)))),
                "mrkdwn" => text.push_str(&format!("{}\n", field("text"))),
                _ => {
                    text.push_str(field("text"));
                    for name in ["text", "fields", "elements", "element", "accessory"] {
                        if let Some(inner @ (Value::Object(_) | Value::Array(_))) = map.get(name) {
                            collect(inner, text);
                        }
                    }
                    if field("type").starts_with("rich_text_") {
                        text.push('\n');
                    }
                }
            }
        }
        _ => {}
    }
}
