//! One table, and what stands where in it.
//!
//! ```text
//! partition              sort            what
//! op/<id>                head            an operation: the end of its chain, when it is due, its place in a line
//! op/<id>                event/<seq>     one record of its chain; written once
//! key/<natural key>      key             what came in under a key: the delivery, the operation that it began
//! message/<channel>/<id> message         the operation that a message leads to; written once
//! lock/<lock>            line            who waits for a lock: one attribute for each, with its number
//! freezes                <what>          a freeze by hand
//! month/<2026-11>        <id>            the operations that began in a month; written once
//! months                 <2026-11>       the months
//! checkpoints            <number>        the chain over the chains; written once
//! ```
//!
//! Three sparse indexes begin with the attribute `list` (`operations`, `waiting` or `aside`) and hold keys alone.
//! An item is in one for as long as it has the attribute that the index is sorted by: `since` (open operations,
//! deliveries that wait or were set aside, in the order in which they came), `due`, `unsealed`.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use countersign_core::ids::{ChannelId, LockKey, MessageId, OperationId};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::error::StoreError;

/// The name of the table's partition key.
pub(super) const PARTITION: &str = "pk";
/// The name of the table's sort key.
pub(super) const SORT: &str = "sk";
/// The attribute after which DynamoDB deletes an item (seconds since 1970, UTC).
pub(super) const EXPIRES: &str = "expires";
/// The attribute that every index begins with.
pub(super) const LIST: &str = "list";

/// Operations, in `list`.
pub(super) const OPERATIONS: &str = "operations";
/// Deliveries that wait, in `list`.
pub(super) const WAITING: &str = "waiting";
/// Deliveries that were set aside, in `list`.
pub(super) const ASIDE: &str = "aside";

/// DynamoDB takes 400 KB in an item; what stands beside the longest value needs far less than the rest.
pub(super) const LARGEST: usize = 390_000;

/// A sparse index.
#[derive(Debug, Clone, Copy)]
pub(super) enum Index {
    /// Sorted by when it came.
    Since,
    /// Sorted by when it is due.
    Due,
    /// Sorted by when its chain moved.
    Unsealed,
}

impl Index {
    pub(super) const ALL: [Self; 3] = [Self::Since, Self::Due, Self::Unsealed];

    /// Its name, which is that of the attribute that it is sorted by.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Since => "since",
            Self::Due => "due",
            Self::Unsealed => "unsealed",
        }
    }
}

/// An item as it is stored.
pub(super) type Item = HashMap<String, AttributeValue>;

/// So many requests are on their way at once: what waits here waits without a deadline running.
const AT_ONCE: usize = 64;

/// The table, and how to reach it.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) client: Client,
    pub(super) name: String,
    turns: Semaphore,
}

impl Table {
    /// The table of this name.
    pub(super) fn new(client: Client, name: &str) -> Self {
        Self { client, name: name.to_owned(), turns: Semaphore::new(AT_ONCE) }
    }

    /// Waits until a request may go out. Nobody closes the semaphore; then it would not hold anybody back.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }
}

/// An item's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) partition: String,
    pub(super) sort: String,
}

impl Key {
    fn new(partition: String, sort: &str) -> Self {
        Self { partition, sort: sort.to_owned() }
    }

    /// An operation.
    pub(super) fn operation(id: &OperationId) -> Self {
        Self::new(format!("op/{id}"), "head")
    }

    /// Where an operation and its chain stand, by its id as text.
    pub(super) fn chain_partition(id: &str) -> String {
        format!("op/{id}")
    }

    /// A record of its chain.
    pub(super) fn event(id: &OperationId, seq: u64) -> Self {
        Self { partition: format!("op/{id}"), sort: format!("{EVENT}{seq:010}") }
    }

    /// What came in under a natural key.
    ///
    /// # Errors
    /// The key is longer than DynamoDB can index.
    pub(super) fn natural(key: &str) -> Result<Self, StoreError> {
        match key.len() {
            size if size > LONGEST_KEY => {
                Err(StoreError::TooLarge { what: "a natural key", size, most: LONGEST_KEY })
            }
            _ => Ok(Self::new(format!("{NATURAL}{key}"), "key")),
        }
    }

    /// The operation that a message leads to.
    pub(super) fn message(channel: &ChannelId, message: &MessageId) -> Self {
        Self::new(format!("message/{channel}/{message}"), "message")
    }

    /// The line for a lock.
    pub(super) fn lock(lock: &LockKey) -> Self {
        Self::new(format!("lock/{lock}"), "line")
    }

    /// A freeze by hand.
    ///
    /// # Errors
    /// What it freezes has a name that is longer than DynamoDB can sort by.
    pub(super) fn freeze(what: &str) -> Result<Self, StoreError> {
        match what.len() {
            size if size > LONGEST_SORT => {
                Err(StoreError::TooLarge { what: "the name of what is frozen", size, most: LONGEST_SORT })
            }
            _ => Ok(Self::new(FREEZES.to_owned(), what)),
        }
    }

    /// An operation among those that began in a month.
    pub(super) fn month(month: &str, id: &OperationId) -> Self {
        Self { partition: Self::month_partition(month), sort: id.to_string() }
    }

    /// The operations that began in a month.
    pub(super) fn month_partition(month: &str) -> String {
        format!("month/{month}")
    }

    /// A month in which operations began.
    pub(super) fn listed_month(month: &str) -> Self {
        Self::new(MONTHS.to_owned(), month)
    }

    /// A checkpoint.
    pub(super) fn checkpoint(number: u64) -> Self {
        Self { partition: CHECKPOINTS.to_owned(), sort: format!("{number:012}") }
    }

    /// The id of the operation whose item this is.
    pub(super) fn operation_id(&self) -> Result<OperationId, StoreError> {
        let id = self.partition.strip_prefix("op/").unwrap_or(&self.partition);
        id.parse().map_err(StoreError::unreadable)
    }

    /// The natural key under which the item's delivery came in.
    pub(super) fn natural_key(&self) -> &str {
        self.partition.strip_prefix(NATURAL).unwrap_or(&self.partition)
    }
}

/// What the sort key of a record begins with.
pub(super) const EVENT: &str = "event/";
/// The partition of the months.
pub(super) const MONTHS: &str = "months";
/// The partition of the freezes.
pub(super) const FREEZES: &str = "freezes";
/// DynamoDB takes sort keys of 1,024 bytes.
const LONGEST_SORT: usize = 1_024;
/// The partition of the checkpoints.
pub(super) const CHECKPOINTS: &str = "checkpoints";

const NATURAL: &str = "key/";
/// DynamoDB takes partition keys of 2,048 bytes.
const LONGEST_KEY: usize = 2_000;
