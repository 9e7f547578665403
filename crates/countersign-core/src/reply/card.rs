//! The card: the bot's one message in the thread, drawn from the operation's
//! state alone, so that a restart draws the same one.

use super::model::actions;
use super::refusal::{ended, sentence};
use super::wish;
use super::{Block, Button, Reply, Span, Style};
use super::{Medium, emergency};
use crate::approval::Tally;
use crate::command::spec::Risk;
use crate::ids::PersonId;
use crate::operation::{Operation, Outcome, Phase, Progress, Proposal, Report, Stop};
use crate::plan::{Plan, Step};
use crate::policy::Freeze;

/// The card of `operation`; `tally` counts the votes for the plan that stands.
pub fn card(operation: &Operation, tally: &Tally) -> Reply {
    card_for(Medium::Chat, operation, tally)
}

/// The card as it is drawn in `medium`.
pub(super) fn card_for(medium: Medium, operation: &Operation, tally: &Tally) -> Reply {
    if let (Risk::Read, Phase::Finished(Outcome::Succeeded(report))) =
        (operation.request.risk, &operation.phase)
    {
        return found(report);
    }
    let (emoji, title) = status(operation);
    let mut blocks = vec![
        Block::Heading(title.to_owned()),
        Block::Text(vec![
            Span::Emoji(emoji),
            Span::text(" "),
            Span::code(&operation.request.sentence),
            Span::text(" asked by "),
            Span::Person(operation.request.caller.user.clone()),
        ]),
    ];
    blocks.extend(emergency::blocks(medium, operation));
    blocks.extend(outcome_blocks(&operation.phase));
    blocks.extend(reason_blocks(operation));
    blocks.extend(frozen_blocks(operation));
    blocks.extend(wish::resolution(medium, operation));
    blocks.extend(line_block(operation));
    blocks.extend(plan_blocks(medium, operation));
    if operation.request.quorum.is_needed() {
        blocks.push(signature_fields(operation, tally));
    }
    if let (Medium::Chat, Phase::Voting, Some(proposal)) = (medium, &operation.phase, &operation.proposal) {
        blocks.push(how_to_sign(operation));
        blocks.push(buttons(proposal, operation));
    }
    if operation.is_unknown() {
        blocks.push(resolving(operation));
    }
    blocks.push(small_print(operation));
    Reply { summary: format!("{title}: {}", operation.request.sentence), blocks }
}

fn status(operation: &Operation) -> (&'static str, &'static str) {
    match &operation.phase {
        Phase::Requested => ("hourglass_flowing_sand", "Working out what would change"),
        Phase::Voting if operation.overtaken.is_some() => ("warning", "The plan changed: please sign again"),
        Phase::Voting => ("writing_hand", "Waiting for signatures"),
        Phase::Approved { .. } if !operation.ahead.is_empty() => {
            ("hourglass", "Signed, and waiting for its turn")
        }
        Phase::Approved { .. } => ("mag", "Checking the plan once more"),
        Phase::Applying(_) => ("gear", "Working on it"),
        Phase::Finished(Outcome::Succeeded(_)) => ("white_check_mark", "Done"),
        Phase::Finished(Outcome::Failed { .. }) => ("x", "It did not work"),
        Phase::Finished(Outcome::Unknown { .. }) if operation.resolution.is_some() => {
            ("mag_right", "Somebody looked what became of it")
        }
        Phase::Finished(Outcome::Unknown { .. }) => ("question", "Nobody knows whether it worked"),
        Phase::Stopped(Stop::Refused { .. }) => ("x", "This cannot be done"),
        Phase::Stopped(_) => ("no_entry_sign", "Stopped: nothing was changed"),
    }
}

