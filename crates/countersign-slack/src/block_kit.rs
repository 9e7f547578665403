//! Replies → Block Kit.
//!
//! Text, lists and tables are `rich_text`, in which a text cannot become
//! anything else: no escaping, no markup. Fields and small print are `mrkdwn`
//! (Slack takes nothing else there), escaped, verbatim and with the marks of
//! its markup defused. Every limit of Slack's holds for every reply: what is
//! too long ends in `…`, so that no message fails for its size.

mod budget;
mod clean;
mod layout;
#[cfg(test)]
mod limit_tests;
mod mrkdwn;
mod rich_text;
mod table;
#[cfg(test)]
mod tests;
mod view;

use countersign_core::reply::{Block, Reply};
use serde_json::{Value, json};

use budget::Budget;
pub use view::modal;
pub(crate) use view::{ANSWER_BLOCK, Carried};

/// Blocks that one message takes (docs.slack.dev, Block Kit reference).
const MOST_BLOCKS: usize = 50;
/// Blocks from the first row of buttons on are kept when others have to go.
const MOST_KEPT: usize = 12;
/// Characters of the text beside the blocks; Slack cuts it at 4,000.
const LONGEST_SUMMARY: usize = 3000;

/// A reply as Slack takes it: the text for notifications and the list of blocks.
pub fn render(reply: &Reply) -> (String, Value) {
    let summary = mrkdwn::text(&clean::line(&reply.summary, LONGEST_SUMMARY));
    let text =
        if summary.trim().is_empty() { "…".to_owned() } else { budget::escaped(summary, LONGEST_SUMMARY) };
    (text, Value::Array(blocks(&reply.blocks)))
}

/// Buttons and what follows them are drawn first, so that a long plan never pushes them out.
fn blocks(parts: &[Block]) -> Vec<Value> {
    let at = parts.iter().position(|part| matches!(part, Block::Buttons(_))).unwrap_or(parts.len());
    let (head, tail) = parts.split_at_checked(at).unwrap_or((parts, &[]));
    let mut budget = Budget::for_message();
    let mut kept = drawn(tail, &mut budget);
    kept.truncate(MOST_KEPT);
    let mut shown = drawn(head, &mut budget);
    let room = MOST_BLOCKS - kept.len();
    if shown.len() > room || budget.is_spent() {
        shown.truncate(room - 1);
        shown.push(json!({
            "type": "context",
            "elements": [{"type": "plain_text", "text": "… and more than one message holds", "emoji": false}],
        }));
    }
    shown.append(&mut kept);
    shown
}

fn drawn(parts: &[Block], budget: &mut Budget) -> Vec<Value> {
    parts.iter().flat_map(|part| draw(part, budget)).collect()
}

fn draw(part: &Block, budget: &mut Budget) -> Vec<Value> {
    match part {
        Block::Heading(text) => layout::heading(text).into_iter().collect(),
        Block::Text(spans) => rich_text::paragraph(spans, budget).into_iter().collect(),
        Block::List(lines) => rich_text::bullets(lines, budget).into_iter().collect(),
        Block::Table { columns, rows } => {
            rich_text::preformatted(&table::draw(columns, rows), budget).into_iter().collect()
        }
        Block::Fields(fields) => layout::fields(fields, budget),
        Block::Note(spans) => layout::note(spans, budget).into_iter().collect(),
        Block::Buttons(buttons) => layout::buttons(buttons).into_iter().collect(),
        Block::Divider => vec![json!({"type": "divider"})],
    }
}
