//! A record as an item.

use countersign_core::audit::Record;
use countersign_core::ids::OperationId;
use countersign_core::plan::Fingerprint;

use super::change::Change;
use super::error::StoreError;
use super::item::{maybe_text, text};
use super::table::{EVENT, Item, Key, LARGEST, SORT};

/// Writes a record. That it is written once is seen to by the condition on its operation.
pub(super) fn written(record: &Record) -> Result<Change, StoreError> {
    let body = serde_json::to_string(&record.event).map_err(StoreError::Unwritable)?;
    if body.len() > LARGEST {
        return Err(StoreError::TooLarge { what: "an event", size: body.len(), most: LARGEST });
    }
    Ok(Change::of(Key::event(&record.operation, record.seq))
        .set("at", record.at.to_string())
        .set("body", body)
        .set("prev", record.prev.to_string())
        .set("hash", record.hash.to_string()))
}

/// Reads a record of `operation` back.
pub(super) fn record(operation: &OperationId, item: &Item) -> Result<Record, StoreError> {
    read(operation, item).map_err(|source| StoreError::Damaged {
        operation: operation.clone(),
        seq: maybe_text(item, SORT).unwrap_or_default().trim_start_matches(EVENT).to_owned(),
        source,
    })
}

fn read(operation: &OperationId, item: &Item) -> Result<Record, Box<dyn std::error::Error + Send + Sync>> {
    Ok(Record {
        operation: operation.clone(),
        seq: text(item, SORT)?.trim_start_matches(EVENT).parse()?,
        at: text(item, "at")?.parse()?,
        event: serde_json::from_str(text(item, "body")?)?,
        prev: Fingerprint::try_from(text(item, "prev")?.to_owned())?,
        hash: Fingerprint::try_from(text(item, "hash")?.to_owned())?,
    })
}
