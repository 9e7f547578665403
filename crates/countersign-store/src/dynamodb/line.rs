//! Lines for locks: one item for each lock, with one attribute for each operation in its line.

use countersign_core::audit::Head;
use countersign_core::ids::{LockKey, OperationId};
use countersign_engine::ports::Turn;

use super::DynamoStore;
use super::change::Change;
use super::error::StoreError;
use super::item::{maybe_text, number};
use super::table::{Item, Key};
use super::transaction::Committed;

/// So often an operation is lined up anew, while others line up before it.
const TRIES: u32 = 16;

/// Lines an operation up, if its chain still ends at `head`. One that stands in the line keeps its place.
pub(super) async fn line_up(
    store: &DynamoStore,
    lock: &LockKey,
    (id, head): (&OperationId, Head),
) -> Result<Turn, StoreError> {
    for _ in 0..TRIES {
        let [operation, line] = store.table.get_two([Key::operation(id), Key::lock(lock)]).await?;
        let Some(operation) = operation.filter(|item| stands(item, head)) else { return Ok(Turn::Conflict) };
        let line = line.unwrap_or_default();
        let waiting = in_order(&line)?;
        if maybe_text(&operation, "in_line").is_some() {
            return Ok(Turn::After(waiting.into_iter().take_while(|one| one != id).collect()));
        }
        let stands = Change::of(Key::operation(id))
            .set("in_line", lock.as_str())
            .only_if("#hash = :was AND attribute_exists(#since)")
            .with("was", head.hash.to_string());
        if let Committed::Done = store.table.commit(&[stands, last_in(lock, id, &line)?]).await? {
            store.lines.learn(id.clone(), lock.clone());
            return Ok(Turn::After(waiting));
        }
    }
    Err(StoreError::Crowded)
}

/// Is the operation open, and does its chain end there?
fn stands(operation: &Item, head: Head) -> bool {
    let open = operation.contains_key("since");
    open && maybe_text(operation, "hash").is_some_and(|hash| hash == head.hash.to_string())
}

/// Puts an operation behind those in the line, if nobody lined up since it was read.
fn last_in(lock: &LockKey, id: &OperationId, line: &Item) -> Result<Change, StoreError> {
    let change = Change::of(Key::lock(lock));
    let place = if line.contains_key("places") { number(line, "places")? } else { 0_u64 };
    let change = match place {
        0 => change.only_if("attribute_not_exists(#places)"),
        _ => change.only_if("#places = :seen").with("seen", place),
    };
    Ok(change.set("places", place + 1).set(&id.to_string(), place))
}

/// Takes an operation out of the line.
pub(super) fn left(lock: &LockKey, id: &OperationId) -> Change {
    Change::of(Key::lock(lock)).remove([id.to_string().as_str()])
}

/// Who is in a line, the first one first.
fn in_order(line: &Item) -> Result<Vec<OperationId>, StoreError> {
    let mut places = Vec::new();
    for (name, value) in line {
        let (Ok(id), Ok(place)) = (name.parse::<OperationId>(), value.as_n()) else { continue };
        places.push((place.parse::<u64>().map_err(StoreError::unreadable)?, id));
    }
    places.sort();
    Ok(places.into_iter().map(|(_, id)| id).collect())
}
