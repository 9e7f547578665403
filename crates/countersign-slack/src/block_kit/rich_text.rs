//! Spans as `rich_text`: each is an element of its own, so that text stays text.

use countersign_core::reply::Span;
use serde_json::{Value, json};

use super::budget::Budget;
use super::{clean, mrkdwn};

/// Characters that a mention, a time or an emoji counts for.
const TOKEN_LENGTH: usize = 24;
/// Lines of one list.
const MOST_LINES: usize = 100;
const LONGEST: usize = 3000;

/// A paragraph; `None` if nothing is in it or nothing fits.
pub(super) fn paragraph(spans: &[Span], budget: &mut Budget) -> Option<Value> {
    budget.begin_block(LONGEST);
    block(&[section(spans, budget)?])
}

/// A bulleted list.
pub(super) fn bullets(lines: &[Vec<Span>], budget: &mut Budget) -> Option<Value> {
    budget.begin_block(LONGEST);
    let mut items: Vec<Value> =
        lines.iter().take(MOST_LINES).filter_map(|line| section(line, budget)).collect();
    if items.is_empty() {
        return None;
    }
    if lines.len() > items.len() {
        // Said whether or not there is room: a list must not look whole when it is not.
        let left = format!("… and {} more", lines.len() - items.len());
        items.push(json!({"type": "rich_text_section", "elements": [{"type": "text", "text": left}]}));
    }
    block(&[json!({"type": "rich_text_list", "style": "bullet", "elements": items})])
}

/// Text in which every character has the same width.
pub(super) fn preformatted(text: &str, budget: &mut Budget) -> Option<Value> {
    budget.begin_block(LONGEST);
    if text.is_empty() || !budget.has_room() {
        return None;
    }
    let text = json!({"type": "text", "text": budget.cut(text)});
    block(&[json!({"type": "rich_text_preformatted", "elements": [text]})])
}

fn block(elements: &[Value]) -> Option<Value> {
    (!elements.is_empty()).then(|| json!({"type": "rich_text", "elements": elements}))
}

fn section(spans: &[Span], budget: &mut Budget) -> Option<Value> {
    let elements: Vec<Value> = spans.iter().filter_map(|span| element(span, budget)).collect();
    (!elements.is_empty()).then(|| json!({"type": "rich_text_section", "elements": elements}))
}

fn element(span: &Span, budget: &mut Budget) -> Option<Value> {
    match span {
        Span::Text(typed) => words(typed, budget).map(|text| json!({"type": "text", "text": text})),
        Span::Bold(typed) => words(&clean::one_line(typed), budget)
            .map(|text| json!({"type": "text", "text": text, "style": {"bold": true}})),
        Span::Code(typed) => words(&clean::one_line(typed), budget)
            .map(|text| json!({"type": "text", "text": text, "style": {"code": true}})),
        Span::Person(user) if mrkdwn::is_person(user.as_str()) => {
            budget.take(TOKEN_LENGTH).then(|| json!({"type": "user", "user_id": user.as_str()}))
        }
        Span::Person(user) => words(user.as_str(), budget).map(|text| json!({"type": "text", "text": text})),
        Span::Channel(channel) if mrkdwn::is_channel(channel.as_str()) => {
            budget.take(TOKEN_LENGTH).then(|| json!({"type": "channel", "channel_id": channel.as_str()}))
        }
        Span::Channel(channel) => {
            words(channel.as_str(), budget).map(|text| json!({"type": "text", "text": text}))
        }
        Span::Time(time) => budget.take(TOKEN_LENGTH).then(|| {
            json!({
                "type": "date",
                "timestamp": time.as_second(),
                "format": mrkdwn::DATE_FORMAT,
                "fallback": mrkdwn::fallback(*time),
            })
        }),
        Span::Emoji(name) => budget.take(TOKEN_LENGTH).then(|| json!({"type": "emoji", "name": name})),
    }
}

/// Slack refuses an element with an empty text.
fn words(typed: &str, budget: &mut Budget) -> Option<String> {
    let text = clean::text(typed);
    (!text.is_empty() && budget.has_room()).then(|| budget.cut(&text))
}
