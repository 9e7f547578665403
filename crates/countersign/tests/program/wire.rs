//! Rubbish on the wire: each gets its answer, and the bot goes on.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use crate::program::Dev;
use crate::workspace::{BACKOFFICE, Thread, YES};

/// The bot answers, and works: a request gets its card, and that of two people is done.
async fn goes_on(dev: &mut Dev) {
    assert!(dev.workspace.help().await.contains("trial remaining to"));
    let ts = dev.workspace.says("ana", BACKOFFICE, "<@U0BOT> set acme trial remaining to 14 days").await;
    dev.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
    dev.workspace.help().await;
    dev.workspace.signs("ana", BACKOFFICE, &ts).await;
    dev.workspace.signs("ben", BACKOFFICE, &ts).await;
    let thread = dev.workspace.thread_that(BACKOFFICE, &ts, Thread::is_done).await;
    assert_eq!(thread.answers.len(), 1);
    assert_eq!(thread.reactions(YES), ["U0ANA", "U0BEN", "U0BOT"]);
    assert!(dev.is_alive());
    let said = dev.complaints();
    assert!(!said.contains("panicked"), "{said}");
}

/// The error that a call with this token and body gets.
async fn error(dev: &Dev, token: &str, body: &'static str) -> Value {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let call = http.post(format!("{}/api/chat.postMessage", dev.workspace.url)).bearer_auth(token);
    let answer = call.header("content-type", "application/json").body(body).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["ok"], false, "{answer}");
    answer["error"].clone()
}

#[tokio::test]
async fn calls_that_make_no_sense() {
    let mut dev = Dev::new().await;
    let good = r#"{"channel": "C0BACKOFFICE", "text": "hello"}"#;
    for token in ["xoxp-nobody", "xoxb-", "xapp-backoffice-no", "%00", "'; drop table record; --"] {
        assert_eq!(error(&dev, token, good).await, "invalid_auth", "{token}");
    }
    assert_eq!(error(&dev, "xoxp-ana", "{nope").await, "invalid_json");
    assert_eq!(error(&dev, "xoxp-ana", "[1]").await, "json_not_object");
    assert_eq!(error(&dev, "xoxp-ana", r#"{"channel": {}, "text": []}"#).await, "invalid_arguments");
    let nowhere = r#"{"channel": "C0NOWHERE", "text": "x"}"#;
    assert_eq!(error(&dev, "xoxp-ana", nowhere).await, "channel_not_found");
    let unknown = dev.workspace.tries("ana", "no.such.method", json!({})).await.unwrap();
    assert_eq!(unknown["error"], "unknown_method");
    goes_on(&mut dev).await;
}

#[tokio::test]
async fn bytes_that_are_no_http() {
    let mut dev = Dev::new().await;
    let rubbish: [&[u8]; 4] = [
        b"\0\xff\xfe\x80 rubbish\r\n\r\n",
        b"POST /api/chat.postMessage HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: nine\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST /api/chat.postMessage HTTP/9.9\r\n\r\n",
    ];
    for bytes in rubbish {
        let mut stream = TcpStream::connect(("127.0.0.1", dev.workspace.port())).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        // A refusal or a closed connection: both will do, as long as it ends.
        let _ = stream.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    goes_on(&mut dev).await;
}

#[tokio::test]
async fn frames_of_an_app_that_make_no_sense() {
    let mut dev = Dev::new().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let open = http.post(format!("{}/api/apps.connections.open", dev.workspace.url));
    let ticket: Value = open.bearer_auth("xapp-backoffice").send().await.unwrap().json().await.unwrap();
    let link = ticket["url"].as_str().unwrap();
    let (mut socket, _) = connect_async(link).await.unwrap();
    let frames = [
        Message::text("nope"),
        Message::text(""),
        Message::text("[[[[[[[["),
        Message::text(r#"{"envelope_id": 7}"#),
        Message::text(r#"{"envelope_id": "unknown", "payload": {"blocks": 7}}"#),
        Message::binary(vec![0, 255, 254, 128]),
        Message::Ping(vec![1; 125].into()),
    ];
    for frame in frames {
        socket.send(frame).await.unwrap();
    }
    socket.close(None).await.unwrap();
    while let Some(Ok(_)) = socket.next().await {}
    assert!(connect_async(link).await.is_err(), "a ticket is for one connection");
    assert!(
        connect_async(link.replace("ticket=", "ticket=x")).await.is_err(),
        "an invented ticket is for none"
    );
    goes_on(&mut dev).await;
}

/// What Slack has never sent, straight to the bot's socket.
#[tokio::test]
async fn frames_of_slack_that_make_no_sense() {
    let mut dev = Dev::new().await;
    for frame in frames() {
        dev.workspace.control("faults", json!({"socket": {"raw": frame}})).await;
    }
    goes_on(&mut dev).await;
}

fn frames() -> Vec<String> {
    let event = |n: usize, payload: Value| {
        json!({"type": "events_api", "envelope_id": format!("rubbish-{n}"), "payload": payload}).to_string()
    };
    let callback = |event: Value| json!({"type": "event_callback", "team_id": "T0HOME", "event_id": "Ev0RUBBISH", "event": event});
    let payloads = [
        Value::Null,
        json!([]),
        json!({}),
        json!({"type": "event_callback"}),
        json!({"type": "url_verification", "challenge": "x"}),
        callback(json!({})),
        callback(json!({"type": 7})),
        callback(json!({"type": "galaxy_collided", "when": "soon"})),
        callback(json!({"type": "app_mention"})),
        callback(json!({"type": "app_mention", "channel": {}, "user": [], "text": 7, "ts": null})),
        callback(
            json!({"type": "app_mention", "channel": "C0BACKOFFICE", "user": "U0ANA", "text": "<@U0BOT> help", "ts": "not a time"}),
        ),
        callback(json!({"type": "message", "subtype": "message_changed"})),
        callback(
            json!({"type": "message", "subtype": "no_such_subtype", "channel": "C0BACKOFFICE", "ts": "1.2"}),
        ),
        callback(json!({"type": "reaction_added"})),
        callback(
            json!({"type": "reaction_added", "user": "U0BEN", "reaction": "white_check_mark", "item": {}, "event_ts": "x"}),
        ),
        callback(json!({"type": "reaction_removed", "user": "U0BEN", "reaction": 7, "item": "message"})),
    ];
    let mut frames: Vec<String> =
        payloads.into_iter().enumerate().map(|(n, payload)| event(n, payload)).collect();
    frames.extend([
        "nope".to_owned(),
        String::new(),
        "{".repeat(50_000),
        "[".repeat(50_000),
        json!({"type": "galaxy", "envelope_id": "rubbish-galaxy"}).to_string(),
        json!({"type": "hello"}).to_string(),
        json!({"type": "hello", "num_connections": "many"}).to_string(),
        json!({"envelope_id": null}).to_string(),
        json!({"type": "slash_commands", "envelope_id": "rubbish-slash", "payload": {"command": 7}}).to_string(),
        json!({"type": "interactive", "envelope_id": "rubbish-press", "payload": {"type": "block_actions", "actions": 7}}).to_string(),
        json!({"type": "interactive", "envelope_id": "rubbish-view", "payload": {"type": "view_submission"}}).to_string(),
    ]);
    frames
}
