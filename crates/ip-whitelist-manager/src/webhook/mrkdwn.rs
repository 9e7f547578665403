//! A reply in Slack's markup, where nothing that a person typed is markup.

use countersign_core::reply::{Block, Reply, Span};

/// Takes no room and keeps a mark from being one.
const JOINER: char = '\u{2060}';

/// The paragraphs of a reply; a webhook has no use for its buttons.
pub(super) fn reply(reply: &Reply) -> String {
    let paragraphs = reply.blocks.iter().filter_map(|block| match block {
        Block::Text(spans) | Block::Note(spans) => Some(spans.iter().map(span).collect::<String>()),
        _ => None,
    });
    paragraphs.collect::<Vec<_>>().join("\n")
}

fn span(span: &Span) -> String {
    match span {
        Span::Text(typed) | Span::Bold(typed) => text(typed),
        Span::Code(typed) => format!("`{}`", escape(&typed.replace('`', "ˋ").replace('\n', " "))),
        Span::Person(user) if is_id(user.as_str()) => format!("<@{user}>"),
        Span::Person(user) => text(user.as_str()),
        Span::Channel(channel) if is_id(channel.as_str()) => format!("<#{channel}>"),
        Span::Channel(channel) => text(channel.as_str()),
        Span::Time(time) => {
            let fallback = time.strftime("%Y-%m-%d %H:%M UTC");
            format!("<!date^{}^{{date_short_pretty}} {{time}}|{fallback}>", time.as_second())
        }
        Span::Emoji(name) => format!(":{name}:"),
    }
}

/// Text that stays text: escaped, and with the marks of the markup defused.
fn text(typed: &str) -> String {
    let mut out = String::with_capacity(typed.len());
    for c in typed.chars() {
        match c {
            '`' => out.push('ˋ'),
            '*' | '_' | '~' | ':' | '@' => out.extend([JOINER, c, JOINER]),
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    escape(&out)
}

/// Slack's three (reference, formatting text).
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn is_id(id: &str) -> bool {
    (2..=40).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}
