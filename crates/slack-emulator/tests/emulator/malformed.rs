use serde_json::{Value, json};
use slack_emulator::{Emulator, Options, StartError};

use crate::support::{ANA, BACKOFFICE, BOT, World};

async fn raw(w: &World, content_type: &str, body: &str) -> String {
    let url = format!("{}chat.postMessage", w.emulator.api_url());
    let request = w.http.post(url).bearer_auth(BOT).header("content-type", content_type);
    let answer: Value = request.body(body.to_owned()).send().await.unwrap().json().await.unwrap();
    answer["error"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused() {
    let w = World::new().await;
    assert_eq!(raw(&w, "application/json", "{nope").await, "invalid_json");
    assert_eq!(raw(&w, "application/json", "[1]").await, "json_not_object");
    assert_eq!(raw(&w, "text/plain", "hello").await, "invalid_post_type");
    assert_eq!(raw(&w, "application/json", "{}").await, "invalid_arguments");
    assert_eq!(raw(&w, "application/json", "{\"channel\": 7, \"text\": \"x\"}").await, "invalid_arguments");
}

#[tokio::test]
async fn a_call_without_a_token_is_refused() {
    let w = World::new().await;
    let url = format!("{}auth.test", w.emulator.api_url());
    let answer: Value = w.http.post(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["error"], "not_authed");
}

#[tokio::test]
async fn every_required_argument_is_asked_for() {
    let w = World::new().await;
    let calls: [(&str, Value, &[&str]); 6] = [
        ("chat.postMessage", json!({"channel": BACKOFFICE, "text": "x"}), &["channel"]),
        ("chat.update", json!({"channel": BACKOFFICE, "ts": "1.000000", "text": "x"}), &["channel", "ts"]),
        (
            "reactions.add",
            json!({"channel": BACKOFFICE, "timestamp": "1.000000", "name": "x"}),
            &["name", "channel", "timestamp"],
        ),
        ("conversations.history", json!({"channel": BACKOFFICE}), &["channel"]),
        ("users.info", json!({"user": "U0ANA"}), &["user"]),
        ("views.open", json!({"view": {}, "trigger_id": "x"}), &["view"]),
    ];
    for (method, arguments, required) in calls {
        for key in required {
            let mut lacking = arguments.clone();
            lacking.as_object_mut().unwrap().remove(*key);
            assert_eq!(w.error(BOT, method, lacking).await, "invalid_arguments", "{method} without {key}");
        }
    }
}

#[tokio::test]
async fn frames_that_make_no_sense_are_ignored() {
    let w = World::new().await;
    let mut app = w.connect().await;
    for text in ["", "nope", "[]", "{}", "{\"envelope_id\": 7}", "{\"envelope_id\": \"unknown\"}"] {
        app.send(text).await;
    }
    w.says(ANA, "still here").await;
    assert_eq!(app.event().await["text"], "still here");
}

#[tokio::test]
async fn the_control_says_what_it_cannot_read() {
    let w = World::new().await;
    let typo = w.control("slash_command", json!({"user": "U0ANA", "chanel": "x"})).await;
    assert_eq!(typo["error"], "invalid_arguments");
    assert!(typo["message"].as_str().unwrap().contains("chanel"), "{typo}");
}

#[tokio::test]
async fn other_hosts_and_other_pages_are_kept_out() {
    let w = World::new().await;
    let url = format!("{}auth.test?token={BOT}", w.emulator.api_url());
    let status = async |name: &'static str, value: &'static str| {
        w.http.get(&url).header(name, value).send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("host", "evil.example").await, 403);
    assert_eq!(status("origin", "https://evil.example").await, 403);
    assert_eq!(status("sec-fetch-site", "cross-site").await, 403);
    assert_eq!(status("user-agent", "an app").await, 200);
}

#[tokio::test]
async fn a_body_beyond_a_megabyte_is_refused() {
    let w = World::new().await;
    let url = format!("{}chat.postMessage", w.emulator.api_url());
    let request = w.http.post(url).bearer_auth(BOT).header("content-type", "application/json");
    let answer = request.body("x".repeat(1024 * 1024 + 1)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 413);
}

#[tokio::test]
async fn only_this_machine_is_served_and_a_port_once() {
    let open = Options { addr: "0.0.0.0:0".parse().unwrap(), ..Options::default() };
    assert!(matches!(Emulator::start(open).await, Err(StartError::NotLoopback(_))));
    let w = World::new().await;
    let again = Options { addr: w.emulator.addr(), ..Options::default() };
    let Err(refused) = Emulator::start(again).await else { panic!("two servers on one port") };
    assert!(matches!(refused, StartError::PortInUse(_)), "{refused}");
}
