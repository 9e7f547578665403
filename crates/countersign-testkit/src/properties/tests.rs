//! The properties, a few hundred inputs each.

use countersign::dev::DEMO_CONFIG;
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// A text in which something was cut out and something else put in.
fn edited(text: &str, (at, length): (usize, usize), new: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = at % (chars.len() + 1);
    let (before, rest) = chars.split_at(at);
    let after = rest.get(length..).unwrap_or_default();
    before.iter().copied().chain(new.chars()).chain(after.iter().copied()).collect()
}

proptest! {
    #[test]
    fn texts(one in "[<>@#!|^&;:`a-zU0-9“”’—\u{a0}\u{200b} ]{0,60}", two in ".{0,60}", cut in 0_usize..80,
        new in "(<@UBOT>|<http://a\\.b\\|a\\.b>|&amp;|&lt;|[ <>]|\"){0,3}") {
        text(&one);
        text(&two);
        text(&edited("set acme trial remaining to 14 days", (cut, new.len() % 5), &new));
        text(&edited("allow <http://10.0.0.1|10.0.0.1> for 3h", (cut, 1), &new));
    }

    #[test]
    fn signatures(stamp in prop_oneof!["18000003[0-9]{2}", "[0-9+ -]{0,12}"], other: Vec<u8>, body: Vec<u8>) {
        signature(stamp.as_bytes(), &other, &body);
        signature(&other, b"v0=00", &body);
        signature(b"1800000000", &other, &body);
    }

    #[test]
    fn frames(text in ".{0,80}", at: (usize, usize), new in "[\\[\\]{}\":,a-z0-9]{0,6}",
        kind in "(events_api|slash_commands|interactive)") {
        frame(&text);
        let event = json!({"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.2", "text": text});
        let payload = json!({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event});
        let envelope = json!({"type": kind, "envelope_id": "e1", "payload": payload, "retry_attempt": 1}).to_string();
        frame(&envelope);
        frame(&edited(&envelope, (at.0, at.1 % 20), &new));
    }

    #[test]
    fn patterns(one in "[a-c <>\\[\\]()|:{}\".éA0=]{0,60}", two in ".{0,40}", at: (usize, usize),
        new in "[<>\\[\\]()|:{} a.=]{0,4}") {
        pattern(&one);
        pattern(&two);
        let known = "(set|let) <name:slug> [for <days:int(1..=90)> days] <kind:one of {a|b}> <rest...>";
        pattern(&edited(known, (at.0, at.1 % 10), &new));
    }

    #[test]
    fn configurations(text in ".{0,80}", at: (usize, usize), new in "[\\[\\]{}\"=, a-z0-9\n#']{0,8}") {
        configuration(&text);
        configuration(&edited(DEMO_CONFIG, (at.0, at.1 % 40), &new));
    }
}

#[test]
fn the_demo_holds() {
    configuration(DEMO_CONFIG);
    assert_ne!(edited("abc", (1, 1), "x"), "abc");
}
