//! A table as lines of text with aligned columns.

use super::clean;

const MOST_COLUMNS: usize = 12;
const MOST_ROWS: usize = 50;
const WIDEST_CELL: usize = 40;
const WIDEST_ROW: usize = 120;
/// Characters of the rows, a little under what a block takes, so that the last line says what is missing.
const LONGEST: usize = 2900;
const GAP: usize = 2;

/// The table, one line per row under a line of names; empty for a table without columns.
pub(super) fn draw(columns: &[String], rows: &[Vec<String>]) -> String {
    let widths = widths(columns, rows);
    let mut lines = vec![row(columns, &widths), rule(&widths)];
    let mut length: usize = lines.iter().map(|line| line.chars().count() + 1).sum();
    let mut shown = 0;
    for cells in rows.iter().take(MOST_ROWS) {
        let line = row(cells, &widths);
        length += line.chars().count() + 1;
        if length > LONGEST {
            break;
        }
        lines.push(line);
        shown += 1;
    }
    if shown < rows.len() {
        lines.push(format!("… and {} more", rows.len() - shown));
    }
    if widths.is_empty() { String::new() } else { lines.join("\n") }
}

/// The widths of the columns, as many as there is room for.
fn widths(columns: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths = Vec::new();
    let mut left = WIDEST_ROW;
    for (i, name) in columns.iter().take(MOST_COLUMNS).enumerate() {
        let cells = rows.iter().take(MOST_ROWS).filter_map(|row| row.get(i));
        let widest = cells.chain([name]).map(|text| cell(text).chars().count()).max().unwrap_or(0).max(1);
        let Some(rest) = left.checked_sub(widest) else { break };
        widths.push(widest);
        left = rest.saturating_sub(GAP);
    }
    widths
}

fn row<S: AsRef<str>>(cells: &[S], widths: &[usize]) -> String {
    let texts = cells.iter().map(|text| cell(text.as_ref())).chain(std::iter::repeat(String::new()));
    let padded: Vec<String> = texts.zip(widths).map(|(text, width)| format!("{text:width$}")).collect();
    padded.join(&" ".repeat(GAP)).trim_end().to_owned()
}

fn rule(widths: &[usize]) -> String {
    let lines: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    lines.join(&" ".repeat(GAP))
}

fn cell(text: &str) -> String {
    clean::line(text, WIDEST_CELL)
}
