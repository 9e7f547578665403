//! Slack by a script, over wires in memory: time is tokio's, which runs on by
//! itself as soon as nobody has anything else to do.

mod alarms;
mod crowd;
mod harness;
mod loopback;

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::dial::LARGEST_FRAME;
use harness::{Bench, Wired};

/// An envelope of a message with this id.
fn envelope(id: &str) -> serde_json::Value {
    json!({"type": "events_api", "envelope_id": id, "accepts_response_payload": false,
        "payload": {"type": "event_callback", "event_id": id, "event": {"type": "channel_shared"}}})
}

fn hello() -> serde_json::Value {
    json!({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
}

fn disconnect(reason: &str) -> serde_json::Value {
    json!({"type": "disconnect", "reason": reason})
}

async fn greeted(bench: &mut Bench) -> Wired {
    let mut slack = bench.accept().await;
    slack.say(&hello()).await;
    bench.health(|health| health.connected > 0).await;
    slack
}

#[tokio::test(start_paused = true)]
async fn a_payload_is_stored_and_then_acknowledged() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    bench.sink.hold();
    slack.say(&envelope("e1")).await;
    bench.sink.entered().await;
    assert_eq!(slack.heard_within(Duration::from_secs(5)).await, None, "nothing is stored yet");
    bench.sink.release();
    assert_eq!(slack.hear().await, json!({"envelope_id": "e1"}));
    let delivery = &bench.sink.stored()[0];
    assert_eq!((delivery.key.as_str(), delivery.kind.as_str()), ("event/e1", "events_api"));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_stored_is_not_acknowledged() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    bench.sink.fail_next();
    slack.say(&envelope("e1")).await;
    slack.say(&envelope("e2")).await;
    assert_eq!(slack.hear().await, json!({"envelope_id": "e2"}));
    assert_eq!(slack.heard_within(Duration::from_secs(5)).await, None);
    let health = bench.health(|_| true).await;
    assert!(health.last_error.unwrap().contains("could not be stored"));
}

#[tokio::test(start_paused = true)]
async fn a_payload_before_the_hello_counts_too() {
    let mut bench = Bench::start();
    let mut slack = bench.accept().await;
    slack.say(&envelope("early")).await;
    assert_eq!(slack.hear().await, json!({"envelope_id": "early"}));
}

#[tokio::test(start_paused = true)]
async fn odd_frames_do_no_harm_and_are_counted() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    for odd in
        ["UNAUTHENTICATED: cache_error", "", "[1, 2]", "{}", "{\"type\": 7}", "{\"type\": \"new_thing\"}"]
    {
        slack.say_text(odd).await;
    }
    slack.say(&json!({"type": "new_envelope", "envelope_id": "x", "payload": {}})).await;
    slack.say(&json!({"type": "events_api", "payload": {}})).await;
    slack.say_binary(&[0, 159, 146]).await;
    slack.say(&json!({"type": "slash_commands", "envelope_id": "no-payload"})).await;
    assert_eq!(slack.hear().await, json!({"envelope_id": "no-payload"}));
    slack
        .say(&json!({"type": "events_api", "envelope_id": "no-event", "payload": {"type": "event_callback"}}))
        .await;
    assert_eq!(slack.hear().await, json!({"envelope_id": "no-event"}));
    slack.say_in_pieces(&envelope("in-pieces").to_string()).await;
    assert_eq!(slack.hear().await, json!({"envelope_id": "in-pieces"}));
    assert_eq!(bench.health(|_| true).await.odd_frames, 9);
    assert_eq!(bench.dials(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_frame_without_end_costs_the_connection_and_no_more() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    let endless = "x".repeat(LARGEST_FRAME + 1);
    // It is gone before all of it is sent.
    let _ = slack.try_say(&endless).await;
    let _new = bench.accept().await;
    assert!(bench.sink.stored().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_answer_goes_with_the_acknowledgement_where_slack_takes_one() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    let submitted = |id: &str, takes: bool| {
        json!({"type": "interactive", "envelope_id": id, "accepts_response_payload": takes, "payload": {
            "type": "view_submission", "trigger_id": id, "view": {
                "private_metadata": "{\"value\":\"op_1 fp\",\"expected\":\"acme-old\"}",
                "state": {"values": {"answer": {"answer": {"type": "plain_text_input", "value": "acme"}}}},
        }}})
    };
    slack.say(&submitted("e1", true)).await;
    assert_eq!(
        slack.hear().await,
        json!({"envelope_id": "e1", "payload": {"response_action": "errors",
            "errors": {"answer": "Type acme-old exactly as it stands above."}}})
    );
    slack.say(&submitted("e2", false)).await;
    assert_eq!(slack.hear().await, json!({"envelope_id": "e2"}));
    assert_eq!(bench.sink.stored().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_replacement_is_open_before_the_old_one_closes() {
    let mut bench = Bench::start();
    let mut old = greeted(&mut bench).await;
    old.say(&disconnect("refresh_requested")).await;
    let mut new = bench.accept().await;
    // While the new one waits for its hello, the old one works.
    old.say(&envelope("on-old")).await;
    assert_eq!(old.hear().await, json!({"envelope_id": "on-old"}));
    new.say(&hello()).await;
    bench.health(|health| health.connected == 2).await;
    // And afterwards both do, each acknowledging its own.
    old.say(&envelope("late-on-old")).await;
    new.say(&envelope("on-new")).await;
    assert_eq!(old.hear().await, json!({"envelope_id": "late-on-old"}));
    assert_eq!(new.hear().await, json!({"envelope_id": "on-new"}));
    // The old one is given up after 30 s.
    let since = Instant::now();
    tokio::select! {
        () = old.closed() => {}
        () = new.listen_for_ever() => {}
    }
    assert!((Duration::from_secs(29)..Duration::from_secs(33)).contains(&since.elapsed()));
    bench.health(|health| health.connected == 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_replaced_before_its_announced_end() {
    let mut bench = Bench::start();
    let mut slack = bench.accept().await;
    slack.say(&json!({"type": "hello", "debug_info": {"approximate_connection_time": 360}})).await;
    let since = Instant::now();
    let _new = bench.accept_while(&mut slack).await;
    assert!((Duration::from_secs(288)..Duration::from_secs(290)).contains(&since.elapsed()));
}

#[tokio::test(start_paused = true)]
async fn silence_is_death() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    slack.hang();
    let since = Instant::now();
    let _new = bench.accept().await;
    assert!((Duration::from_secs(30)..Duration::from_secs(32)).contains(&since.elapsed()));
    assert_eq!(bench.health(|_| true).await.connected, 0);
}

#[tokio::test(start_paused = true)]
async fn pongs_are_a_sign_of_life() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    assert_eq!(slack.heard_within(Duration::from_secs(3600)).await, None);
    assert_eq!(bench.dials(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_hello_there_is_no_connection() {
    let mut bench = Bench::start();
    let mut mute = bench.accept().await;
    let since = Instant::now();
    let _next = bench.accept_while(&mut mute).await;
    assert!((Duration::from_secs(10)..Duration::from_secs(14)).contains(&since.elapsed()));
    assert_eq!(bench.health(|_| true).await.last_error.as_deref(), Some("Slack said no hello"));
}

#[tokio::test(start_paused = true)]
async fn a_failed_dial_is_tried_again() {
    let mut bench = Bench::start_with([harness::refused("internal_error"), harness::refused("ratelimited")]);
    let _slack = greeted(&mut bench).await;
    assert_eq!(bench.dials(), 3);
    assert_eq!(bench.health(|_| true).await.last_error, None);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_slack_will_never_take_ends_it() {
    let bench = Bench::start_with([harness::refused("invalid_auth")]);
    let error = bench.ended().await.unwrap_err();
    insta::assert_snapshot!(error, @"socket mode stopped: Slack does not know the app token; it begins with xapp- and is made on the app's Basic Information page");
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_for_what_is_in_hand() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    bench.sink.hold();
    slack.say(&envelope("last")).await;
    bench.sink.entered().await;
    bench.shut_down();
    assert_eq!(slack.heard_within(Duration::from_secs(1)).await, None);
    bench.sink.release();
    assert_eq!(slack.hear().await, json!({"envelope_id": "last"}));
    slack.closed().await;
    bench.ended().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_does_not_break_off_what_is_being_stored() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    bench.sink.hold();
    slack.say(&envelope("slow")).await;
    bench.sink.entered().await;
    bench.shut_down();
    slack.closed().await;
    let sink = bench.sink.clone();
    bench.ended().await.unwrap();
    assert!(sink.stored().is_empty());
    sink.release();
    sink.stores(1).await;
}

#[tokio::test(start_paused = true)]
async fn a_broken_connection_stores_what_it_had_heard() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    bench.sink.hold();
    slack.say(&envelope("e1")).await;
    bench.sink.entered().await;
    drop(slack);
    let _new = bench.accept().await;
    bench.sink.release();
    bench.sink.stores(1).await;
}
