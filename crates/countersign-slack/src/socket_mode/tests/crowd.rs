//! More than one connection, and more than the store can hold.

use std::time::Duration;

use serde_json::json;

use super::harness::Bench;
use super::{envelope, greeted, hello};

#[tokio::test(start_paused = true)]
async fn two_connections_hear_when_one_is_lost() {
    let mut bench = Bench::start_many(2);
    let (mut one, mut two) = (bench.accept().await, bench.accept().await);
    one.say(&hello()).await;
    two.say(&hello()).await;
    bench.health(|health| health.connected == 2 && health.wanted == 2).await;
    drop(one);
    bench.health(|health| health.connected == 1).await;
    two.say(&envelope("e1")).await;
    assert_eq!(two.hear().await, json!({"envelope_id": "e1"}));
    let _new = bench.accept_while(&mut two).await;
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_busy_pings_are_answered() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    bench.sink.hold();
    for i in 0..200 {
        slack.say(&envelope(&i.to_string())).await;
    }
    assert!(slack.ping().await.is_empty());
    assert_eq!(bench.sink.in_hand(), 64);
    bench.sink.release();
    for _ in 0..200 {
        slack.hear().await;
    }
    assert_eq!(bench.sink.stored().len(), 200);
}

#[tokio::test(start_paused = true)]
async fn what_the_store_cannot_hold_is_not_read_and_not_lost() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    bench.sink.hold();
    // As many as are taken in; the rest stands in the wire.
    for i in 0..400 {
        slack.say(&envelope(&i.to_string())).await;
    }
    // Not to hear is not to be deaf: the connection outlives a minute of it.
    assert_eq!(slack.heard_within(Duration::from_secs(60)).await, None);
    assert_eq!((bench.dials(), bench.sink.in_hand()), (1, 64));
    bench.sink.release();
    for _ in 0..400 {
        slack.hear().await;
    }
    assert_eq!(bench.sink.stored().len(), 400);
}

#[tokio::test(start_paused = true)]
async fn the_last_sign_of_life_has_a_time() {
    let mut bench = Bench::start();
    assert_eq!(bench.health(|_| true).await.last_frame, None);
    let _slack = greeted(&mut bench).await;
    assert!(bench.health(|_| true).await.last_frame.is_some());
}
