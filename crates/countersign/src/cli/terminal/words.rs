//! What stands at the terminal around the operations themselves.

use countersign_core::ids::OperationId;

use crate::terminal::protocol::{State, View};

/// After something else was typed than what signs.
pub(super) const NOT_SIGNED: &str = "Not signed. It waits on.";

/// Why something that is signed does not run yet.
pub(super) const SIGNED: &str = "It is signed, and waits: for its turn, or for Slack to confirm what was signed there. \
                                 Ctrl-C leaves it waiting.";

/// An operation, with what to do next.
pub(super) fn operation(view: &View) -> String {
    let id = &view.operation;
    let next = match view.state {
        State::Waiting if view.waits_for_you => {
            Some(format!("It waits for you: countersign approve {id}   or: countersign deny {id}"))
        }
        State::Unknown => Some(format!(
            "Look whether it was done, then: countersign resolve {id} --as succeeded|failed --reason …"
        )),
        _ => None,
    };
    match next {
        Some(next) => format!("{}\n{next}", view.text),
        None => view.text.clone(),
    }
}

/// What is open, a line or two each.
pub(super) fn pending(operations: &[View]) -> String {
    if operations.is_empty() {
        return "Nothing is open.".to_owned();
    }
    let mut lines = Vec::new();
    for (number, view) in operations.iter().enumerate() {
        let first_of = |yours: bool| {
            number == operations.iter().position(|one| one.waits_for_you == yours).unwrap_or(usize::MAX)
        };
        if view.waits_for_you && first_of(true) {
            lines.push("Waits for your signature:".to_owned());
        }
        if !view.waits_for_you && first_of(false) {
            lines.push("Open:".to_owned());
        }
        lines.push(format!(
            "  {}  {} by {} in #{}",
            view.operation,
            quoted(&view.sentence),
            view.caller,
            view.channel
        ));
        lines.push(format!("    {}", state(view)));
    }
    lines.join("\n")
}

fn state(view: &View) -> String {
    let until = view.approve_by.map(|until| until.strftime(", until %Y-%m-%d %H:%M UTC").to_string());
    match view.state {
        State::Planning => "is being planned".to_owned(),
        State::Waiting => format!("waits for {}{}", view.missing, until.unwrap_or_default()),
        State::Signed => "is signed, and about to run".to_owned(),
        State::Running => "runs".to_owned(),
        State::Unknown => "nobody knows whether it was done: somebody has to look, and resolve it".to_owned(),
        State::Succeeded | State::Failed | State::Stopped if view.needs_review => {
            "was an emergency: somebody else has to review it".to_owned()
        }
        State::Succeeded | State::Failed | State::Stopped => {
            "is over; the channel is told as soon as it can be".to_owned()
        }
    }
}

/// Whom an operation waits for, and how they sign.
pub(super) fn waiting(view: &View) -> String {
    format!(
        "It waits for {}. They sign in Slack, or with: countersign approve {}\n\
         Ctrl-C leaves it waiting.",
        view.missing, view.operation
    )
}

/// What is said when somebody does not wait for an operation any more.
pub(super) fn left(id: &OperationId) -> String {
    format!(
        "\nIt goes on without you. See how it stands: countersign show {id}   take it back: countersign cancel {id}"
    )
}

/// What a script has to do instead of typing.
pub(super) fn name_the_plan(view: &View) -> String {
    let plan = view.plan.map(|plan| plan.to_string()).unwrap_or_default();
    let name = if view.to_type.is_some() { " --type NAME" } else { "" };
    format!(
        "Nobody sits at a keyboard to say yes. To sign exactly this plan: countersign approve {} --plan {plan}{name}",
        view.operation
    )
}

/// A sentence without what would break its line.
fn quoted(sentence: &str) -> String {
    let harmless: String = sentence.chars().filter(|c| !c.is_control()).collect();
    format!("`{harmless}`")
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