fn outcome_blocks(phase: &Phase) -> Vec<Block> {
    match phase {
        Phase::Applying(claim) => claim.progress.as_ref().map(progress).into_iter().collect(),
        Phase::Finished(Outcome::Succeeded(report)) => report_blocks(report),
        Phase::Finished(Outcome::Failed { reason, reference } | Outcome::Unknown { reason, reference }) => {
            vec![Block::Text(vec![
                Span::text(format!("{reason} Give ")),
                Span::code(reference.to_string()),
                Span::text(" to the people who look after the bot."),
            ])]
        }
        Phase::Stopped(stop) => vec![Block::Text(stopped(stop))],
        Phase::Requested | Phase::Voting | Phase::Approved { .. } => Vec::new(),
    }
}

/// Why somebody objected, or the button to say it.
fn reason_blocks(operation: &Operation) -> Option<Block> {
    let Phase::Stopped(Stop::Objected { .. }) = operation.phase else { return None };
    Some(match &operation.reason {
        Some(reason) => Block::Text(vec![Span::Bold("Why: ".to_owned()), Span::text(ended(reason))]),
        None => Block::Buttons(vec![of_operation(operation, actions::EXPLAIN, "Say why")]),
    })
}

/// The freezes that it goes against, while that still matters.
fn frozen_blocks(operation: &Operation) -> Vec<Block> {
    if operation.is_over() {
        return Vec::new();
    }
    let line = |freeze: &Freeze| {
        Block::Text(vec![
            Span::Emoji("snowflake"),
            Span::text(" Frozen until "),
            Span::Time(freeze.until),
            Span::text(": "),
            Span::Bold(freeze.what.to_string()),
            Span::text(format!(". {} More people than usual have to sign.", ended(&freeze.reason))),
        ])
    };
    operation.request.frozen.iter().map(line).collect()
}

