use countersign_core::envelope::{Act, Address, Change, Envelope};
use countersign_core::ids::{ChannelId, MessageId, OrgId, UserId};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

pub(super) fn me() -> Me {
    Me { team: OrgId::new("T1"), enterprise: None, user: UserId::new("UBOT"), bot_id: "B1".to_owned() }
}

pub(super) fn delivery(kind: &str, payload: &Value) -> Delivery {
    Delivery {
        key: natural_key(kind, payload),
        kind: kind.to_owned(),
        payload: payload.to_string(),
        received_at: Timestamp::from_second(1_800_000_000).unwrap(),
        retry: None,
    }
}

fn event(event: &Value) -> Value {
    json!({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
}

fn said(extra: &Value) -> Value {
    let mut message = json!({"type": "message", "channel": "C1", "user": "U1", "ts": "1700000000.000100",
        "text": "<@UBOT> help", "channel_type": "channel"});
    for (key, value) in extra.as_object().unwrap() {
        message[key] = value.clone();
    }
    event(&message)
}

fn envelope(kind: &str, payload: &Value) -> Envelope {
    match read(&delivery(kind, payload), &me()) {
        Reading::Envelope(envelope) => envelope,
        other => panic!("{other:?}"),
    }
}

fn reading(kind: &str, payload: &Value) -> Reading {
    read(&delivery(kind, payload), &me())
}

#[test]
fn what_slack_tells_the_app_about_itself() {
    let of_ours = json!({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": ["UBOT"]}});
    let limited = json!({"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1_800_000_000});
    let channel = ChannelId::new("C1");
    for (payload, notice) in [
        (event(&json!({"type": "app_uninstalled"})), Notice::Uninstalled),
        (event(&of_ours), Notice::TokenRevoked),
        (limited, Notice::RateLimited),
        (event(&json!({"type": "channel_shared", "channel": "C1"})), Notice::Shared(channel.clone())),
        (event(&json!({"type": "channel_unshared", "channel": "C1"})), Notice::Unshared(channel)),
    ] {
        assert_eq!(reading(kind::EVENTS_API, &payload), Reading::Notice(notice), "{payload}");
    }
    let of_others = event(&json!({"type": "tokens_revoked", "tokens": {"oauth": ["UBOT"], "bot": ["U9"]}}));
    assert_eq!(ignored(&of_others), "tokens of others were revoked");
    let nowhere = event(&json!({"type": "channel_shared", "channel": 7}));
    assert_eq!(reading(kind::EVENTS_API, &nowhere), Reading::Unreadable("a shared channel without its name"));
}

#[test]
fn what_is_not_known_is_named() {
    let long = "x".repeat(500);
    for (kind, payload, name) in [
        (kind::EVENTS_API, event(&json!({"type": "team_join"})), "events_api/team_join"),
        (kind::EVENTS_API, json!({"type": "galaxy"}), "events_api/galaxy"),
        (kind::INTERACTIVE, json!({"type": "shortcut"}), "interactive/shortcut"),
        ("galaxy", json!({}), "galaxy"),
    ] {
        assert_eq!(reading(kind, &payload), Reading::Unknown(name.to_owned()));
    }
    let Reading::Unknown(name) = reading(kind::EVENTS_API, &event(&json!({"type": long}))) else { panic!() };
    assert_eq!(name.chars().count(), 80);
}

fn ignored(payload: &Value) -> &'static str {
    match read(&delivery(kind::EVENTS_API, payload), &me()) {
        Reading::Ignored(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mention_is_read_the_same_from_both_of_its_events() {
    let message = said(&json!({}));
    let mention = said(&json!({"type": "app_mention", "channel_type": null}));
    assert_eq!(natural_key(kind::EVENTS_API, &message), "msg/T1/C1/1700000000.000100");
    assert_eq!(natural_key(kind::EVENTS_API, &message), natural_key(kind::EVENTS_API, &mention));
    assert_eq!(envelope(kind::EVENTS_API, &message), envelope(kind::EVENTS_API, &mention));
    insta::assert_debug_snapshot!(envelope(kind::EVENTS_API, &message), @r#"
    Envelope {
        at: 2023-11-14T22:13:20.0001Z,
        person: PersonId {
            org: OrgId(
                "T1",
            ),
            user: UserId(
                "U1",
            ),
        },
        channel: ChannelId(
            "C1",
        ),
        act: Said(
            Utterance {
                text: "help",
                address: Mention,
                message: Some(
                    MessageId(
                        "1700000000.000100",
                    ),
                ),
                thread: None,
            },
        ),
    }
    "#);
}

#[test]
fn how_a_sentence_is_addressed() {
    for (extra, address) in [
        (json!({"text": "help"}), Address::Overheard),
        (json!({"text": "help me <@UBOT>"}), Address::Mention),
        (json!({"text": "help", "channel_type": "im"}), Address::Direct),
        (json!({"channel": "D1", "channel_type": null}), Address::Direct),
    ] {
        let Act::Said(said) = envelope(kind::EVENTS_API, &said(&extra)).act else { panic!() };
        assert_eq!(said.address, address, "{extra}");
    }
}

#[test]
fn a_thread_is_known_but_a_root_is_not_in_its_own() {
    let thread = |ts: &str| {
        let Act::Said(said) = envelope(kind::EVENTS_API, &said(&json!({"thread_ts": ts}))).act else {
            panic!()
        };
        said.thread
    };
    assert_eq!(thread("1699999999.000000"), Some(MessageId::new("1699999999.000000")));
    assert_eq!(thread("1700000000.000100"), None);
}

#[test]
fn what_nobody_has_to_act_on() {
    for (extra, why) in [
        (json!({"bot_id": "B2"}), "a message of a bot"),
        (json!({"subtype": "bot_message"}), "a message of a bot"),
        (json!({"user": "UBOT"}), "a message of our own"),
        (json!({"subtype": "message_changed"}), "an edit"),
        (json!({"edited": {"user": "U1", "ts": "1700000001.000000"}}), "an edit"),
        (json!({"subtype": "message_deleted"}), "a deletion"),
        (json!({"subtype": "channel_join"}), "a message that nobody wrote"),
        (json!({"text": ""}), "a message without text"),
        (json!({"type": "app_home_opened"}), "another tab than the home"),
        (
            json!({"type": "member_joined_channel", "user": "U1", "channel": "C1"}),
            "another person joined a channel",
        ),
    ] {
        assert_eq!(ignored(&said(&extra)), why, "{extra}");
    }
}

#[test]
fn a_broadcast_and_a_shared_file_are_messages() {
    for subtype in ["thread_broadcast", "file_share"] {
        let payload = said(&json!({"subtype": subtype}));
        assert!(matches!(envelope(kind::EVENTS_API, &payload).act, Act::Said(_)));
        assert_eq!(natural_key(kind::EVENTS_API, &payload), "msg/T1/C1/1700000000.000100");
    }
}

#[test]
fn people_of_other_workspaces_keep_theirs() {
    let foreign = said(&json!({"user_team": "T9", "team": "T1"}));
    assert_eq!(envelope(kind::EVENTS_API, &foreign).person, PersonId::new("T9", "U1"));
    let mut on_grid = me();
    on_grid.enterprise = Some(OrgId::new("E1"));
    for payload in [said(&json!({"user_team": "T1"})), said(&json!({"user_team": "E1"})), said(&json!({}))] {
        let Reading::Envelope(envelope) = read(&delivery(kind::EVENTS_API, &payload), &on_grid) else {
            panic!()
        };
        assert_eq!(envelope.person, PersonId::new("E1", "U1"));
    }
}

fn reacted(kind: &str, reaction: &str) -> Value {
    event(&json!({"type": kind, "user": "U1", "reaction": reaction, "event_ts": "1700000009.000000",
        "item": {"type": "message", "channel": "C1", "ts": "1700000000.000100"}}))
}

#[test]
fn reactions_come_without_skin_tone() {
    let removed = reacted("reaction_removed", "thumbsup::skin-tone-3");
    let read = envelope(kind::EVENTS_API, &removed);
    assert_eq!(read.at.as_second(), 1_700_000_009);
    let message = MessageId::new("1700000000.000100");
    assert_eq!(read.act, Act::Reacted { message, emoji: "+1".to_owned(), change: Change::Removed });
    assert_eq!(
        natural_key(kind::EVENTS_API, &removed),
        "react/T1/C1/1700000000.000100/U1/thumbsup::skin-tone-3/removed/1700000009.000000"
    );
}

#[test]
fn a_slash_command_says_where_to_answer() {
    let payload = json!({"command": "/infra", "text": "stop dev", "user_id": "U1", "team_id": "T1",
        "channel_id": "C1", "response_url": "https://hooks.slack.com/x", "trigger_id": "1.2.abc"});
    let Act::Said(said) = envelope(kind::SLASH_COMMANDS, &payload).act else { panic!() };
    assert_eq!(said.text, "stop dev");
    let (command, reply_to) = ("/infra".to_owned(), "https://hooks.slack.com/x".to_owned());
    assert_eq!(said.address, Address::Slash { command, reply_to });
    assert_eq!(natural_key(kind::SLASH_COMMANDS, &payload), "slash/1.2.abc");
}

#[test]
fn a_button_and_a_dialog_bring_back_what_was_stored_in_them() {
    let pressed = json!({"type": "block_actions", "user": {"id": "U1", "team_id": "T9"}, "team": {"id": "T1"},
        "channel": {"id": "C1"}, "container": {"message_ts": "1.000001"}, "trigger_id": "t.1",
        "actions": [{"type": "button", "action_id": "sign", "value": "fp", "action_ts": "1700000000.5"}]});
    let read = envelope(kind::INTERACTIVE, &pressed);
    assert_eq!(read.person, PersonId::new("T9", "U1"));
    let (action, value) = ("sign".to_owned(), "fp".to_owned());
    let message = MessageId::new("1.000001");
    assert_eq!(read.act, Act::Pressed { message, action, value, trigger: Some("t.1".to_owned()) });

    let submitted = json!({"type": "view_submission", "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "t.2",
        "view": {"callback_id": "confirm", "private_metadata": "op",
            "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": "acme"}}}}}});
    let read = envelope(kind::INTERACTIVE, &submitted);
    let (dialog, value, input) = ("confirm".to_owned(), "op".to_owned(), "acme".to_owned());
    assert_eq!(read.act, Act::Submitted { dialog, value, input });
}

/// A submitted dialog that carries `metadata` and holds `typed`.
fn submission(metadata: &str, typed: &Value) -> Value {
    json!({"type": "view_submission", "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "t.2",
        "view": {"callback_id": "confirm", "private_metadata": metadata,
            "state": {"values": {"answer": {"answer": {"type": "plain_text_input", "value": typed}}}}}})
}

#[test]
fn a_wrong_name_is_answered_in_the_dialog_and_a_right_one_goes_on() {
    let asks = r#"{"value":"op_1 fp","expected":"acme-old"}"#;
    for wrong in [json!("acme"), json!("Acme-old"), json!(""), json!(null)] {
        let payload = submission(asks, &wrong);
        let errors = json!({"answer": "Type acme-old exactly as it stands above."});
        assert_eq!(immediate(&payload), Some(json!({"response_action": "errors", "errors": errors})));
        assert!(matches!(read(&delivery(kind::INTERACTIVE, &payload), &me()), Reading::Ignored(_)));
    }
    let payload = submission(asks, &json!(" acme-old "));
    assert_eq!(immediate(&payload), None);
    let act = envelope(kind::INTERACTIVE, &payload).act;
    let (dialog, value, input) = ("confirm".to_owned(), "op_1 fp".to_owned(), " acme-old ".to_owned());
    assert_eq!(act, Act::Submitted { dialog, value, input });
}

#[test]
fn other_payloads_are_answered_by_nothing() {
    for payload in [
        json!(null),
        json!({"type": "view_submission"}),
        json!({"type": "block_actions", "view": {"private_metadata": "{\"value\":\"v\",\"expected\":\"x\"}"}}),
        submission(r#"{"value":"op_1 fp"}"#, &json!("x")),
        submission("op_1 fp", &json!("x")),
        submission("{\"expected\":\"x\"}", &json!("y")),
    ] {
        assert_eq!(immediate(&payload), None, "{payload}");
    }
}

#[test]
fn an_edit_has_a_key_of_its_own() {
    let edited = said(&json!({"type": "app_mention", "edited": {"ts": "1700000005.000000"}}));
    assert_eq!(
        natural_key(kind::EVENTS_API, &edited),
        "msg/T1/C1/1700000000.000100/edited/1700000005.000000"
    );
    let joined = said(&json!({"subtype": "channel_join"}));
    assert_eq!(natural_key(kind::EVENTS_API, &joined), "msg/T1/C1/1700000000.000100/channel_join");
}

#[test]
fn what_has_no_natural_name_is_named_by_its_event_or_its_content() {
    assert_eq!(natural_key(kind::EVENTS_API, &event(&json!({"type": "new_thing"}))), "event/Ev1");
    let long = json!({"trigger_id": "x".repeat(5000)});
    let key = natural_key(kind::SLASH_COMMANDS, &long);
    assert!(key.starts_with("slash_commands/") && key.len() < 100, "{key}");
    assert_ne!(key, natural_key(kind::SLASH_COMMANDS, &json!({"trigger_id": "y".repeat(5000)})));
}

proptest! {
    #[test]
    fn no_payload_makes_it_panic(text in ".{0,200}", kind in 0_usize..4) {
        let kind = [kind::EVENTS_API, kind::SLASH_COMMANDS, kind::INTERACTIVE, "other"][kind];
        let mut delivery = delivery(kind, &json!({}));
        delivery.payload = text;
        let _ = read(&delivery, &me());
    }
}
