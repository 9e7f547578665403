//! Was the bot addressed, and what was said to it?

use countersign_core::ids::UserId;

use super::plain;

/// Where the bot's mention stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mention {
    /// At the front: `@bot help`.
    Leading,
    /// Somewhere else: `could you help, @bot`.
    Elsewhere,
    /// Nowhere.
    Absent,
}

/// A sentence without the bot's mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// The sentence as plain text.
    pub text: String,
    /// Where the mention stood.
    pub mention: Mention,
}

/// Takes the mention of `bot` out of Slack's text: the one at the front, with a colon or
/// comma behind it, or else all of them. Backticks around the whole sentence go too,
/// since people copy sentences out of documents as code.
pub fn address(slack: &str, bot: &UserId) -> Addressed {
    if let Some(rest) = leading_mention(slack, bot) {
        return Addressed { text: sentence(rest), mention: Mention::Leading };
    }
    match without_mentions(slack, bot) {
        Some(rest) => Addressed { text: sentence(&rest), mention: Mention::Elsewhere },
        None => Addressed { text: sentence(slack), mention: Mention::Absent },
    }
}

fn leading_mention<'a>(slack: &'a str, bot: &UserId) -> Option<&'a str> {
    let rest = strip_mention(slack.trim_start(), bot)?.trim_start();
    Some(rest.strip_prefix([':', ',']).unwrap_or(rest))
}

/// The text behind a mention of `bot` that it begins with.
fn strip_mention<'a>(text: &'a str, bot: &UserId) -> Option<&'a str> {
    let (inside, rest) = text.strip_prefix("<@")?.split_once('>')?;
    let id = inside.split_once('|').map_or(inside, |(id, _name)| id);
    (id == bot.as_str()).then_some(rest)
}

/// The text without any mention of `bot`; `None` if it has none.
fn without_mentions(slack: &str, bot: &UserId) -> Option<String> {
    let mut found = false;
    let mut out = String::with_capacity(slack.len());
    let mut rest = slack;
    while let Some(at) = rest.find("<@") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(tail) = strip_mention(from, bot) {
            found = true;
            rest = if out.ends_with(char::is_whitespace) { tail.trim_start() } else { tail };
        } else {
            out.push_str("<@");
            rest = from.strip_prefix("<@").unwrap_or_default();
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

fn sentence(slack: &str) -> String {
    let text = plain(slack);
    let text = text.trim();
    ["```", "`"].into_iter().find_map(|fence| unfenced(text, fence)).unwrap_or(text).to_owned()
}

fn unfenced<'a>(text: &'a str, fence: &str) -> Option<&'a str> {
    let inside = text.strip_prefix(fence)?.strip_suffix(fence)?;
    (!inside.contains('`')).then(|| inside.trim())
}
