//! What `countersign audit` prints.

use std::fmt::Write as _;

use countersign_core::audit::Written;
use countersign_core::canonical::canonical_text;

use crate::audit::{Checked, Entry, Found, Kept, Proven};

/// What a check found, for people.
pub(super) fn report(checked: &Checked, ledger: &str, kept: &[Kept]) -> String {
    let mut text = String::new();
    for fault in &checked.faults {
        let _ = writeln!(text, "WRONG    {}: {}", fault.place, fault.sentence);
    }
    let is_fine = checked.faults.is_empty();
    let looked = [
        count(checked.operations, "operation"),
        count(checked.records, "event"),
        count(checked.checkpoints, "checkpoint"),
    ];
    let verdict = match is_fine {
        true => ". Nothing was changed, removed, added or moved.",
        false => " were looked at; the lines above are not in order.",
    };
    let _ = writeln!(text, "{}: {}{verdict}", ledger, looked.join(", "));
    text.push_str(&match &checked.proven {
        Some(Proven { checkpoint, at }) if is_fine => {
            let newer = count(checked.newer, "event");
            let are = if checked.newer == 1 { "is" } else { "are" };
            format!("It is sealed up to checkpoint {checkpoint} of {at:.0}; {newer} {are} newer.")
        }
        Some(Proven { checkpoint, at }) => {
            format!("Up to checkpoint {checkpoint} of {at:.0} all is as it was sealed.")
        }
        None if is_fine => "No checkpoint seals it yet.".to_owned(),
        None => "No checkpoint proves anything of it.".to_owned(),
    });
    let witnesses = match checked.witnessed {
        Some(number) => format!("Up to checkpoint {number} it is what was kept elsewhere."),
        None if !kept.is_empty() => "Nothing of it is what was kept elsewhere.".to_owned(),
        None if !is_fine => return text,
        None => {
            "This says nothing about one who wrote all of it anew: compare with a checkpoint that was kept \
                 elsewhere, by --against FILE or --hash N:HEX."
                .to_owned()
        }
    };
    text + "\n" + &witnesses
}

fn count(number: u64, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// So many are named of what was left out.
const MOST_NAMED: usize = 20;

/// What is missing in a list or an export.
pub(super) fn left_out(skipped: &[String]) -> String {
    let named = skipped.iter().take(MOST_NAMED).map(|one| one.replace(char::is_control, "?"));
    let mut named = named.collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = skipped.len().checked_sub(MOST_NAMED) {
        let _ = write!(named, " and {more} more");
    }
    format!(
        "Left out, since what is kept of it is damaged: {named}. What is wrong with it: countersign audit verify."
    )
}

/// One operation as one line; whatever would break the line is left out.
pub(super) fn line(entry: &Entry) -> String {
    let sentence: String = entry.sentence.chars().filter(|c| !c.is_control()).collect();
    let Entry { operation, asked_at, person, state, .. } = entry;
    format!("{operation}  {asked_at:.0}  {person:<16} {:<10} {sentence}\n", state.word())
}

/// An operation's records as lines of JSON.
pub(super) fn json_lines(found: &Found) -> String {
    found.written.iter().map(|written| json_line(&found.entry.operation, written) + "\n").collect()
}

/// A record as JSON. The event stands there as it is kept, so that a number keeps its digits.
pub(super) fn json_line(operation: &str, written: &Written) -> String {
    let Written { seq, at, event, prev, hash } = written;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let (operation, at, prev, hash) = (quoted(operation), quoted(at), quoted(prev), quoted(hash));
    // What is no JSON is shown as the text that it is.
    let event = canonical_text(event).unwrap_or_else(|_| quoted(event));
    format!(
        r#"{{"operation":{operation},"seq":{seq},"at":{at},"event":{event},"prev":{prev},"hash":{hash}}}"#
    )
}