/// Who is before it in the line for its lock.
fn line_block(operation: &Operation) -> Option<Block> {
    let (first, lock) = (operation.ahead.first()?, operation.request.lock.as_ref()?);
    let others = match operation.ahead.len() {
        1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    Some(Block::Text(vec![
        Span::text("It runs as soon as "),
        Span::code(first.to_string()),
        Span::text(format!("{others} is done with ")),
        Span::code(lock.as_str()),
        Span::text(", and plans once more before it does."),
    ]))
}

fn stopped(stop: &Stop) -> Vec<Span> {
    match stop {
        Stop::Objected { by } => {
            vec![
                Span::Person(by.user.clone()),
                Span::text(" objected. Say the sentence again to start over."),
            ]
        }
        Stop::NotSignedInTime => {
            vec![Span::text("The signatures did not come in time. Say the sentence again to start over.")]
        }
        Stop::NotStartedInTime => {
            vec![Span::text(
                "It was signed, but could not start in time. Say the sentence again to start over.",
            )]
        }
        Stop::RulesChanged => vec![Span::text(
            "The rules for this command changed while it waited. Say the sentence again to start over.",
        )],
        Stop::Cancelled { by } => {
            vec![
                Span::Person(by.user.clone()),
                Span::text(" cancelled it. Say the sentence again to start over."),
            ]
        }
        Stop::Refused { refusal } => vec![Span::text(sentence(refusal))],
    }
}

/// What a reading command found, without ceremony.
fn found(report: &Report) -> Reply {
    Reply { summary: report.summary.clone(), blocks: report_blocks(report) }
}

fn report_blocks(report: &Report) -> Vec<Block> {
    let mut blocks = vec![Block::Text(vec![Span::text(&report.summary)])];
    if let Some(table) = &report.table {
        let rows = table.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        blocks.push(Block::Table { columns: table.columns.clone(), rows });
        if table.left_out > 0 {
            blocks.push(Block::Note(vec![Span::text(format!("and {} more rows", table.left_out))]));
        }
    }
    blocks
}

fn progress(progress: &Progress) -> Block {
    let filled = progress.done.saturating_mul(10).checked_div(progress.total).unwrap_or(0).min(10);
    let bar: String = (0..10).map(|i| if i < filled { '▰' } else { '▱' }).collect();
    Block::Text(vec![
        Span::code(bar),
        Span::text(format!(" {} of {}: {}", progress.done, progress.total, progress.note)),
    ])
}

fn plan_blocks(medium: Medium, operation: &Operation) -> Vec<Block> {
    let Some(proposal) = &operation.proposal else { return Vec::new() };
    let mut blocks = Vec::new();
    if let (Some(old), Phase::Voting) = (&operation.overtaken, &operation.phase) {
        blocks.push(Block::Text(vec![Span::text(
            "Something changed since the plan was made, so the signatures count no more. This was the plan:",
        )]));
        if medium.holds(old) {
            blocks.extend(old.steps.iter().map(step_list));
        } else {
            blocks.push(Block::Text(vec![Span::text("(more than fits here; its pages stand above)")]));
        }
        blocks.push(Block::Text(vec![Span::text("This is the plan now:")]));
    }
    blocks.extend(if medium.holds(&proposal.plan) {
        steps(&proposal.plan.steps)
    } else {
        paged(&proposal.plan)
    });
    for warning in &proposal.plan.warnings {
        blocks.push(Block::Text(vec![Span::Emoji("warning"), Span::text(format!(" {warning}"))]));
    }
    for lasting in &proposal.plan.irreversible {
        blocks.push(Block::Text(vec![
            Span::Emoji("warning"),
            Span::Bold(" Cannot be undone: ".to_owned()),
            Span::text(lasting),
        ]));
    }
    blocks
}

/// The plan's pages, for a plan that the card cannot hold: each is a message in the thread, before the card.
pub fn pages(operation: &Operation) -> Vec<Reply> {
    let Some(proposal) = operation.proposal.as_ref().filter(|proposal| !proposal.plan.fits_a_card()) else {
        return Vec::new();
    };
    let pages = proposal.plan.pages().unwrap_or_default();
    let count = pages.len();
    let page = |(number, page): (usize, &crate::plan::Page)| {
        let title = format!("The plan, page {} of {count}", number + 1);
        let mut blocks = vec![Block::Heading(title.clone())];
        blocks.extend(steps(&page.steps));
        blocks.push(Block::Note(vec![Span::text(format!("plan {}", proposal.fingerprint.short()))]));
        Reply { summary: format!("{title}: {}", operation.request.sentence), blocks }
    };
    pages.iter().enumerate().map(page).collect()
}

/// What the card itself says of a plan on pages.
fn paged(plan: &Plan) -> Vec<Block> {
    let pages = plan.pages().map_or(0, |pages| pages.len());
    let changes: usize = plan.steps.iter().map(|step| step.changes.len()).sum();
    let (steps, changes) = (counted(plan.steps.len(), "step"), counted(changes, "change"));
    vec![Block::Text(vec![
        Span::Bold(format!("{steps}, {changes}")),
        Span::text(format!(
            ": all of it stands in {} of this thread. Read them before you sign.",
            counted(pages, "message")
        )),
    ])]
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn steps(steps: &[Step]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for step in steps {
        blocks.push(Block::Text(vec![Span::Bold(step.title.clone())]));
        if !step.changes.is_empty() {
            blocks.push(step_list(step));
        }
    }
    blocks
}

fn step_list(step: &Step) -> Block {
    let line = |change: &crate::plan::FieldChange| {
        let mut spans = Vec::new();
        if let Some(of) = &change.of {
            spans.extend([Span::code(of), Span::text(" ")]);
        }
        spans.extend([
            Span::Bold(change.field.clone()),
            Span::text(": "),
            Span::code(shown(&change.before)),
            Span::text(" → "),
            Span::code(shown(&change.after)),
        ]);
        spans
    };
    Block::List(step.changes.iter().map(line).collect())
}

/// A cell of a table; a dash where there is nothing.
fn cell(value: &Option<String>) -> String {
    value.clone().unwrap_or_else(|| "–".to_owned())
}

fn shown(value: &Option<String>) -> String {
    match value.as_deref() {
        None => "nothing".to_owned(),
        Some("") => "(empty)".to_owned(),
        Some(text) => text.to_owned(),
    }
}

fn signature_fields(operation: &Operation, tally: &Tally) -> Block {
    let mut fields = vec![
        ("Risk".to_owned(), vec![Span::text(operation.request.risk.to_string())]),
        ("Signed".to_owned(), people(&tally.signed)),
    ];
    if operation.phase == Phase::Voting {
        fields.push(("Missing".to_owned(), missing(tally, &operation.request.caller)));
        if let Some(until) = operation.proposal.as_ref().and_then(|proposal| proposal.approve_by) {
            fields.push(("Until".to_owned(), vec![Span::Time(until)]));
        }
    }
    Block::Fields(fields)
}

fn people(people: &[PersonId]) -> Vec<Span> {
    if people.is_empty() {
        return vec![Span::text("nobody yet")];
    }
    let mut spans = Vec::new();
    for (i, person) in people.iter().enumerate() {
        if i > 0 {
            spans.push(Span::text(", "));
        }
        spans.push(Span::Person(person.user.clone()));
    }
    spans
}

/// Whose signatures are missing, in words.
pub fn missing(tally: &Tally, caller: &PersonId) -> Vec<Span> {
    let mut spans = Vec::new();
    if tally.caller_missing {
        spans.push(Span::Person(caller.user.clone()));
    }
    if tally.others_missing > 0 {
        if !spans.is_empty() {
            spans.push(Span::text(" and "));
        }
        let others = match tally.others_missing {
            1 => "one other person".to_owned(),
            n => format!("{n} other people"),
        };
        spans.push(Span::text(others));
        if !tally.groups_missing.is_empty() {
            let groups: Vec<&str> = tally.groups_missing.iter().map(crate::ids::GroupName::as_str).collect();
            spans.push(Span::text(format!(" ({})", groups.join(", "))));
        }
    }
    if spans.is_empty() {
        spans.push(Span::text("nobody"));
    }
    spans
}

fn how_to_sign(operation: &Operation) -> Block {
    let again = match operation.overtaken {
        Some(_) => "A ✅ from before counts no more: take it back and put it there again, or use the button.",
        None => "Take a ✅ back and it counts no more.",
    };
    let how = match operation.request.risk {
        Risk::Destructive => {
            "The person who asked signs with the button, and types the target's name. Others sign with ✅ on \
             this message or on the request, or with the button."
        }
        _ => "Sign with ✅ on this message or on the request, or with the button.",
    };
    let text = format!("{how} Object with ❌. {again}");
    Block::Note(vec![Span::text(text)])
}

fn buttons(proposal: &Proposal, operation: &Operation) -> Block {
    let button = |action, label: &str, style| Button {
        action,
        label: label.to_owned(),
        value: proposal.fingerprint.to_string(),
        style,
    };
    Block::Buttons(vec![
        button(actions::SIGN, "Sign this plan", Style::Primary),
        button(actions::OBJECT, "Object", Style::Danger),
        of_operation(operation, actions::CANCEL, "Cancel my request"),
    ])
}

fn resolving(operation: &Operation) -> Block {
    Block::Buttons(vec![
        of_operation(operation, actions::WAS_DONE, "It was done"),
        of_operation(operation, actions::WAS_NOT_DONE, "It was not done"),
    ])
}

fn of_operation(operation: &Operation, action: &'static str, label: &str) -> Button {
    Button { action, label: label.to_owned(), value: operation.request.id.to_string(), style: Style::Plain }
}

fn small_print(operation: &Operation) -> Block {
    let mut spans = vec![Span::text(operation.request.id.to_string())];
    if let Some(fingerprint) = operation.fingerprint() {
        spans.push(Span::text(format!(" · plan {}", fingerprint.short())));
    }
    Block::Note(spans)
}

#[cfg(test)]
#[path = "card_tests.rs"]
pub(super) mod tests;
