//! Several processes on one table, and the lists for whoever reads it from outside.

use countersign_core::audit::{Checkpoint, Sealed};
use countersign_core::ids::LockKey;
use countersign_engine::ports::{Inbox as _, Ledger as _, Turn};

use super::*;
use crate::dynamodb::DynamoTrail;

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn what_one_process_writes_the_other_reads() {
    let (one, requests) = fresh().await;
    let other = another(&one, &requests).await;
    one.store(&delivery("a")).await.unwrap();
    other.store(&delivery("b")).await.unwrap();
    assert_eq!(other.waiting().await.unwrap(), [delivery("a"), delivery("b")]);
    one.begin("a", &first(1), at(1)).await.unwrap();
    other.begin("b", &first(2), at(1)).await.unwrap();
    assert_eq!(other.waiting().await.unwrap(), []);
    assert_eq!(one.open().await.unwrap(), [id(1), id(2)]);
    // Neither knows the other's channel or messages without asking.
    other.append(&[card(&first(1), "card")], NEXT).await.unwrap();
    let found = one.by_message(&ChannelId::new("C1"), &MessageId::new("card")).await.unwrap();
    assert_eq!(found, Some(id(1)));
    let dev = LockKey::new("dev");
    let moved = card(&first(1), "card").head();
    assert_eq!(one.line_up(&dev, &id(2), first(2).head()).await.unwrap(), Turn::After(vec![]));
    assert_eq!(other.line_up(&dev, &id(1), moved).await.unwrap(), Turn::After(vec![id(2)]));
    other.close(&id(2)).await.unwrap();
    assert_eq!(one.line_up(&dev, &id(1), moved).await.unwrap(), Turn::After(vec![]));
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn the_trail_lists_what_there_is() {
    let (store, _requests) = fresh().await;
    for number in [3, 1, 2] {
        store.begin(&format!("key {number}"), &first(number), at(1)).await.unwrap();
    }
    let heads = vec![Sealed::new(id(1), first(1).head())];
    let one = Checkpoint::after(None, at(1), heads);
    let two = Checkpoint::after(Some(&one), at(2), Vec::new());
    store.seal(&one).await.unwrap();
    store.seal(&two).await.unwrap();

    let trail = DynamoTrail::open(&Settings { table: store.table.name.clone(), ..settings() }).await.unwrap();
    assert_eq!(trail.months().await.unwrap(), ["2026-02", "2026-03", "2026-04"]);
    assert_eq!(trail.began_in("2026-02", "").await.unwrap(), [id(1).to_string()]);
    assert_eq!(trail.began_in("2026-02", &id(1).to_string()).await.unwrap(), [""; 0]);
    assert_eq!(trail.began_in("2026-05", "").await.unwrap(), [""; 0]);
    assert_eq!(trail.records(&id(3)).await.unwrap(), [first(3)]);
    assert_eq!(trail.checkpoints(0).await.unwrap(), [one, two.clone()]);
    assert_eq!(trail.checkpoints(1).await.unwrap(), [two]);
}
