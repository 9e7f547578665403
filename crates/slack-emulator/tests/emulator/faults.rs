use serde_json::json;

use crate::support::{ANA, BACKOFFICE, BOT, Socket, World};

#[tokio::test]
async fn a_rate_limit_says_when_to_come_again() {
    let w = World::new().await;
    let fault = json!({"api": [{"method": "chat.postMessage", "retry_after": 7, "times": 1}]});
    w.control("faults", fault).await;
    let url = format!("{}chat.postMessage", w.emulator.api_url());
    let body = json!({"channel": BACKOFFICE, "text": "x"});
    let answer = w.http.post(&url).bearer_auth(BOT).json(&body).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (429, "7"));
    w.ok(BOT, "chat.postMessage", body).await;
}

#[tokio::test]
async fn errors_and_statuses_last_until_cleared() {
    let w = World::new().await;
    w.control("faults", json!({"api": [{"method": "*", "error": "internal_error"}]})).await;
    for _ in 0..3 {
        assert_eq!(w.error(BOT, "auth.test", json!({})).await, "internal_error");
    }
    w.control("faults", json!({"clear": true, "api": [{"method": "auth.test", "status": 503}]})).await;
    let url = format!("{}auth.test", w.emulator.api_url());
    assert_eq!(w.http.post(url).bearer_auth(BOT).send().await.unwrap().status().as_u16(), 503);
    w.control("faults", json!({"clear": true})).await;
    w.ok(BOT, "auth.test", json!({})).await;
}

#[tokio::test]
async fn the_work_is_done_and_the_answer_lost() {
    let w = World::new().await;
    let fault =
        json!({"api": [{"method": "chat.postMessage", "status": 504, "after_work": true, "times": 1}]});
    w.control("faults", fault).await;
    let url = format!("{}chat.postMessage", w.emulator.api_url());
    let body = json!({"channel": BACKOFFICE, "text": "posted all the same"});
    assert_eq!(w.http.post(url).bearer_auth(BOT).json(&body).send().await.unwrap().status().as_u16(), 504);
    let history = w.ok(BOT, "conversations.history", json!({"channel": BACKOFFICE})).await;
    assert_eq!(history["messages"][0]["text"], "posted all the same");
}

#[tokio::test]
async fn an_answer_takes_as_long_as_the_fault_says() {
    let w = World::new().await;
    w.control("faults", json!({"api": [{"method": "auth.test", "delay_ms": 2000, "times": 1}]})).await;
    let slow = w.ok(BOT, "auth.test", json!({}));
    tokio::pin!(slow);
    let early = tokio::select! {
        biased;
        _ = &mut slow => true,
        _ = w.ok(BOT, "api.test", json!({})) => false,
    };
    assert!(!early);
    w.clock.advance(2);
    slow.await;
}

#[tokio::test]
async fn an_event_is_sent_twice_or_a_frame_is_rubbish() {
    let w = World::new().await;
    let mut app = w.connect().await;
    w.control("faults", json!({"socket": {"deliver_twice": 1}})).await;
    w.says(ANA, "twice").await;
    let (one, two) = (app.frame().await, app.frame().await);
    assert_eq!(one, two);
    app.acknowledge(&one).await;
    w.control("faults", json!({"socket": {"raw": "\"UNAUTHENTICATED: cache_error\""}})).await;
    assert_eq!(app.frame().await, json!("UNAUTHENTICATED: cache_error"));
}

#[tokio::test]
async fn a_zombie_carries_nothing_and_a_new_connection_everything() {
    let w = World::new().await;
    let mut zombie = w.connect().await;
    w.control("faults", json!({"socket": {"zombie": true}})).await;
    w.says(ANA, "into the void").await;
    let mut healthy = w.connect().await;
    w.clock.advance(3);
    let again = healthy.frame().await;
    assert_eq!(again["retry_attempt"], 1);
    healthy.acknowledge(&again).await;
    w.emulator.settled().await;
    w.control("faults", json!({"clear": true})).await;
    assert!(zombie.next().await.is_none(), "a zombie ends without a word");
}

#[tokio::test]
async fn sockets_are_told_to_go_or_cut() {
    let w = World::new().await;
    let mut told = w.connect().await;
    w.control("faults", json!({"socket": {"disconnect": "refresh_requested"}})).await;
    assert_eq!(told.frame().await["reason"], "refresh_requested");
    let mut next = w.connect().await;
    w.clock.advance(10);
    told.closed().await;
    w.control("faults", json!({"socket": {"disconnect": "link_disabled"}})).await;
    assert_eq!(next.frame().await["reason"], "link_disabled");
    next.closed().await;
    let mut cut = w.connect().await;
    w.control("faults", json!({"socket": {"cut": true}})).await;
    assert!(cut.next().await.is_none());
}

#[tokio::test]
async fn a_hello_is_withheld() {
    let w = World::new().await;
    w.control("faults", json!({"socket": {"no_hello": 1}})).await;
    let _silent = Socket::open(&w.link().await).await;
    let mut greeted = w.connect().await;
    w.says(ANA, "hello").await;
    assert_eq!(greeted.event().await["text"], "hello");
}
