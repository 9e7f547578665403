//! How many requests a command takes from its sentence to its outcome: two signatures, everything included.
//! The moments are a minute apart, as with people.

use std::sync::atomic::Ordering;

use countersign_engine::ports::Ledger as _;

use super::office::{NOW, Process, Room};
use super::*;

/// What goes out, in its order, one line for each moment.
async fn requests(lock: Option<&str>, elsewhere: bool) -> String {
    let (store, requests) = fresh().await;
    // The month is listed once by each process; the command is not the first one.
    store.begin("an earlier one", &this_month(9), at(1)).await.unwrap();
    let other = Arc::new(another(&store, &requests).await);
    let store = Arc::new(store);
    let room = Room::open();
    let here = Process::start(&store, &room, lock);
    let votes = if elsewhere { Process::start(&other, &room, lock) } else { here.clone() };
    room.a_minute_later([&store, &other]).await;
    requests.take();
    let mut lines = Vec::new();
    here.hears("ana", "trial acme").await;
    lines.push(("sentence and card", requests.take()));
    room.a_minute_later([&store, &other]).await;
    requests.take();
    votes.sees_signature("ana").await;
    lines.push(("first signature", requests.take()));
    room.a_minute_later([&store, &other]).await;
    requests.take();
    votes.sees_signature("ben").await;
    lines.push(("second signature, work, outcome", requests.take()));
    assert_eq!(room.applied.load(Ordering::SeqCst), 1);
    let count: usize = lines.iter().map(|(_, names)| names.len()).sum();
    let lines = lines.iter().map(|(moment, names)| format!("{moment}: {}", names.join(", ")));
    format!("{}\n{count} requests", lines.collect::<Vec<_>>().join("\n"))
}

fn this_month(number: u64) -> Record {
    let first = first(number);
    Record::after(Head::start(), first.operation, NOW, first.event)
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn a_command_takes_twelve() {
    insta::assert_snapshot!(requests(None, false).await, @"
        sentence and card: UpdateItem, TransactWriteItems, TransactWriteItems, TransactWriteItems
        first signature: UpdateItem, TransactWriteItems
        second signature, work, outcome: UpdateItem, TransactWriteItems, Query, TransactWriteItems, TransactWriteItems, UpdateItem
        12 requests
        ");
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn a_command_with_a_lock_takes_more() {
    insta::assert_snapshot!(requests(Some("account <account>"), false).await, @"
        sentence and card: UpdateItem, TransactWriteItems, TransactWriteItems, TransactWriteItems
        first signature: UpdateItem, TransactWriteItems
        second signature, work, outcome: UpdateItem, TransactWriteItems, TransactGetItems, TransactWriteItems, Query, TransactWriteItems, TransactWriteItems, UpdateItem
        14 requests
        ");
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn signatures_that_come_in_elsewhere_take_more() {
    insta::assert_snapshot!(requests(None, true).await, @"
        sentence and card: UpdateItem, TransactWriteItems, TransactWriteItems, TransactWriteItems
        first signature: UpdateItem, GetItem, Query, TransactWriteItems
        second signature, work, outcome: UpdateItem, TransactWriteItems, Query, TransactWriteItems, TransactWriteItems, UpdateItem
        14 requests
        ");
}
