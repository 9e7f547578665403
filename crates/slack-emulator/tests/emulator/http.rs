//! The app over HTTP: signed events, forms, retries, and the migration from and to Socket Mode.

use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::support::{ANA, BACKOFFICE, BOT, Socket, World};

const NO_HEADER: (&str, &str) = ("x-test", "1");

/// An emulator that delivers to a receiver.
async fn over_http() -> (World, Receiver) {
    let w = World::new().await;
    let app = Receiver::start().await;
    let switched = w.control("transport", json!({"mode": "http", "url": app.url})).await;
    assert_eq!(switched, json!({"ok": true, "requests_under_way": 0, "mode": "http", "url": app.url}));
    (w, app)
}

/// Waits until the emulator has read what the app answered, before the clock moves.
async fn answers_are_read(w: &World) {
    let url = format!("{}/emulator/transport", w.emulator.url());
    let waiting = async || w.http.get(&url).send().await.unwrap().json::<Value>().await.unwrap();
    while waiting().await["requests_under_way"] != 0 {}
}

#[tokio::test]
async fn an_event_is_signed_and_taken_with_any_status_of_success() {
    let (w, mut app) = over_http().await;
    w.says(BOT, "hello").await;
    let heard = app.request().await;
    assert!(heard.is_signed());
    assert_eq!(heard.header("x-slack-request-timestamp"), "1795176000");
    assert_eq!(heard.header("content-type"), "application/json");
    assert_eq!(heard.header("x-slack-retry-num"), "");
    let payload = heard.json();
    assert_eq!((&payload["type"], &payload["event"]["text"]), (&json!("event_callback"), &json!("hello")));
    heard.refuse(204, NO_HEADER);
    w.emulator.settled().await;
    assert_eq!(w.control("state", json!({})).await["undelivered_events"], 0);
}

#[tokio::test]
async fn a_failed_event_comes_again_at_once_after_a_minute_and_after_five() {
    let (w, mut app) = over_http().await;
    w.says(BOT, "hello").await;
    let first = app.request().await;
    let id = first.json()["event_id"].clone();
    first.refuse(500, NO_HEADER);
    let mut number = 0;
    for wait in [0, 60, 300] {
        if wait > 0 {
            answers_are_read(&w).await;
        }
        w.clock.advance(wait);
        number += 1;
        let again = app.request().await;
        assert_eq!(again.json()["event_id"], id);
        assert!(again.is_signed());
        assert_eq!(again.header("x-slack-retry-num"), number.to_string());
        assert_eq!(again.header("x-slack-retry-reason"), "http_error");
        again.refuse(503, NO_HEADER);
    }
    w.emulator.settled().await;
}

#[tokio::test]
async fn an_answer_that_is_late_is_none() {
    let (w, mut app) = over_http().await;
    w.says(BOT, "hello").await;
    let slow = app.request().await;
    w.clock.advance(3);
    let again = app.request().await;
    assert_eq!(again.header("x-slack-retry-reason"), "http_timeout");
    again.answer("");
    slow.answer("");
    w.emulator.settled().await;
}

#[tokio::test]
async fn an_app_may_refuse_retries() {
    let (w, mut app) = over_http().await;
    w.says(BOT, "hello").await;
    app.request().await.refuse(500, ("x-slack-no-retry", "1"));
    w.emulator.settled().await;
    w.says(BOT, "next").await;
    assert_eq!(app.event().await["text"], "next");
}

#[tokio::test]
async fn redirects_are_followed_twice_and_only_here() {
    let (w, mut app) = over_http().await;
    w.says(BOT, "hello").await;
    for _ in 0..2 {
        app.request().await.refuse(307, ("location", "/slack/events"));
    }
    assert_eq!(app.event().await["text"], "hello");
    w.emulator.settled().await;
    w.says(BOT, "round and round").await;
    for _ in 0..3 {
        app.request().await.refuse(307, ("location", "/slack/events"));
    }
    let again = app.request().await;
    assert_eq!(again.header("x-slack-retry-reason"), "too_many_redirects");
    again.refuse(302, ("location", "http://slack.example.com/"));
    // The next attempt is due in a minute; a foreign address is not asked at all.
    answers_are_read(&w).await;
    w.clock.advance(60);
    let again = app.request().await;
    assert_eq!(again.header("x-slack-retry-reason"), "unknown_error");
    again.answer("");
    w.emulator.settled().await;
}

#[tokio::test]
async fn a_url_must_echo_the_challenge_and_be_on_this_machine() {
    let w = World::new().await;
    let app = Receiver::start().await;
    let nobody = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    for url in [app.at("/deaf"), app.at("/locked"), app.at("/nothing"), nobody] {
        let refused = w.control("transport", json!({"mode": "http", "url": url})).await;
        assert_eq!(refused["error"], "url_not_verified", "{url}");
    }
    for url in ["http://slack.example.com/", "https://127.0.0.1/", "ftp://127.0.0.1/"] {
        let refused = w.control("transport", json!({"mode": "http", "url": url})).await;
        assert_eq!(refused["error"], "invalid_arguments", "{url}");
    }
    let mut socket = w.connect().await;
    w.says(BOT, "still here").await;
    assert_eq!(socket.event().await["text"], "still here");
}

