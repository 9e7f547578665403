//! Words from the other side, cut to a length that a card and the ledger bear.

use countersign_core::operation::{Progress, Report, Table};

use super::wire::{WireProgress, WireReport, WireTable};

/// The longest sentence for a person, in characters.
const MOST_IN_A_SENTENCE: usize = 1_000;
/// The longest cell, in characters.
const MOST_IN_A_CELL: usize = 200;
/// The most rows that are kept.
const MOST_ROWS: usize = 100;
/// The most columns that are kept.
const MOST_COLUMNS: usize = 20;

/// What the other side says of work done.
pub(super) fn report(report: WireReport) -> Report {
    Report { summary: sentence(&report.summary), table: report.table.map(table) }
}

/// How far the other side is.
pub(super) fn progress(progress: WireProgress) -> Progress {
    let WireProgress { done, total, note } = progress;
    Progress { done: done.min(total), total, note: cut(&note, MOST_IN_A_CELL) }
}

/// A sentence that is not too long.
pub(super) fn sentence(text: &str) -> String {
    cut(text, MOST_IN_A_SENTENCE)
}

fn table(table: WireTable) -> Table {
    let more = table.rows.len().saturating_sub(MOST_ROWS);
    let row = |row: Vec<Option<String>>| {
        row.into_iter().take(MOST_COLUMNS).map(|cell| cell.map(|cell| cut(&cell, MOST_IN_A_CELL))).collect()
    };
    Table {
        columns: table.columns.iter().take(MOST_COLUMNS).map(|name| cut(name, MOST_IN_A_CELL)).collect(),
        rows: table.rows.into_iter().take(MOST_ROWS).map(row).collect(),
        left_out: more.saturating_add(usize::try_from(table.left_out).unwrap_or(usize::MAX)),
    }
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

impl From<Report> for WireReport {
    fn from(report: Report) -> Self {
        let table = report.table.map(|table| WireTable {
            columns: table.columns,
            rows: table.rows,
            left_out: u32::try_from(table.left_out).unwrap_or(u32::MAX),
        });
        Self { summary: report.summary, table }
    }
}
