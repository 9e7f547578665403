//! A delivery as an item.

use countersign_engine::ports::{Delivery, Retry};
use jiff::Timestamp;

use super::change::Change;
use super::error::StoreError;
use super::item::{key_of, maybe_text, number, text};
use super::table::{Item, LARGEST, LIST};

/// Nanoseconds since 1970 (UTC), as far as the years 1677 to 2262 go.
pub(super) fn nanos(time: Timestamp) -> i64 {
    i64::try_from(time.as_nanosecond()).unwrap_or(if time < Timestamp::UNIX_EPOCH {
        i64::MIN
    } else {
        i64::MAX
    })
}

/// A delivery that needs no more work: whatever stands there of it goes, and its key stays.
pub(super) fn emptied(item: Change) -> Change {
    item.remove([LIST, "since", "payload"])
}

/// Writes a delivery that waits for work.
pub(super) fn waits(item: Change, delivery: &Delivery) -> Result<Change, StoreError> {
    let size = delivery.payload.len();
    if size > LARGEST {
        return Err(StoreError::TooLarge { what: "a payload", size, most: LARGEST });
    }
    let retry = delivery.retry.as_ref();
    Ok(item
        .set("kind", delivery.kind.as_str())
        .set("payload", delivery.payload.as_str())
        .set_or_remove("retry", retry.map(|retry| i64::from(retry.number)))
        .set_or_remove("retry_reason", retry.map(|retry| retry.reason.as_str())))
}

/// Reads a delivery back.
pub(super) fn delivery(item: &Item) -> Result<Delivery, StoreError> {
    let retry = match item.contains_key("retry") {
        true => {
            let reason = maybe_text(item, "retry_reason").unwrap_or_default().to_owned();
            Some(Retry { number: number(item, "retry")?, reason })
        }
        false => None,
    };
    let received: i64 = number(item, "received")?;
    Ok(Delivery {
        key: key_of(item)?.natural_key().to_owned(),
        kind: text(item, "kind")?.to_owned(),
        payload: text(item, "payload")?.to_owned(),
        received_at: Timestamp::from_nanosecond(received.into()).map_err(StoreError::unreadable)?,
        retry,
    })
}