#[tokio::test]
async fn a_slash_command_is_a_form_and_its_answer_a_message() {
    let (w, mut app) = over_http().await;
    let slash =
        json!({"user": "U0ANA", "channel": BACKOFFICE, "command": "/infra", "text": "stop dev & rest"});
    for (answer, shown) in
        [(json!({"text": "as JSON"}).to_string(), "as JSON"), ("as plain text".to_owned(), "as plain text")]
    {
        let (done, ()) = tokio::join!(w.control("slash_command", slash.clone()), async {
            let heard = app.request().await;
            assert!(heard.is_signed());
            assert_eq!(heard.header("content-type"), "application/x-www-form-urlencoded");
            assert_eq!(
                (heard.field("command"), heard.field("text")),
                ("/infra".into(), "stop dev & rest".into())
            );
            assert_eq!(heard.field("is_enterprise_install"), "false");
            heard.answer(&answer);
        });
        assert_eq!(done["ok"], true);
        let state = w.control("state", json!({})).await;
        assert_eq!(state["ephemeral"].as_array().unwrap().last().unwrap()["text"], shown);
    }
}

#[tokio::test]
async fn a_slash_command_is_never_repeated() {
    let (w, mut app) = over_http().await;
    let slash = json!({"user": "U0ANA", "channel": BACKOFFICE, "command": "/infra", "text": ""});
    let (failed, ()) = tokio::join!(w.control("slash_command", slash.clone()), async {
        app.request().await.refuse(500, NO_HEADER);
    });
    assert_eq!(failed["error"], "dispatch_failed");
    let (late, _kept) = tokio::join!(w.control("slash_command", slash), async {
        let heard = app.request().await;
        w.clock.advance(3);
        heard
    });
    assert_eq!(late["error"], "operation_timeout");
    let state = w.control("state", json!({})).await;
    let told: Vec<_> = state["ephemeral"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
    assert_eq!(
        told,
        [
            "/infra failed with the error \"dispatch_failed\"",
            "/infra failed with the error \"operation_timeout\""
        ]
    );
    w.says(BOT, "next").await;
    assert_eq!(app.event().await["text"], "next");
}

#[tokio::test]
async fn an_interaction_is_a_form_with_a_payload() {
    let (w, mut app) = over_http().await;
    let blocks = json!([{"type": "actions", "elements": [
        {"type": "button", "action_id": "go", "value": "1", "text": {"type": "plain_text", "text": "Go"}},
    ]}]);
    let card =
        w.ok(BOT, "chat.postMessage", json!({"channel": BACKOFFICE, "text": "card", "blocks": blocks})).await;
    app.event().await;
    let press = json!({"user": "U0ANA", "channel": BACKOFFICE, "ts": card["ts"], "action_id": "go"});
    let (_, trigger) = tokio::join!(w.control("press_button", press), async {
        let heard = app.request().await;
        assert!(heard.is_signed());
        let payload: Value = serde_json::from_str(&heard.field("payload")).unwrap();
        assert_eq!(payload["type"], "block_actions");
        heard.answer("");
        payload["trigger_id"].clone()
    });
    let view = json!({
        "type": "modal", "title": {"type": "plain_text", "text": "T"},
        "submit": {"type": "plain_text", "text": "Run"}, "blocks": [],
    });
    let view = w.ok(BOT, "views.open", json!({"trigger_id": trigger, "view": view})).await;
    let submit = json!({"user": "U0ANA", "view_id": view["view"]["id"]});
    let (submitted, ()) = tokio::join!(w.control("submit_view", submit), async {
        let heard = app.request().await;
        let errors = json!({"response_action": "errors", "errors": {"name": "Another one."}});
        heard.answer(&errors.to_string());
    });
    assert_eq!(submitted["errors"], json!({"name": "Another one."}));
}

#[tokio::test]
async fn commands_and_interactions_may_have_their_own_urls() {
    let w = World::new().await;
    let (mut events, mut commands) = (Receiver::start().await, Receiver::start().await);
    let urls = json!({"mode": "http", "url": events.url, "command_url": commands.url});
    assert_eq!(w.control("transport", urls).await["command_url"], commands.url);
    let slash = json!({"user": "U0ANA", "channel": BACKOFFICE, "command": "/infra", "text": ""});
    tokio::join!(w.control("slash_command", slash), async { commands.request().await.answer("") });
    w.says(BOT, "hello").await;
    assert_eq!(events.event().await["text"], "hello");
}

#[tokio::test]
async fn what_waits_moves_along_when_the_transport_changes() {
    let w = World::new().await;
    let mut socket = w.connect().await;
    w.says(BOT, "not acknowledged").await;
    assert_eq!(socket.frame().await["type"], "events_api");
    let mut app = Receiver::start().await;
    w.control("transport", json!({"mode": "http", "url": app.url})).await;
    assert_eq!(socket.frame().await["reason"], "link_disabled");
    let heard = app.request().await;
    assert_eq!(heard.json()["event"]["text"], "not acknowledged");
    let refused = Socket::open(&w.link().await).await.frame().await;
    assert_eq!(refused["reason"], "link_disabled");
    w.control("transport", json!({"mode": "socket"})).await;
    let mut socket = w.connect().await;
    assert_eq!(socket.event().await["text"], "not acknowledged");
    w.emulator.settled().await;
}

#[tokio::test]
async fn faults_spoil_the_next_requests() {
    let (w, mut app) = over_http().await;
    for (fault, signed, at) in [
        ("bad_signature", false, "1795176000"),
        ("no_signature", false, ""),
        ("stale_timestamp", true, "1795175400"),
        ("future_timestamp", true, "1795176600"),
    ] {
        w.control("faults", json!({"http": {fault: 1}})).await;
        w.says(BOT, fault).await;
        let spoiled = app.request().await;
        assert_eq!(
            (spoiled.is_signed(), spoiled.header("x-slack-request-timestamp")),
            (signed, at),
            "{fault}"
        );
        spoiled.refuse(401, NO_HEADER);
        let again = app.request().await;
        assert!(again.is_signed());
        assert_eq!(again.header("x-slack-retry-num"), "1");
        again.answer("");
    }
    w.control("faults", json!({"http": {"deliver_twice": 1}})).await;
    w.says(BOT, "twice").await;
    let (one, other) = (app.request().await, app.request().await);
    assert_eq!(one.json(), other.json());
    one.answer("");
    other.answer("");
    w.emulator.settled().await;
    w.control("faults", json!({"http": {"lose_answer": 1}})).await;
    w.says(BOT, "lost").await;
    app.request().await.answer("");
    let again = app.request().await;
    assert_eq!(again.header("x-slack-retry-reason"), "http_timeout");
    again.answer("");
    w.emulator.settled().await;
}

#[tokio::test]
async fn anything_can_be_sent_raw() {
    let (w, mut app) = over_http().await;
    let raw = json!({"http": {"raw": {
        "body": "ssl_check=1", "content_type": "application/x-www-form-urlencoded", "headers": {"x-slack-retry-num": "9"},
    }}});
    let (answer, ()) = tokio::join!(w.control("faults", raw), async {
        let heard = app.request().await;
        assert!(heard.is_signed());
        assert_eq!((heard.field("ssl_check"), heard.header("x-slack-retry-num")), ("1".into(), "9"));
        heard.answer("fine");
    });
    assert_eq!(answer["raw"], json!({"status": 200, "body": "fine"}));
    let raw = json!({"http": {"raw": {"body": "{", "signed": false}}});
    let (answer, ()) = tokio::join!(w.control("faults", raw), async {
        let heard = app.request().await;
        assert_eq!((heard.body.as_str(), heard.header("x-slack-signature")), ("{", ""));
        heard.refuse(401, NO_HEADER);
    });
    assert_eq!(answer["raw"], json!({"status": 401, "reason": "http_error"}));
}

#[tokio::test]
async fn a_burst_is_many_events_with_ids_of_their_own() {
    let (w, mut app) = over_http().await;
    let burst = json!({"channel": BACKOFFICE, "user": "U0ANA", "count": 50});
    let posted = w.control("burst", burst).await;
    assert_eq!(posted["ts"].as_array().unwrap().len(), 50);
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..100 {
        let heard = app.request().await;
        ids.insert(heard.json()["event_id"].to_string());
        heard.answer("");
    }
    assert_eq!(ids.len(), 100);
    w.emulator.settled().await;
    let refused = w.control("burst", json!({"channel": BACKOFFICE, "user": "U0ANA", "count": 20_001})).await;
    assert_eq!(refused["error"], "invalid_arguments");
    assert_eq!(
        w.error(ANA, "chat.postMessage", json!({"channel": "C0DEVELOPERS", "text": "x"})).await,
        "channel_not_found"
    );
}

#[tokio::test]
async fn the_transport_outlives_a_restart_and_a_reset_forgets_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = Receiver::start().await;
    let w = World::in_folder(folder.path()).await;
    w.control("transport", json!({"mode": "http", "url": app.url})).await;
    w.says(BOT, "before").await;
    let unanswered = app.request().await;
    w.emulator.shutdown().await;
    drop(unanswered);
    let w = World::in_folder(folder.path()).await;
    assert_eq!(app.event().await["text"], "before");
    w.emulator.settled().await;
    w.control("reset", json!({})).await;
    let mut socket = w.connect().await;
    w.says(BOT, "after").await;
    assert_eq!(socket.event().await["text"], "after");
}
