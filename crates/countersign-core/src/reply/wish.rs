//! What people hear who cancel, resolve or review.

use super::refusal::ended;
use super::{Block, Medium, Reply, Span};
use crate::operation::{Found, Operation};

/// Somebody wants something of an operation, and nobody can tell which.
pub fn which_operation() -> Reply {
    Reply {
        summary: "Which operation do you mean?".to_owned(),
        blocks: vec![Block::Text(vec![
            Span::text("Which operation do you mean? Say it in the thread of its request, or name it: "),
            Span::code("cancel op_…"),
            Span::text(". The id stands at the foot of its card."),
        ])],
    }
}

/// The card's lines about what a person found out, or what is asked of one.
pub(super) fn resolution(medium: Medium, operation: &Operation) -> Vec<Block> {
    let Some(resolution) = &operation.resolution else {
        return if operation.is_unknown() { vec![how_to_resolve(medium)] } else { Vec::new() };
    };
    let found = match resolution.found {
        Found::Succeeded => " looked: it had been done.",
        Found::Failed => " looked: it had not been done, or not whole.",
    };
    let mut spans = vec![Span::Person(resolution.by.user.clone()), Span::text(found)];
    if !resolution.reason.is_empty() {
        spans.extend([
            Span::text(" "),
            Span::Bold("How they know: ".to_owned()),
            Span::text(ended(&resolution.reason)),
        ]);
    }
    vec![Block::Text(spans)]
}

fn how_to_resolve(medium: Medium) -> Block {
    let how = match medium {
        Medium::Chat => "with a button",
        Medium::Terminal => "with `countersign resolve`",
    };
    Block::Note(vec![Span::text(format!(
        "Nothing tries this again by itself, and whatever shares its lock waits. Look whether it was done, then \
         say so {how}: anyone who could have signed it may.",
    ))])
}
