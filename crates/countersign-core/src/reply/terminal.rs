//! Replies at a terminal: the same as in chat, as plain text.
//!
//! What people typed and databases answered is shown, never obeyed: no control character reaches the terminal,
//! and none that reverses the direction of a line.

use super::card::card_for;
use super::refusal::refusal;
use super::{Block, Medium, Reply, Span};
use crate::approval::Tally;
use crate::ids::{ChannelId, UserId};
use crate::operation::Operation;
use crate::policy::Refusal;

/// What people and channels are called at a terminal.
pub trait Names {
    /// A person's name; `None`: their id has to do.
    fn person(&self, user: &UserId) -> Option<&str>;
    /// A channel's name; `None`: its id has to do.
    fn channel(&self, channel: &ChannelId) -> Option<&str>;
}

/// The root message of what was asked for at a terminal.
pub fn terminal_root(operation: &Operation) -> Reply {
    let request = &operation.request;
    let mut spans = vec![
        Span::Person(request.caller.user.clone()),
        Span::text(" ran "),
        Span::code(&request.sentence),
        Span::text(" at a terminal, at "),
        Span::Time(operation.requested_at),
    ];
    if request.emergency.is_some() {
        spans.extend([Span::text(", in an emergency "), Span::Emoji("rotating_light")]);
    }
    Reply { summary: format!("ran {} at a terminal", request.sentence), blocks: vec![Block::Text(spans)] }
}

/// What the card says, for a terminal: all of the plan, and nothing to press.
pub fn sheet(operation: &Operation, tally: &Tally) -> Reply {
    let mut reply = card_for(Medium::Terminal, operation, tally);
    reply.blocks.retain(|block| !matches!(block, Block::Buttons(_)));
    reply
}

/// A refusal, with what to do about it at a terminal.
pub fn refusal_at_terminal(no: &Refusal) -> Reply {
    match no {
        Refusal::Unknown { nearest } if !nearest.is_empty() => refusal(no, ""),
        Refusal::Unknown { .. } | Refusal::NotHere => {
            Reply::line("I know no such sentence that you may say at a terminal. Nothing was changed.")
        }
        Refusal::OutdatedPlan => Reply::line(
            "The plan has changed since you saw it. Look at it again with countersign show, then sign that one.",
        ),
        Refusal::TooEarly => {
            Reply::line("The plan is not there yet. Look at it with countersign show in a moment.")
        }
        Refusal::NotYours => Reply::line(
            "Only the person who asked for this can cancel it. To stop it, object with countersign deny.",
        ),
        other => refusal(other, ""),
    }
}

/// A reply as plain text, without a line end behind it.
pub fn plain(reply: &Reply, names: &dyn Names) -> String {
    let blocks = reply.blocks.iter().filter_map(|block| self::block(block, names));
    blocks.collect::<Vec<_>>().join("\n")
}

fn block(block: &Block, names: &dyn Names) -> Option<String> {
    let line = |spans: &[Span]| spans.iter().map(|span| self::span(span, names)).collect::<String>();
    Some(match block {
        Block::Heading(text) => shown(text),
        Block::Text(spans) | Block::Note(spans) => line(spans),
        Block::List(lines) => {
            lines.iter().map(|one| format!("  • {}", line(one))).collect::<Vec<_>>().join("\n")
        }
        Block::Fields(fields) => {
            let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
            let field = |(name, value): &(String, Vec<Span>)| {
                let name = format!("{}:", shown(name));
                format!("{name:<width$} {}", line(value), width = width + 1)
            };
            fields.iter().map(field).collect::<Vec<_>>().join("\n")
        }
        Block::Table { columns, rows } => table(columns, rows),
        Block::Divider => String::new(),
        Block::Buttons(_) => return None,
    })
}

/// Columns as wide as what stands in them.
fn table(columns: &[String], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = [columns]
        .into_iter()
        .chain(rows.iter().map(Vec::as_slice))
        .map(|row| row.iter().map(|cell| one_line(cell)).collect())
        .collect();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let draw = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(draw).collect::<Vec<_>>().join("\n")
}

fn span(span: &Span, names: &dyn Names) -> String {
    match span {
        Span::Text(text) | Span::Bold(text) => shown(text),
        Span::Code(text) => format!("`{}`", one_line(text)),
        Span::Person(user) => one_line(names.person(user).unwrap_or(user.as_str())),
        Span::Channel(channel) => {
            format!("#{}", one_line(names.channel(channel).unwrap_or(channel.as_str())))
        }
        Span::Time(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Span::Emoji(name) => emoji(name).to_owned(),
    }
}

fn emoji(name: &str) -> &'static str {
    match name {
        "white_check_mark" => "✅",
        "x" => "❌",
        "warning" => "⚠️",
        "rotating_light" => "🚨",
        "question" => "❓",
        "no_entry_sign" => "🚫",
        "writing_hand" => "✍️",
        "gear" => "⚙️",
        _ => "⏳",
    }
}

/// Text that may have lines of its own. They are indented, so that none looks like one of ours.
fn shown(text: &str) -> String {
    text.split('\n').map(one_line).collect::<Vec<_>>().join("\n    ")
}

/// Text on one line, whatever is in it.
fn one_line(text: &str) -> String {
    let harmless = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().flat_map(|c| if harmless(c) { vec![c] } else { c.escape_default().collect() }).collect()
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
