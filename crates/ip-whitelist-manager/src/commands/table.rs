//! Entries as a table, those that end first at the top.

use std::cmp::Reverse;

use countersign_core::operation::Table;
use jiff::Timestamp;

use super::words;
use crate::domain::{Entry, Row, RowFault};

/// The most that is shown of what is not let through.
const MOST_CHARACTERS: usize = 200;
/// The most rows that are shown.
const MOST: usize = 100;

/// The rows and what they let through, with or without a column for their environment.
pub(super) fn table(mut rows: Vec<(Row, Result<Entry, RowFault>)>, now: Timestamp, shows: Shows) -> Table {
    rows.sort_by_key(|(row, _)| {
        (row.expires_at.map_or(Reverse(i64::MIN), |_| Reverse(0)), row.expires_at, row.ip_address.clone())
    });
    let left_out = rows.len().saturating_sub(MOST);
    let mut columns = vec!["network".to_owned()];
    if shows == Shows::Environments {
        columns.push("environment".to_owned());
    }
    columns.extend(["ends", "added by", "what for"].map(str::to_owned));
    let cells = |(row, entry): &(Row, Result<Entry, RowFault>)| {
        let mut cells = vec![Some(short(&row.ip_address))];
        if shows == Shows::Environments {
            cells.push(Some(row.environment.clone()));
        }
        cells.push(row.expires_at().map(|end| format!("in {}", words::left(end, now))));
        match entry {
            Ok(entry) => {
                cells.push(some(&entry.added_by));
                cells.push(some(&entry.description));
            }
            Err(fault) => {
                cells.push(row.added_by.as_deref().map(short));
                cells.push(Some(short(&format!("NOT let through: {fault}"))));
            }
        }
        cells
    };
    Table { columns, rows: rows.iter().take(MOST).map(cells).collect(), left_out }
}

/// What a table shows of each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    /// All rows are of one environment.
    Rows,
    /// And in which environment it is.
    Environments,
}

/// What somebody wrote into a row by hand may be of any length.
fn short(text: &str) -> String {
    text.chars().take(MOST_CHARACTERS).collect()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
