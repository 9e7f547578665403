//! More than anybody says: what was answered with 200 is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinSet;

use super::office::Office;
use super::signed::{Slack, said};
use crate::workspace::BACKOFFICE;

const EVENTS: usize = 10_000;
const CONNECTIONS: usize = 64;

fn ts(number: usize) -> String {
    format!("1800000000.{number:06}")
}

/// Sends events until there are no more, or until nobody answers; which were taken, and how many were turned away.
async fn flood(slack: Slack, next: Arc<AtomicUsize>) -> (Vec<usize>, usize) {
    let (mut taken, mut turned_away) = (Vec::new(), 0);
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= EVENTS {
            return (taken, turned_away);
        }
        let event = said("message", ("U0ANA", BACKOFFICE, &ts(number)), "small talk");
        match slack.tries(&event).await {
            Some(200) => taken.push(number),
            Some(503) => turned_away += 1,
            Some(other) => panic!("{other}"),
            None => return (taken, turned_away),
        }
    }
}

fn floods(slack: &Slack, next: &Arc<AtomicUsize>) -> JoinSet<(Vec<usize>, usize)> {
    (0..CONNECTIONS).map(|_| flood(slack.clone(), Arc::clone(next))).collect()
}

#[tokio::test]
async fn ten_thousand_events_are_all_there() {
    let office = Office::new().await;
    let program = office.serves(&["--http", "127.0.0.1:0"]).await.with_addresses().await;
    let slack = Slack::to(program.http.as_deref().unwrap());
    let ended = floods(&slack, &Arc::new(AtomicUsize::new(0))).join_all().await;
    let taken: usize = ended.iter().map(|(taken, _)| taken.len()).sum();
    let turned_away: usize = ended.iter().map(|(_, turned_away)| turned_away).sum();
    assert_eq!(taken + turned_away, EVENTS);
    assert!(program.stops().await.1.success());
    // What was turned away may be stored all the same; what was taken must be.
    let rows = office.rows("msg/%").await;
    assert!((taken as i64..=EVENTS as i64).contains(&rows), "{rows} of {taken}");
}

#[tokio::test]
async fn killed_in_a_burst_it_has_all_that_it_took() {
    let office = Office::new().await;
    let program = office.serves(&["--http", "127.0.0.1:0"]).await.with_addresses().await;
    let slack = Slack::to(program.http.as_deref().unwrap());
    let next = Arc::new(AtomicUsize::new(0));
    let floods = floods(&slack, &next);
    while next.load(Ordering::Relaxed) < EVENTS / 4 {
        tokio::task::yield_now().await;
    }
    program.kill().await;
    let taken: Vec<usize> = floods.join_all().await.into_iter().flat_map(|(taken, _)| taken).collect();
    assert!(taken.len() > EVENTS / 10 && taken.len() < EVENTS, "{}", taken.len());
    let program = office.serves(&["--http", "127.0.0.1:0"]).await;
    assert!(program.stops().await.1.success());
    for number in taken {
        let key = format!("msg/T0DEMO/{BACKOFFICE}/{}", ts(number));
        assert_eq!(office.rows(&key).await, 1, "{key} was taken and is gone");
    }
}
