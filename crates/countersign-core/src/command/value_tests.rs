use super::*;
use crate::command::kind::Vocabulary;
use crate::command::shape::{Place, Shape};

/// The value of `token`, or the rule that it breaks; the token has the type's shape.
fn value(kind: &str, token: &str) -> String {
    let vocabulary = Vocabulary { environments: vec!["Dev".to_owned()] };
    let kind = Kind::parse(kind, &vocabulary).unwrap();
    assert!(Shape::of(&kind, Place::Inside).accepts(token), "{token} has not the shape");
    match kind.value(token) {
        Ok(value) => serde_json::to_string(&value).unwrap(),
        Err(demand) => format!("must {demand}"),
    }
}

#[test]
fn whole_numbers_keep_to_their_range() {
    assert_eq!(value("int", "-07"), r#"{"kind":"int","value":-7}"#);
    assert_eq!(value("int(1..=90)", "90"), r#"{"kind":"int","value":90}"#);
    assert_eq!(value("int(1..90)", "90"), "must be a whole number from 1 to 89");
    assert_eq!(value("int(1..)", "0"), "must be a whole number of at least 1");
    assert_eq!(value("int(..=5)", "6"), "must be a whole number of at most 5");
    assert_eq!(value("int", "9223372036854775808"), "must be a whole number");
    assert_eq!(value("int", "-9223372036854775808"), r#"{"kind":"int","value":-9223372036854775808}"#);
}

#[test]
fn numbers_are_finite() {
    assert_eq!(value("number", "-2.5e1"), r#"{"kind":"number","value":-25.0}"#);
    assert_eq!(value("number", "1e999"), "must be a number, like 12 or 2.5");
}

#[test]
fn durations_are_whole_seconds_with_each_unit_once() {
    assert_eq!(value("duration", "1h30m"), r#"{"kind":"duration","value":5400}"#);
    assert_eq!(value("duration", "2w1d4h3m2s"), r#"{"kind":"duration","value":1310582}"#);
    assert_eq!(value("duration", "36500d"), r#"{"kind":"duration","value":3153600000}"#);
    insta::assert_snapshot!(value("duration", "0h0m"), @"must be longer than 0 seconds");
    insta::assert_snapshot!(value("duration", "30m1h"), @"must name each unit once, from large to small, like 1h30m");
    insta::assert_snapshot!(value("duration", "36501d"), @"must be at most 100 years (36500d)");
    insta::assert_snapshot!(value("duration", "99999999999999999999w"), @"must be at most 100 years (36500d)");
    insta::assert_snapshot!(value("duration", "18446744073709551615w"), @"must be at most 100 years (36500d)");
}

#[test]
fn days_exist() {
    assert_eq!(value("date", "2028-02-29"), r#"{"kind":"date","value":"2028-02-29"}"#);
    insta::assert_snapshot!(value("date", "2026-02-29"), @"must be a day that the calendar has, like 2026-01-31");
    insta::assert_snapshot!(value("date", "2026-13-01"), @"must be a day that the calendar has, like 2026-01-31");
}

#[test]
fn networks_begin_where_they_begin() {
    assert_eq!(value("cidr", "203.0.113.7"), r#"{"kind":"cidr","value":"203.0.113.7/32"}"#);
    assert_eq!(value("cidr", "2001:DB8::1"), r#"{"kind":"cidr","value":"2001:db8::1/128"}"#);
    assert_eq!(value("cidr", "203.0.113.0/24"), r#"{"kind":"cidr","value":"203.0.113.0/24"}"#);
    insta::assert_snapshot!(value("cidr", "203.0.113.7/24"), @"must begin where its network begins; the network of 203.0.113.7/24 is 203.0.113.0/24");
    insta::assert_snapshot!(value("cidr", "203.0.113.0/33"), @"must have a length from /0 to /32");
    insta::assert_snapshot!(value("cidr", "2001:db8::/129"), @"must have a length from /0 to /128");
    insta::assert_snapshot!(value("cidr", "203.0.113.256"), @"must be an IP address or a network, like 203.0.113.7 or 203.0.113.0/24");
    insta::assert_snapshot!(value("ip", "1:2:3"), @"must be an IP address, like 203.0.113.7");
    insta::assert_snapshot!(value("ip", "010.0.0.1"), @"must be an IP address, like 203.0.113.7");
}

#[test]
fn addresses_are_checked() {
    assert_eq!(
        value("email", "ana+x@mail.example.com"),
        r#"{"kind":"email","value":"ana+x@mail.example.com"}"#
    );
    for wrong in ["ana@example", ".ana@example.com", "ana@-example.com", "ana@example..com"] {
        assert_eq!(value("email", wrong), "must be an email address, like ana@example.com", "{wrong}");
    }
    assert_eq!(
        value("url", "https://example.com/a@b"),
        r#"{"kind":"url","value":"https://example.com/a@b"}"#
    );
    insta::assert_snapshot!(value("url", "https://ana:secret@example.com"), @"must carry no user name or password");
    insta::assert_snapshot!(value("url", "https:///etc/passwd"), @"must name a host, like https://example.com");
    insta::assert_snapshot!(value("url", "http://:80"), @"must name a host, like https://example.com");
}

#[test]
fn words_and_names_keep_what_was_typed() {
    assert_eq!(value("word", "Acme"), r#"{"kind":"text","value":"Acme"}"#);
    assert_eq!(value("word", "\"two  words\""), r#"{"kind":"text","value":"two  words"}"#);
    assert_eq!(value("text", "\"  \""), "must not be empty");
    assert_eq!(value("slug", "Acme-2_b"), r#"{"kind":"slug","value":"Acme-2_b"}"#);
    assert_eq!(value("slug", &"a".repeat(64)), "must have at most 63 characters");
    assert_eq!(value("bool", "YES"), r#"{"kind":"bool","value":true}"#);
    assert_eq!(value("bool", "off"), r#"{"kind":"bool","value":false}"#);
    assert_eq!(value("one of {Start|stop}", "START"), r#"{"kind":"one_of","value":"Start"}"#);
    assert_eq!(value("environment", "dev"), r#"{"kind":"environment","value":"Dev"}"#);
}

#[test]
fn mentions_become_ids() {
    assert_eq!(value("user", "<@U07ANA>"), r#"{"kind":"user","value":"U07ANA"}"#);
    assert_eq!(value("user", "<@B07BOT>"), "must be a mention of a person, like @ana");
    assert_eq!(value("channel", "<#C1>"), r#"{"kind":"channel","value":"C1"}"#);
}
