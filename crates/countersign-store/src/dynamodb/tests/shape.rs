//! How many requests things take, and what does not fit.

use countersign_engine::ports::{Appended, Begun, Inbox as _, Ledger as _, Place, Stored};

use super::*;
use crate::dynamodb::table::LARGEST;

#[test]
fn no_source_asks_for_a_scan() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dynamodb");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            assert!(!std::fs::read_to_string(&path).unwrap().contains(".scan("), "{}", path.display());
        }
    }
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn every_write_is_one_request() {
    let (store, requests) = fresh().await;
    store.begin("an earlier one", &first(9), at(1)).await.unwrap();
    requests.take();

    store.store(&delivery("a")).await.unwrap();
    assert_eq!(requests.take(), ["UpdateItem"]);
    let one = Record { at: at(9), ..first(1) };
    let one = Record::after(Head::start(), one.operation, one.at, one.event);
    assert_eq!(store.begin("a", &one, at(1)).await.unwrap(), Begun::New);
    assert_eq!(requests.take(), ["TransactWriteItems"]);
    store.done("a").await.unwrap();
    assert_eq!(requests.take(), [""; 0], "what began an operation was marked as done with it");

    let two = card(&one, "card");
    store.append(std::slice::from_ref(&two), NEXT).await.unwrap();
    assert_eq!(requests.take(), ["TransactWriteItems"]);
    assert!(store.by_message(&ChannelId::new("C1"), &MessageId::new("card")).await.unwrap().is_some());
    assert_eq!(requests.take(), [""; 0], "where a message leads to never changes");

    store.store(&delivery("b")).await.unwrap();
    requests.take();
    let next = Next { due: None, place: Place::GivenUp };
    store.append_for("b", &[card(&two, "again")], next).await.unwrap();
    store.done("b").await.unwrap();
    assert_eq!(requests.take(), ["TransactWriteItems"], "what was answered was marked as done with it");
    assert_eq!(store.waiting().await.unwrap(), []);
    requests.take();

    store.store(&delivery("c")).await.unwrap();
    store.done("c").await.unwrap();
    store.store(&delivery("d")).await.unwrap();
    store.set_aside("d").await.unwrap();
    store.pass(&delivery("e")).await.unwrap();
    store.pass(&delivery("e")).await.unwrap();
    store.close(&id(1)).await.unwrap();
    assert_eq!(requests.take(), ["UpdateItem"; 7]);
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn what_answers_a_conflict_is_not_done() {
    let (store, _requests) = fresh().await;
    store.begin("key", &first(1), at(1)).await.unwrap();
    store.append(&[card(&first(1), "card")], NEXT).await.unwrap();
    store.store(&delivery("vote")).await.unwrap();
    let late = store.append_for("vote", &[card(&first(1), "late")], NEXT).await.unwrap();
    assert_eq!(late, Appended::Conflict);
    assert_eq!(store.waiting().await.unwrap(), [delivery("vote")]);
    store.done("vote").await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), []);
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn what_began_an_operation_is_known_for_ever() {
    let (store, requests) = fresh().await;
    store.store(&delivery("a")).await.unwrap();
    store.begin("a", &first(1), at(1)).await.unwrap();
    let keep = countersign_engine::ports::Keep { since: Timestamp::MAX, set_aside: 0 };
    for store in [&store, &another(&store, &requests).await] {
        store.prune(keep).await.unwrap();
        assert_eq!(store.store(&delivery("a")).await.unwrap(), Stored::Seen);
        assert_eq!(store.begin("a", &first(2), at(1)).await.unwrap(), Begun::Already(id(1)));
    }
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn what_is_too_large_is_refused_with_its_size() {
    let (store, _requests) = fresh().await;
    let cause = |error: &dyn std::error::Error| error.source().unwrap().to_string();
    let payload = "x".repeat(LARGEST + 1);
    let large = Delivery { payload, ..delivery("a") };
    insta::assert_snapshot!(cause(&store.store(&large).await.unwrap_err()), @"a payload has 390001 bytes, and DynamoDB takes 390000 in one item");
    let fits = Delivery { payload: "ü".repeat(LARGEST / 2), ..delivery("a") };
    assert_eq!(store.store(&fits).await.unwrap(), Stored::New);
    assert_eq!(store.waiting().await.unwrap(), [fits]);

    store.begin("key", &first(1), at(1)).await.unwrap();
    let large = card(&first(1), &"x".repeat(LARGEST));
    insta::assert_snapshot!(cause(&store.append(&[large], NEXT).await.unwrap_err()), @"an event has 390068 bytes, and DynamoDB takes 390000 in one item");
    let long = delivery(&"k".repeat(2_001));
    insta::assert_snapshot!(cause(&store.store(&long).await.unwrap_err()), @"a natural key has 2001 bytes, and DynamoDB takes 2000 in one item");
}
