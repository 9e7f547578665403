//! Slack's own rate limits.

use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{ANA, BACKOFFICE, BOT, World};

async fn limited() -> World {
    let w = World::new().await;
    let answer = w.control("limits", json!({"on": true})).await;
    assert_eq!(answer, json!({"ok": true, "on": true}));
    w
}

async fn call(w: &World, token: &str, method: &str, arguments: &[(&str, &str)]) -> Response {
    let request = w.http.post(format!("{}{method}", w.emulator.api_url())).bearer_auth(token);
    request.form(arguments).send().await.unwrap()
}

#[tokio::test]
async fn too_many_calls_are_told_when_to_come_again() {
    let w = limited().await;
    for _ in 0..20 {
        assert_eq!(call(&w, BOT, "usergroups.list", &[]).await.status(), 200);
    }
    let refused = call(&w, BOT, "usergroups.list", &[]).await;
    assert_eq!(refused.status(), 429);
    let seconds = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(refused.json::<Value>().await.unwrap()["error"], "ratelimited");
    assert_eq!(call(&w, ANA, "usergroups.list", &[]).await.status(), 200, "another token is counted apart");
    assert_eq!(call(&w, BOT, "users.list", &[]).await.status(), 200, "another method is counted apart");
    w.clock.advance(seconds);
    assert_eq!(call(&w, BOT, "usergroups.list", &[]).await.status(), 200);
}

#[tokio::test]
async fn a_channel_takes_about_one_message_a_second() {
    let w = limited().await;
    let post = async |channel: &str| {
        let body = [("channel", channel), ("text", "hello")];
        call(&w, BOT, "chat.postMessage", &body).await.status().as_u16()
    };
    for _ in 0..4 {
        assert_eq!(post(BACKOFFICE).await, 200);
    }
    assert_eq!(post(BACKOFFICE).await, 429);
    assert_eq!(post("C0GENERAL").await, 200);
    w.clock.advance(1);
    assert_eq!(post(BACKOFFICE).await, 200);
    let history = w.ok(BOT, "conversations.history", json!({"channel": BACKOFFICE})).await;
    assert_eq!(history["messages"].as_array().unwrap().len(), 5, "a refused call does nothing");
}

#[tokio::test]
async fn without_limits_nobody_counts() {
    let w = World::new().await;
    assert_eq!(w.control("limits", json!({})).await["on"], false);
    for _ in 0..30 {
        w.says(BOT, "hello").await;
    }
}
