//! Deliveries: each write is one request.
//!
//! What is done is deleted by DynamoDB itself, some time after its `expires`; until then it is treated as
//! forgotten once [`prune`] has said so, so that nothing has to be looked for.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use countersign_engine::ports::{Delivery, Keep, Stored};

use super::DynamoStore;
use super::change::Change;
use super::delivery::{self, nanos};
use super::error::StoreError;
use super::item::{Held, Search, key_of, maybe_text, number, text};
use super::table::{ASIDE, EXPIRES, Index, Item, Key, LIST, Table, WAITING};

/// The key is new, or what came under it was done and is forgotten. What began an operation is never forgotten.
const NEW: &str = "attribute_not_exists(#pk) OR (attribute_not_exists(#operation) AND \
                   (attribute_not_exists(#list) OR #list = :aside) AND #received < :forgotten)";

/// Stores a delivery that waits for work.
pub(super) async fn store(store: &DynamoStore, delivery: &Delivery) -> Result<Stored, StoreError> {
    let change = new(store, delivery)?.set(LIST, WAITING).set("since", store.order.since()).remove([EXPIRES]);
    put(store, delivery::waits(change, delivery)?).await
}

/// Stores the key alone.
pub(super) async fn pass(store: &DynamoStore, delivery: &Delivery) -> Result<Stored, StoreError> {
    let change = new(store, delivery)?.set(EXPIRES, store.order.expires());
    put(store, delivery::emptied(change)).await
}

fn new(store: &DynamoStore, delivery: &Delivery) -> Result<Change, StoreError> {
    Ok(Change::of(Key::natural(&delivery.key)?)
        .set("received", nanos(delivery.received_at))
        .only_if(NEW)
        .with(ASIDE, ASIDE)
        .with("forgotten", store.forgotten.load(Ordering::Relaxed)))
}

/// Writes under a mark of our own, so that a write that was sent again after a lost answer is known as ours.
async fn put(store: &DynamoStore, change: Change) -> Result<Stored, StoreError> {
    let token = store.order.token();
    Ok(match store.table.change(change.set("token", token.as_str())).await? {
        Held::Done => Stored::New,
        Held::Refused(Some(there)) if maybe_text(&there, "token") == Some(&token) => Stored::New,
        Held::Refused(_) => Stored::Seen,
    })
}

/// A delivery needs no more work: its payload goes, its key stays for a day.
pub(super) async fn done(store: &DynamoStore, key: &str) -> Result<(), StoreError> {
    let change = delivery::emptied(Change::of(Key::natural(key)?))
        .set(EXPIRES, store.order.expires())
        .only_if("#list = :waiting")
        .with(WAITING, WAITING);
    store.table.change(change).await?;
    Ok(())
}

/// A delivery needs no work, and its payload is kept for a day.
pub(super) async fn set_aside(store: &DynamoStore, key: &str) -> Result<(), StoreError> {
    let change = Change::of(Key::natural(key)?)
        .set(EXPIRES, store.order.expires())
        .set(LIST, ASIDE)
        .only_if("#list = :waiting")
        .with(WAITING, WAITING);
    store.table.change(change).await?;
    Ok(())
}

/// The deliveries that wait, in the order in which they came.
pub(super) async fn waiting(table: &Table) -> Result<Vec<Delivery>, StoreError> {
    listed(table, WAITING).await?.iter().map(delivery::delivery).collect()
}

/// The deliveries that were set aside and are still kept, in the order in which they came.
pub(super) async fn aside(store: &DynamoStore) -> Result<Vec<Delivery>, StoreError> {
    let forgotten = store.forgotten.load(Ordering::Relaxed);
    let mut kept = Vec::new();
    for item in listed(&store.table, ASIDE).await? {
        if number::<i64>(&item, "received")? >= forgotten {
            kept.push(delivery::delivery(&item)?);
        }
    }
    Ok(kept)
}

/// The items that the index names, as far as they still are on that list.
async fn listed(table: &Table, list: &str) -> Result<Vec<Item>, StoreError> {
    let keys = table.keys(Search::list(list, Index::Since)).await?;
    let mut items = HashMap::new();
    for item in table.get_all(&keys).await? {
        if text(&item, LIST).is_ok_and(|on| on == list) {
            items.insert(key_of(&item)?.partition, item);
        }
    }
    Ok(keys.iter().filter_map(|key| items.remove(&key.partition)).collect())
}

/// Forgets what is done and old, and of what was set aside all but the newest.
pub(super) async fn prune(store: &DynamoStore, keep: Keep) -> Result<(), StoreError> {
    store.forgotten.fetch_max(nanos(keep.since), Ordering::Relaxed);
    let newest_first = store.table.keys(Search::list(ASIDE, Index::Since).backwards()).await?;
    for key in newest_first.into_iter().skip(keep.set_aside) {
        let change = delivery::emptied(Change::of(key)).only_if("#list = :aside").with(ASIDE, ASIDE);
        store.table.change(change).await?;
    }
    Ok(())
}
