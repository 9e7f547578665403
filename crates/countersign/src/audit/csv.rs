//! Records as rows of a table, for whoever reads the trail in a spreadsheet.

use countersign_core::audit::{Record, Written};
use countersign_core::canonical::canonical_text;
use countersign_core::ids::PersonId;
use countersign_core::operation::{Event, Stop};
use serde_json::Value;

use super::Found;

/// The names of the columns.
pub const HEADER: &str = "operation,seq,at,event,person,command,sentence,details,hash\r\n";

/// An operation's records, a row for each.
pub fn rows(found: &Found) -> String {
    found.records.iter().zip(&found.written).map(|(record, written)| row(found, record, written)).collect()
}

fn row(found: &Found, record: &Record, written: &Written) -> String {
    let kind = serde_json::to_value(&record.event).ok();
    let kind = kind.as_ref().and_then(|event| event.get("type")).and_then(Value::as_str);
    let cells = [
        found.entry.operation.clone(),
        written.seq.to_string(),
        written.at.clone(),
        kind.unwrap_or_default().to_owned(),
        person(&record.event).map(ToString::to_string).unwrap_or_default(),
        found.entry.command.clone(),
        found.entry.sentence.clone(),
        canonical_text(&written.event).unwrap_or_default(),
        written.hash.clone(),
    ];
    format!("{}\r\n", cells.map(|cell| quoted(&cell)).join(","))
}

/// Whose act it was, where it was a person's.
fn person(event: &Event) -> Option<&PersonId> {
    match event {
        Event::Requested(request) => Some(&request.caller),
        Event::Voted(vote) => Some(&vote.person),
        Event::Withdrawn { person, .. } | Event::Explained { person, .. } => Some(person),
        Event::Stopped { stop: Stop::Objected { by } | Stop::Cancelled { by } } => Some(by),
        Event::Resolved(resolution) => Some(&resolution.by),
        Event::Reviewed(review) => Some(&review.by),
        _ => None,
    }
}

/// A cell as RFC 4180 has it. What a spreadsheet would take for a formula gets an apostrophe in front, which makes it
/// text there.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    format!("\"{}{}\"", if is_formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_early() {
        for (cell, expected) in [
            ("set acme", "\"set acme\""),
            ("say \"hi\",\nthen", "\"say \"\"hi\"\",\nthen\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("@SUM(1)", "\"'@SUM(1)\""),
            ("-1", "\"'-1\""),
            ("+1", "\"'+1\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
        ] {
            assert_eq!(quoted(cell), expected);
        }
    }
}
