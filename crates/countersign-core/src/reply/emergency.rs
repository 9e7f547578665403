//! What is said of an emergency: in the card, and loudly to everybody.

use super::card::missing;
use super::refusal::ended;
use super::{Block, Medium, Reply, Span};
use crate::approval::Tally;
use crate::ids::UserId;
use crate::operation::{Alarm, Operation, Outcome, Phase};

/// The card's lines about an emergency: why, and who has looked at it since.
pub(super) fn blocks(medium: Medium, operation: &Operation) -> Vec<Block> {
    let Some(reason) = &operation.request.emergency else { return Vec::new() };
    let mut blocks = vec![Block::Text(vec![
        Span::Emoji("rotating_light"),
        Span::Bold(" An emergency, with fewer signatures than usual: ".to_owned()),
        Span::text(ended(reason)),
    ])];
    if let Some(review) = &operation.review {
        let by = Span::Person(review.by.user.clone());
        let mut spans = vec![by, Span::text(" has reviewed it.")];
        if !review.note.is_empty() {
            spans.push(Span::text(format!(" {}", ended(&review.note))));
        }
        blocks.push(Block::Text(spans));
    } else if operation.needs_review() {
        blocks.push(Block::Text(how_to_review(medium, operation)));
    }
    blocks
}

/// The loud notice. `people` are mentioned.
pub fn alarm(alarm: Alarm, (operation, tally): (&Operation, &Tally), people: &[UserId]) -> Reply {
    let request = &operation.request;
    let title = match (alarm, &operation.phase) {
        (Alarm::Begun, _) => "Emergency: fewer signatures than usual",
        (Alarm::Ended, Phase::Finished(Outcome::Succeeded(_))) => "Emergency: it was done",
        (Alarm::Ended, Phase::Finished(Outcome::Unknown { .. })) => {
            "Emergency: nobody knows whether it was done"
        }
        (Alarm::Ended, _) => "Emergency: it was not done",
    };
    let mut blocks = vec![
        Block::Heading(title.to_owned()),
        Block::Text(vec![
            Span::Emoji("rotating_light"),
            Span::text(" "),
            Span::Person(request.caller.user.clone()),
            Span::text(" asked for "),
            Span::code(&request.sentence),
            Span::text(" at a terminal, and broke the glass."),
        ]),
        Block::Text(vec![
            Span::Bold("Why: ".to_owned()),
            Span::text(request.emergency.as_deref().map_or_else(|| "–".to_owned(), ended)),
        ]),
    ];
    if alarm == Alarm::Begun && operation.phase == Phase::Voting {
        let mut spans = vec![Span::text("It still waits for ")];
        spans.extend(missing(tally, &request.caller));
        spans.push(Span::text(". A ❌ on its card stops it."));
        blocks.push(Block::Text(spans));
    }
    if operation.needs_review() {
        blocks.push(Block::Text(how_to_review(Medium::Chat, operation)));
    }
    if !people.is_empty() {
        let mut spans = vec![Span::text("To ")];
        for (number, user) in people.iter().enumerate() {
            spans.extend((number > 0).then(|| Span::text(", ")));
            spans.push(Span::Person(user.clone()));
        }
        blocks.push(Block::Text(spans));
    }
    blocks.push(Block::Note(vec![Span::text(request.id.to_string())]));
    Reply { summary: format!("{title}: {}", request.sentence), blocks }
}

fn how_to_review(medium: Medium, operation: &Operation) -> Vec<Span> {
    let mut spans = vec![
        Span::text("Its review is open: somebody other than "),
        Span::Person(operation.request.caller.user.clone()),
    ];
    spans.extend(match medium {
        Medium::Chat => [
            Span::text(", who could have signed it, looks at it and writes "),
            Span::code("reviewed: …"),
            Span::text(" in its thread, to me."),
        ],
        Medium::Terminal => [
            Span::text(", who could have signed it, looks at it and runs "),
            Span::code(format!("countersign review {} --note …", operation.request.id)),
            Span::text("."),
        ],
    });
    spans
}

#[cfg(test)]
#[path = "emergency_tests.rs"]
mod tests;
