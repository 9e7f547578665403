use super::*;

fn rows(rows: &[&[&str]]) -> Rows {
    let cell = |text: &&str| match *text {
        "NULL" => Cell::Null,
        text => Cell::Text(text.to_owned()),
    };
    Rows {
        columns: ["name", "plan", "seats"].map(str::to_owned).to_vec(),
        rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        left_out: 0,
    }
}

fn shown(before: &Rows, after: &Rows) -> Vec<String> {
    let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let line = |change: FieldChange| {
        let of = change.of.map(|of| format!("{of} ")).unwrap_or_default();
        format!("{of}{}: {} > {}", change.field, text(change.before), text(change.after))
    };
    changes(before, after).into_iter().map(line).collect()
}

#[test]
fn only_what_differs_is_listed() {
    let (before, after) = (rows(&[&["acme", "free", "3"]]), rows(&[&["acme", "pro", "3"]]));
    assert_eq!(shown(&before, &after), ["plan: free > pro"]);
    assert_eq!(only_row(&before, &after).as_deref(), Some("acme"));
    assert!(shown(&before, &before).is_empty());
}

#[test]
fn with_several_rows_each_change_says_whose_it_is() {
    let before = rows(&[&["a", "free", "1"], &["b", "free", "NULL"]]);
    let after = rows(&[&["b", "free", "2"], &["a", "pro", "1"]]);
    assert_eq!(shown(&before, &after), ["a plan: free > pro", "b seats: - > 2"]);
    assert_eq!(only_row(&before, &after), None);
}

#[test]
fn rows_that_come_and_go_are_listed_field_by_field() {
    let (none, one) = (Rows::default(), rows(&[&["a", "free", "NULL"]]));
    assert_eq!(shown(&none, &one), ["name: - > a", "plan: - > free"]);
    assert_eq!(shown(&one, &none), ["name: a > -", "plan: free > -"]);
    assert_eq!(only_row(&none, &one).as_deref(), Some("a"));
}

#[test]
fn rows_with_one_name_are_told_apart_by_their_place() {
    let before = rows(&[&["a", "free", "1"], &["a", "free", "2"]]);
    let after = rows(&[&["a", "free", "1"], &["a", "pro", "2"]]);
    assert_eq!(shown(&before, &after), ["a plan: free > pro"]);
}
