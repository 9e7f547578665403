use super::*;

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 24 * 60 * 60;

fn row(ip_address: &str) -> Row {
    Row {
        ip_address: ip_address.to_owned(),
        environment: "dev".to_owned(),
        description: Some("John office IP".to_owned()),
        added_by: Some("john.doe".to_owned()),
        added_at: Some(NOW),
        expires_at: Some(NOW + 7 * DAY),
        ..Row::default()
    }
}

fn said(row: &Row) -> String {
    let now = Timestamp::from_second(NOW).unwrap();
    row.entry(&Terms::default(), now).map_or_else(|fault| fault.to_string(), |entry| entry.cidr.to_string())
}

#[test]
fn a_row_of_the_document_is_an_entry() {
    assert_eq!(said(&row("1.2.3.4/32")), "1.2.3.4/32");
}

#[test]
fn a_bad_row_says_why() {
    insta::assert_snapshot!(said(&row("1.2.3.4")), @"`ip_address`: 1.2.3.4 is written 1.2.3.4/32");
    insta::assert_snapshot!(said(&row("1.2.3.4/24")), @"`ip_address`: 1.2.3.4/24 is written 1.2.3.0/24");
    insta::assert_snapshot!(said(&row("2001:DB8::1/128")), @"`ip_address`: 2001:DB8::1/128 is written 2001:db8::1/128");
    insta::assert_snapshot!(said(&row("999.1.1.1")), @"`ip_address`: 999.1.1.1 is no IP address or network");
    insta::assert_snapshot!(said(&row("8.8.0.0/16")), @"8.8.0.0/16 is wider than /24 (IPv4) or /48 (IPv6); such a network is only let through by a signed command");
    insta::assert_snapshot!(said(&Row { expires_at: None, ..row("1.2.3.4/32") }), @"`expires_at` must be a number of seconds since 1970");
    insta::assert_snapshot!(said(&Row { added_at: Some(i64::MAX), ..row("1.2.3.4/32") }), @"`added_at` must be a number of seconds since 1970");
    insta::assert_snapshot!(said(&Row { added_at: Some(NOW + DAY), ..row("1.2.3.4/32") }), @"`added_at` is in the future");
    insta::assert_snapshot!(said(&Row { expires_at: Some(NOW + 31 * DAY), ..row("1.2.3.4/32") }), @"it would last longer than 30 days");
    assert!(said(&row("10.0.0.1/32")).contains("private addresses"));
}

#[test]
fn a_signed_operation_lets_a_wide_network_through() {
    let signed = Row { operation: Some("op_01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned()), ..row("8.8.0.0/16") };
    assert_eq!(said(&signed), "8.8.0.0/16");
    let everything = Row { operation: Some("op_01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned()), ..row("0.0.0.0/0") };
    assert!(said(&everything).contains("the whole internet"));
}

#[test]
fn an_old_time_is_over() {
    let now = Timestamp::from_second(NOW).unwrap();
    let over = Row { added_at: Some(NOW - 2 * DAY), expires_at: Some(NOW), ..row("1.2.3.4/32") };
    assert!(over.is_over(now) && !over.entry(&Terms::default(), now).unwrap().is_open(now));
    assert!(!row("1.2.3.4/32").is_over(now));
    assert!(!Row { expires_at: None, ..row("1.2.3.4/32") }.is_over(now), "nobody can tell");
}

#[test]
fn words_are_one_line_of_bounded_length() {
    let now = Timestamp::from_second(NOW).unwrap();
    let long = Row { description: Some(format!("a\nb{}", "x".repeat(500))), ..row("1.2.3.4/32") };
    let entry = long.entry(&Terms::default(), now).unwrap();
    assert!(entry.description.starts_with("a bx") && entry.description.chars().count() == 200);
}
