//! The chain over the chains.

use countersign_core::audit::{Checkpoint, Sealed};
use countersign_engine::ports::Appended;
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::change::Change;
use super::error::StoreError;
use super::item::{Held, Search, text};
use super::table::{CHECKPOINTS, Item, Key, LARGEST, Table};

/// So many heads are marked side by side.
const AT_ONCE: usize = 16;

/// Keeps a checkpoint. Its heads are marked one by one after that: those that a crash leaves out are sealed once
/// more by the next checkpoint.
pub(super) async fn seal(table: &Table, checkpoint: &Checkpoint) -> Result<Appended, StoreError> {
    if !checkpoint.follows(last(table).await?.as_ref()) {
        return Ok(Appended::Conflict);
    }
    let body = serde_json::to_string(checkpoint).map_err(StoreError::Unwritable)?;
    if body.len() > LARGEST {
        return Err(StoreError::TooLarge { what: "a checkpoint", size: body.len(), most: LARGEST });
    }
    let hash = checkpoint.hash.to_string();
    let kept = Change::of(Key::checkpoint(checkpoint.number))
        .set("body", body)
        .set("hash", hash.as_str())
        .only_if("attribute_not_exists(#pk)");
    match table.change(kept).await? {
        Held::Done => {}
        // The answer to our own write was lost, and the write sent again.
        Held::Refused(Some(there)) if text(&there, "hash")? == hash => {}
        Held::Refused(_) => return Ok(Appended::Conflict),
    }
    let marks: Vec<Change> = checkpoint.heads.iter().map(sealed).collect();
    let marks = futures_util::stream::iter(marks.into_iter().map(|mark| table.change(mark)));
    marks.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await?;
    Ok(Appended::Done)
}

/// The operation is sealed, unless its chain has moved on.
fn sealed(head: &Sealed) -> Change {
    Change::of(Key::operation(&head.operation))
        .remove(["unsealed"])
        .only_if("#hash = :sealed")
        .with("sealed", head.hash.to_string())
}

/// The newest checkpoint.
pub(super) async fn last(table: &Table) -> Result<Option<Checkpoint>, StoreError> {
    let search = Search::partition(CHECKPOINTS).backwards().at_most(1);
    let found = table.query(search).await?;
    let read = |item: &Item| serde_json::from_str(text(item, "body")?).map_err(StoreError::unreadable);
    found.first().map(read).transpose()
}
