//! Headings, fields, small print and buttons.

use countersign_core::reply::{Button, Span, Style};
use serde_json::{Value, json};

use super::budget::{Budget, escaped, shortened};
use super::{clean, mrkdwn};

// Slack's limits (docs.slack.dev, Block Kit reference).
const LONGEST_HEADING: usize = 150;
const MOST_FIELDS: usize = 10;
const LONGEST_FIELD: usize = 2000;
const LONGEST_NOTE: usize = 2000;
const MOST_BUTTONS: usize = 25;
const LONGEST_LABEL: usize = 75;
const LONGEST_VALUE: usize = 2000;

pub(super) fn heading(text: &str) -> Option<Value> {
    let text = clean::line(text, LONGEST_HEADING);
    (!text.is_empty()).then(|| json!({"type": "header", "text": plain(&text)}))
}

/// Names with their values, ten to a section.
pub(super) fn fields(fields: &[(String, Vec<Span>)], budget: &mut Budget) -> Vec<Value> {
    let mut drawn = Vec::new();
    for (name, value) in fields {
        budget.begin_block(LONGEST_FIELD);
        let name = mrkdwn::span(&Span::Bold(shortened(name, LONGEST_HEADING)));
        drawn.extend(markdown(format!("{name}\n{}", joined(value)), LONGEST_FIELD, budget));
    }
    drawn.chunks(MOST_FIELDS).map(|fields| json!({"type": "section", "fields": fields})).collect()
}

pub(super) fn note(spans: &[Span], budget: &mut Budget) -> Option<Value> {
    budget.begin_block(LONGEST_NOTE);
    let text = markdown(joined(spans), LONGEST_NOTE, budget)?;
    Some(json!({"type": "context", "elements": [text]}))
}

/// A row of buttons. A second button of the same action would make Slack refuse the message.
pub(super) fn buttons(buttons: &[Button]) -> Option<Value> {
    let mut actions: Vec<&str> = Vec::new();
    let mut row = Vec::new();
    for button in buttons {
        if !actions.contains(&button.action) && row.len() < MOST_BUTTONS {
            actions.push(button.action);
            row.push(element(button));
        }
    }
    (!row.is_empty()).then(|| json!({"type": "actions", "elements": row}))
}

fn element(button: &Button) -> Value {
    let label = clean::line(&button.label, LONGEST_LABEL);
    let mut element = json!({
        "type": "button",
        "action_id": button.action,
        "text": plain(if label.is_empty() { "…" } else { &label }),
    });
    let Some(fields) = element.as_object_mut() else { return element };
    // Slack takes no value rather than an empty one, and an ordinary button has no style at all.
    if !button.value.is_empty() {
        fields.insert("value".to_owned(), shortened(&button.value, LONGEST_VALUE).into());
    }
    let style = match button.style {
        Style::Primary => Some("primary"),
        Style::Danger => Some("danger"),
        Style::Plain => None,
    };
    if let Some(style) = style {
        fields.insert("style".to_owned(), style.into());
    }
    element
}

fn joined(spans: &[Span]) -> String {
    spans.iter().map(mrkdwn::span).collect()
}

/// `verbatim` keeps Slack from making links, channels and people out of words.
fn markdown(text: String, limit: usize, budget: &mut Budget) -> Option<Value> {
    let text = escaped(text, limit);
    if text.trim().is_empty() || !budget.take(text.chars().count()) {
        return None;
    }
    Some(json!({"type": "mrkdwn", "text": text, "verbatim": true}))
}

fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text, "emoji": false})
}
