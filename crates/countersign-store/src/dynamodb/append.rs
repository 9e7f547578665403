//! Growing an operation's chain, putting it off, and closing it.

use countersign_core::audit::{Head, Record};
use countersign_core::ids::{LockKey, OperationId};
use countersign_engine::ports::{Appended, Next, Place};
use jiff::Timestamp;

use super::change::Change;
use super::error::StoreError;
use super::item::{Held, maybe_text, text};
use super::names::Names;
use super::order::millis;
use super::table::{EXPIRES, Item, Key, Table};
use super::transaction::Committed;
use super::{DynamoStore, delivery, event, line};

/// So often it is tried, while the operation's place in a line changes under the writer's hands.
const TRIES: u32 = 4;

/// Appends records, and marks `delivery` as done with them.
pub(super) async fn append(
    store: &DynamoStore,
    delivery: Option<&str>,
    (records, next): (&[Record], Next),
) -> Result<Appended, StoreError> {
    let (Some(first), Some(last)) = (records.first(), records.last()) else { return Ok(Appended::Done) };
    let mut pairs = records.iter().zip(records.iter().skip(1));
    if pairs.any(|(a, b)| a.head() != b.builds_on() || a.operation != b.operation) {
        return Err(StoreError::NoChain);
    }
    let id = &first.operation;
    let was = first.builds_on();
    let mut rest = records.iter().map(event::written).collect::<Result<Vec<_>, _>>()?;
    if let Some(key) = delivery {
        let done = delivery::emptied(Change::of(Key::natural(key)?));
        rest.push(done.set(EXPIRES, store.order.expires()));
    }
    let mut names = Names::of(store, records).await?;
    let token = store.order.token();
    let operation = Change::of(Key::operation(id))
        .set("seq", last.seq)
        .set("hash", last.hash.to_string())
        .set("unsealed", store.order.since())
        .set("token", token.as_str())
        .set_or_remove("due", next.due.map(millis))
        .only_if("#hash = :was")
        .with("was", was.hash.to_string());
    // What is known of its line may be old; then the condition says so.
    let mut in_line = match next.place {
        Place::Kept => None,
        Place::GivenUp => store.lines.take(id),
    };
    for _ in 0..TRIES {
        let mut changes = match next.place {
            Place::Kept => vec![operation.clone()],
            Place::GivenUp => leaving(operation.clone(), id, in_line.as_ref()),
        };
        changes.extend(rest.iter().cloned());
        let others = changes.len();
        changes.extend(names.changes());
        let held = match store.table.commit(&changes).await? {
            Committed::Done => Vec::new(),
            Committed::Refused(held) => held,
        };
        match held.first() {
            None => return Ok(done(store, delivery, names)),
            // Our own, whose answer was lost.
            Some(Held::Refused(Some(found))) if maybe_text(found, "token") == Some(&token) => {
                return Ok(done(store, delivery, names));
            }
            Some(Held::Refused(None)) => return Err(StoreError::NoOperation(id.clone())),
            Some(Held::Refused(Some(found))) if text(found, "hash")? != was.hash.to_string() => {
                return Ok(Appended::Conflict);
            }
            Some(Held::Refused(Some(found))) => in_line = line_of(found),
            // The messages that lead elsewhere already.
            _ => names.keep(held.get(others..).unwrap_or_default()),
        }
    }
    Err(StoreError::Crowded)
}

fn done(store: &DynamoStore, delivery: Option<&str>, names: Names<'_>) -> Appended {
    delivery.into_iter().for_each(|key| store.answered.learn(key.to_owned(), ()));
    names.learn(store);
    Appended::Done
}

/// The change, for an operation that stands in no line, or in this one, which it leaves.
fn leaving(operation: Change, id: &OperationId, in_line: Option<&LockKey>) -> Vec<Change> {
    match in_line {
        None => vec![operation.only_if("attribute_not_exists(#in_line)")],
        Some(lock) => {
            let leaves =
                operation.remove(["in_line"]).only_if("#in_line = :line").with("line", lock.as_str());
            vec![leaves, line::left(lock, id)]
        }
    }
}

fn line_of(item: &Item) -> Option<LockKey> {
    maybe_text(item, "in_line").map(LockKey::new)
}

/// Says when an operation is due instead, if its chain still ends at `head`.
pub(super) async fn postpone(
    table: &Table,
    id: &OperationId,
    (head, due): (Head, Option<Timestamp>),
) -> Result<(), StoreError> {
    let change = Change::of(Key::operation(id))
        .set_or_remove("due", due.map(millis))
        .only_if("#hash = :was AND attribute_exists(#since)")
        .with("was", head.hash.to_string());
    table.change(change).await?;
    Ok(())
}

/// Closes an operation; it leaves its line.
pub(super) async fn close(store: &DynamoStore, id: &OperationId) -> Result<(), StoreError> {
    let table = &store.table;
    let operation = Change::of(Key::operation(id)).remove(["since", "due"]).only_if("attribute_exists(#pk)");
    let mut in_line = store.lines.take(id);
    for _ in 0..TRIES {
        let changes = leaving(operation.clone(), id, in_line.as_ref());
        let found = match <[Change; 1]>::try_from(changes) {
            Ok([alone]) => match table.change(alone).await? {
                Held::Done => return Ok(()),
                Held::Refused(found) => found,
            },
            Err(changes) => match table.commit(&changes).await? {
                Committed::Done => return Ok(()),
                Committed::Refused(held) => match held.into_iter().next() {
                    Some(Held::Refused(found)) => found,
                    _ => None,
                },
            },
        };
        let Some(found) = found else { return Ok(()) };
        in_line = line_of(&found);
    }
    Err(StoreError::Crowded)
}
