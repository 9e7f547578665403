//! What changes between two sights of the same rows, for people.

use countersign_core::plan::FieldChange;

use super::cell::Cell;
use super::rows::Rows;

/// Every field that differs. With several rows, each change says of which row it is.
pub(super) fn changes(before: &Rows, after: &Rows) -> Vec<FieldChange> {
    let pairs = pairs(before, after);
    let several = pairs.len() > 1;
    pairs.iter().flat_map(|(old, new)| pair_changes((before, *old), (after, *new), several)).collect()
}

/// What the one row is called: the value of its first column.
pub(super) fn only_row(before: &Rows, after: &Rows) -> Option<String> {
    let rows = if before.rows.is_empty() { &after.rows } else { &before.rows };
    match rows.as_slice() {
        [row] => row.first().and_then(Cell::shown),
        _ => None,
    }
}

type Pair<'a> = (Option<&'a [Cell]>, Option<&'a [Cell]>);

/// Rows before with the same rows after. A row is the same if its first column is,
/// where that tells all rows apart; otherwise if it stands in the same place.
fn pairs<'a>(before: &'a Rows, after: &'a Rows) -> Vec<Pair<'a>> {
    if !tells_apart(before) || !tells_apart(after) {
        let longest = before.rows.len().max(after.rows.len());
        let at = |rows: &'a Rows, index| rows.rows.get(index).map(Vec::as_slice);
        return (0..longest).map(|index| (at(before, index), at(after, index))).collect();
    }
    let twin = |rows: &'a Rows, row: &[Cell]| {
        rows.rows.iter().find(|other| other.first() == row.first()).map(Vec::as_slice)
    };
    let stays = before.rows.iter().map(|row| (Some(row.as_slice()), twin(after, row)));
    let added = after.rows.iter().filter(|row| twin(before, row).is_none());
    stays.chain(added.map(|row| (None, Some(row.as_slice())))).collect()
}

fn tells_apart(rows: &Rows) -> bool {
    let firsts = || rows.rows.iter().map(|row| row.first());
    firsts().enumerate().all(|(index, first)| firsts().skip(index + 1).all(|other| other != first))
}

fn pair_changes(
    (before, old): (&Rows, Option<&[Cell]>),
    (after, new): (&Rows, Option<&[Cell]>),
    several: bool,
) -> Vec<FieldChange> {
    let columns = if old.is_some() { &before.columns } else { &after.columns };
    let of = several.then(|| old.or(new)?.first()?.shown()).flatten();
    // In a row that is not there, every field is as good as `NULL`.
    let cell =
        |row: Option<&[Cell]>, index| row.and_then(|row| row.get(index)).cloned().unwrap_or(Cell::Null);
    let change = |(index, field): (usize, &String)| {
        let (old, new) = (cell(old, index), cell(new, index));
        (old != new).then(|| FieldChange {
            of: of.clone(),
            field: field.clone(),
            before: old.shown(),
            after: new.shown(),
        })
    };
    columns.iter().enumerate().filter_map(change).collect()
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
