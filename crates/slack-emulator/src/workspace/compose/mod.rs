//! What Slack's client makes of what a person types: names become mentions, addresses become links, and a
//! `rich_text` block says the same in typed elements.
//!
//! Two doors: [`typed`] for the page's composer, where `<` is a letter and every known `@Name` a mention; [`posted`]
//! for `chat.postMessage` with a person's token, where the text is Slack mrkdwn already, and only a name at the very
//! beginning is taken as the mention that the composer would have made of it. Quotes stay as typed.

mod link;
mod piece;
mod scan;

use serde_json::{Value, json};

pub(crate) use piece::Piece;

use super::state::State;

/// A sentence in Slack's form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    /// Slack mrkdwn.
    pub(crate) text: String,
    /// One `rich_text` block; none for an empty text.
    pub(crate) blocks: Vec<Value>,
}

/// Takes text as a person typed it.
pub(crate) fn typed(state: &State, text: &str) -> Written {
    write(&scan::pieces(&scan::Names::everybody(state), text, scan::Input::Typed))
}

/// Takes text that is Slack mrkdwn.
pub(crate) fn posted(state: &State, text: &str) -> Written {
    write(&scan::pieces(&scan::Names::everybody(state), text, scan::Input::Mrkdwn))
}

fn write(pieces: &[Piece]) -> Written {
    let text: String = pieces.iter().map(Piece::mrkdwn).collect();
    if text.trim().is_empty() {
        return Written { text, blocks: Vec::new() };
    }
    let elements: Vec<Value> = pieces.iter().map(Piece::element).collect();
    let section = json!({"type": "rich_text_section", "elements": elements});
    Written { text, blocks: vec![json!({"type": "rich_text", "elements": [section]})] }
}

/// Escapes the three characters that Slack escapes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Undoes [`escape`], once.
pub(crate) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests;
