//! Spans as `mrkdwn`, where nothing else is taken.

use countersign_core::reply::Span;
use jiff::Timestamp;

use super::clean;
use crate::text::escape;

/// Takes no room and keeps a mark from being one.
const JOINER: char = '\u{2060}';

/// One span.
pub(super) fn span(span: &Span) -> String {
    match span {
        Span::Text(typed) => text(&clean::text(typed)),
        Span::Bold(typed) => around('*', &text(&clean::line(typed, usize::MAX))),
        Span::Code(typed) => code(&clean::line(typed, usize::MAX)),
        Span::Person(user) if is_person(user.as_str()) => format!("<@{user}>"),
        Span::Person(user) => text(&clean::line(user.as_str(), 40)),
        Span::Channel(channel) if is_channel(channel.as_str()) => format!("<#{channel}>"),
        Span::Channel(channel) => text(&clean::line(channel.as_str(), 40)),
        Span::Time(time) => date(*time),
        Span::Emoji(name) => format!(":{name}:"),
    }
}

/// Text that stays text: escaped, and with the marks of the markup defused.
pub(super) fn text(typed: &str) -> String {
    let mut out = String::with_capacity(typed.len());
    let mut before = None;
    for c in typed.chars() {
        let opens = !before.is_some_and(char::is_alphanumeric);
        let at_line_start = before.is_none_or(|b| b == '\n');
        match c {
            '`' => out.push('ˋ'),
            '*' | '_' | '~' | ':' if opens => out.extend([JOINER, c, JOINER]),
            // In the middle of a word these open nothing, but they would close; ids hold `_`.
            '*' | '~' | ':' => out.extend([c, JOINER]),
            '>' if at_line_start => out.extend([JOINER, c]),
            c => out.push(c),
        }
        before = Some(c);
    }
    escape(&out)
}

/// A span of code that nothing inside it ends.
fn code(typed: &str) -> String {
    let inside = escape(&typed.replace('`', "ˋ"));
    around('`', &inside)
}

fn around(mark: char, inside: &str) -> String {
    if inside.trim().is_empty() { inside.to_owned() } else { format!("{mark}{inside}{mark}") }
}

fn date(time: Timestamp) -> String {
    format!("<!date^{}^{DATE_FORMAT}|{}>", time.as_second(), fallback(time))
}

/// How a point in time is shown to the reader, in their own time zone.
pub(super) const DATE_FORMAT: &str = "{date_short_pretty} {time}";

/// A point in time for clients that cannot draw one.
pub(super) fn fallback(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Is it a person's id (`U…` or `W…`), and nothing that could end a token?
pub(super) fn is_person(id: &str) -> bool {
    id.starts_with(['U', 'W']) && is_id(id)
}

/// Is it a channel's id (`C…` or `G…`), and nothing that could end a token?
pub(super) fn is_channel(id: &str) -> bool {
    id.starts_with(['C', 'G']) && is_id(id)
}

fn is_id(id: &str) -> bool {
    id.len() <= 40 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}
