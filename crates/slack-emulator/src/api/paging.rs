//! Pages of long lists.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::reply::{ApiError, and};

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    start: usize,
    limit: usize,
}

/// How a cursor is written; it is opaque to callers.
const PREFIX: &str = "next:";

impl Page {
    /// Reads `cursor` and `limit`; a limit beyond `max` counts as `max`, as in Slack.
    pub(super) fn of(call: &Call, default: usize, max: usize) -> Result<Self, ApiError> {
        let start = match call.args.text("cursor") {
            None => 0,
            Some(cursor) => cursor
                .strip_prefix(PREFIX)
                .and_then(|place| place.parse().ok())
                .ok_or_else(|| ApiError::with("invalid_cursor", "This cursor was never given out."))?,
        };
        let limit = match call.args.number("limit") {
            None if call.args.has("limit") => return Err(bad_limit("a number")),
            None | Some(0) => default,
            Some(limit) => usize::try_from(limit).map_err(|_| bad_limit("at least 1"))?.min(max),
        };
        Ok(Self { start, limit })
    }

    /// This page's part, and the cursor of the next one; empty at the end.
    pub(super) fn cut<T>(self, all: Vec<T>) -> (Vec<T>, String) {
        let end = self.start.saturating_add(self.limit);
        let next = if end < all.len() { format!("{PREFIX}{end}") } else { String::new() };
        (all.into_iter().skip(self.start).take(self.limit).collect(), next)
    }
}

fn bad_limit(rule: &str) -> ApiError {
    ApiError::invalid_arguments(format!("limit must be {rule}."))
}

/// An answer of one page.
pub(super) fn page(map: Map<String, Value>, next: &str) -> Map<String, Value> {
    and(map, "response_metadata", json!({"next_cursor": next}))
}
