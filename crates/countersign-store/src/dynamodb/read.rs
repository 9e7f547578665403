//! What is read of operations.

use std::collections::HashMap;

use countersign_core::audit::{Head, Record, Sealed};
use countersign_core::ids::{ChannelId, MessageId, OperationId};
use countersign_core::plan::Fingerprint;
use jiff::Timestamp;

use super::error::StoreError;
use super::item::{Search, key_of, number, text};
use super::table::{EVENT, Index, Item, Key, OPERATIONS, Table};
use super::{DynamoStore, event};

/// An operation's records, in the order of the chain.
pub(super) async fn load(table: &Table, id: &OperationId) -> Result<Vec<Record>, StoreError> {
    let search = Search::beginning(Key::operation(id).partition, EVENT);
    table.query(search).await?.iter().map(|item| event::record(id, item)).collect()
}

/// The operation to which a message belongs. Where a message leads to, it always will.
pub(super) async fn by_message(
    store: &DynamoStore,
    channel: &ChannelId,
    message: &MessageId,
) -> Result<Option<OperationId>, StoreError> {
    let name = (channel.clone(), message.clone());
    if let Some(known) = store.messages.get(&name) {
        return Ok(Some(known));
    }
    let Some(item) = store.table.get(Key::message(channel, message)).await? else { return Ok(None) };
    let id: OperationId = text(&item, "operation")?.parse().map_err(StoreError::unreadable)?;
    store.messages.learn(name, id.clone());
    Ok(Some(id))
}

/// The open operations, in the order in which they began.
pub(super) async fn open(table: &Table) -> Result<Vec<OperationId>, StoreError> {
    operations(table, Search::list(OPERATIONS, Index::Since)).await
}

/// The operations that are due, those that have been for longest first.
pub(super) async fn due(table: &Table, now: Timestamp, most: usize) -> Result<Vec<OperationId>, StoreError> {
    let search = Search::due(OPERATIONS, now.as_millisecond()).at_most(most);
    operations(table, search).await
}

async fn operations(table: &Table, search: Search) -> Result<Vec<OperationId>, StoreError> {
    table.keys(search).await?.iter().map(Key::operation_id).collect()
}

/// Heads that no checkpoint has sealed: the index says whose, the operations themselves say which.
pub(super) async fn unsealed(table: &Table, most: usize) -> Result<Vec<Sealed>, StoreError> {
    let keys = table.keys(Search::list(OPERATIONS, Index::Unsealed).at_most(most)).await?;
    let mut items = HashMap::new();
    for item in table.get_all(&keys).await? {
        items.insert(key_of(&item)?.partition, item);
    }
    let moved = keys.iter().filter_map(|key| items.get(&key.partition).map(|item| (key, item)));
    moved
        .filter(|(_, item)| item.contains_key("unsealed"))
        .map(|(key, item)| Ok(Sealed::new(key.operation_id()?, head(item)?)))
        .collect()
}

/// The end of an operation's chain.
fn head(operation: &Item) -> Result<Head, StoreError> {
    let hash = Fingerprint::try_from(text(operation, "hash")?.to_owned()).map_err(StoreError::unreadable)?;
    Ok(Head { seq: number(operation, "seq")?, hash })
}
