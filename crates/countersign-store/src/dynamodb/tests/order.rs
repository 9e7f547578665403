//! Several processes on one table, and the lists for whoever reads it from outside.

use countersign_core::audit::{self, Checkpoint, Sealed};
use countersign_core::ids::LockKey;
use countersign_engine::ports::{Inbox as _, Ledger as _, Trail as _, Turn, WrittenCheckpoint};

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
    let mut found = Vec::new();
    let mut from = None;
    loop {
        let page = trail.chains(from.as_deref()).await.unwrap();
        for chain in page.chains {
            let id: OperationId = chain.id.parse().unwrap();
            assert_eq!(trail.records(&id).await.unwrap(), chain.records);
            found.push(audit::read(&id, &chain.records).unwrap());
        }
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    // By the months in which they began.
    assert_eq!(found, [[first(1)], [first(2)], [first(3)]]);
    let kept = |after| {
        let trail = &trail;
        async move {
            let kept = trail.checkpoints(after).await.unwrap();
            let read = |one: &WrittenCheckpoint| serde_json::from_str::<Checkpoint>(&one.text).unwrap();
            kept.iter().map(read).collect::<Vec<_>>()
        }
    };
    assert_eq!(kept(0).await, [one, two.clone()]);
    assert_eq!(kept(1).await, [two]);
    assert_eq!(kept(2).await, []);
}
