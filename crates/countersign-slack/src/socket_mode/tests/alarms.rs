//! What Slack says against our connections, and what the operator hears of it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::Alarm;
use super::harness::{self, Bench, Wired};
use super::{disconnect, greeted, hello};

const MINUTE: Duration = Duration::from_secs(60);

fn hello_counting(connections: u64) -> Value {
    json!({"type": "hello", "num_connections": connections})
}

/// Two connections, both greeted.
async fn pair(bench: &mut Bench) -> (Wired, Wired) {
    let (mut one, mut two) = (bench.accept().await, bench.accept().await);
    one.say(&hello_counting(2)).await;
    two.say(&hello_counting(2)).await;
    bench.health(|health| health.connected == 2).await;
    (one, two)
}

#[tokio::test(start_paused = true)]
async fn while_it_is_switched_off_nobody_knocks_more_than_once_a_minute() {
    let mut bench = Bench::start_many(2);
    let (mut one, mut two) = pair(&mut bench).await;
    one.say(&disconnect("link_disabled")).await;
    let health = bench.health(|health| !health.alarms.is_empty()).await;
    assert_eq!(health.alarms, [Alarm::LinkDisabled]);
    // The other one needs a replacement too, and waits as long.
    two.say(&disconnect("refresh_requested")).await;
    assert!(bench.is_quiet_for(MINUTE - Duration::from_secs(1), &mut [&mut one, &mut two]).await);
    let mut new = bench.accept_while(&mut one).await;
    new.say(&hello()).await;
    bench.health(|health| health.alarms.is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn too_many_connections_are_one_fewer_for_an_hour() {
    let mut bench = Bench::start_many(2);
    let (mut one, mut two) = pair(&mut bench).await;
    one.say(&disconnect("too_many_websockets")).await;
    let health = bench.health(|health| health.wanted == 1).await;
    assert_eq!(health.alarms, [Alarm::TooManyConnections]);
    drop(one);
    assert!(bench.is_quiet_for(59 * MINUTE, &mut [&mut two]).await);
    let _new = bench.accept_while(&mut two).await;
    let health = bench.health(|health| health.wanted == 2).await;
    assert_eq!(health.alarms, []);
}

#[tokio::test(start_paused = true)]
async fn the_last_connection_is_not_spared_but_waits() {
    let mut bench = Bench::start();
    let mut slack = greeted(&mut bench).await;
    slack.say(&disconnect("too_many_websockets")).await;
    assert!(bench.is_quiet_for(MINUTE - Duration::from_secs(1), &mut [&mut slack]).await);
    let _new = bench.accept_while(&mut slack).await;
    assert_eq!(bench.health(|_| true).await.wanted, 1);
}

#[tokio::test(start_paused = true)]
async fn another_instance_on_the_token_is_noticed_and_counted_again() {
    let mut bench = Bench::start();
    let mut slack = bench.accept().await;
    slack.say(&hello_counting(2)).await;
    let health = bench.health(|health| !health.alarms.is_empty()).await;
    assert_eq!(health.alarms, [Alarm::OtherInstance { all: 2, ours: 1 }]);
    let since = Instant::now();
    let mut new = bench.accept_while(&mut slack).await;
    assert_eq!(since.elapsed().as_secs(), 600);
    // The old one and the new one are both ours.
    new.say(&hello_counting(2)).await;
    bench.health(|health| health.alarms.is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn a_replica_is_not_another_instance() {
    let mut bench = Bench::start_beside_replicas();
    let mut slack = bench.accept().await;
    slack.say(&hello_counting(6)).await;
    let health = bench.health(|health| health.connected == 1).await;
    assert_eq!(health.alarms, []);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_just_ended_is_not_another_instance() {
    let mut bench = Bench::start();
    drop(greeted(&mut bench).await);
    let mut new = bench.accept().await;
    new.say(&hello_counting(2)).await;
    let health = bench.health(|health| health.connected == 1).await;
    assert_eq!(health.alarms, []);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_being_opened_is_not_another_instance() {
    let mut bench = Bench::start_many(2);
    let (mut one, _not_greeted) = bench.first_of_two().await;
    one.say(&hello_counting(2)).await;
    let health = bench.health(|health| health.connected == 1).await;
    assert_eq!(health.alarms, []);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_slack_asks_for_holds_for_all() {
    let mut bench = Bench::start_with([harness::refused("ratelimited")]);
    let since = Instant::now();
    let _slack = bench.accept().await;
    assert!((Duration::from_secs(9)..Duration::from_secs(10)).contains(&since.elapsed()));
}

#[tokio::test(start_paused = true)]
async fn the_end_is_an_alarm_too() {
    let mut bench = Bench::start_with([harness::refused("token_revoked")]);
    let health = bench.health(|health| !health.alarms.is_empty()).await;
    let advice = "the app token was revoked or has expired; make a new one";
    assert_eq!(health.alarms, [Alarm::Stopped { advice }]);
    assert!(bench.ended().await.is_err());
}
