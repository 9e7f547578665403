//! The table's stream: every change of a row, at least once, a row's changes in their order.
//!
//! A record says which network to look at; what is to be done is read from the table. So records that come twice, late
//! or out of order do no harm.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Cidr, Entry, Row};
use crate::ports::Notice;
use crate::sync::{Synced, Whitelist};

/// One record of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place in the stream; answered when the record has to come again.
    pub sequence: String,
    /// What happened to a row.
    pub change: Change,
}

/// What happened to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It was written, and this is how it is since.
    Written(Row),
    /// It was removed.
    Removed {
        /// As it was.
        old: Row,
        /// By whom.
        by: Remover,
    },
    /// Nobody can tell: a poison record.
    Unreadable(String),
}

/// Who removed a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remover {
    /// Somebody who called.
    Caller,
    /// DynamoDB itself, long after its time was over: the record's `userIdentity` is the service
    /// `dynamodb.amazonaws.com` (DynamoDB developer guide, time to live and streams).
    TimeToLive,
}

impl Whitelist {
    /// Brings the groups in line with what changed; the sequence numbers of the records that have to come again.
    ///
    /// Partial failures are answered one by one (`ReportBatchItemFailures`): the lowest is where the stream goes on,
    /// so that a poison record ends in the dead-letter queue, and blocks nothing longer than its retries.
    pub async fn handle(&self, records: &[Record]) -> Vec<String> {
        let mut failed = Vec::new();
        // All rows of one network are looked at together, whatever the number of its records.
        let mut done: BTreeSet<&str> = BTreeSet::new();
        let mut broken: BTreeSet<&str> = BTreeSet::new();
        for record in records {
            let Some(key) = record.key() else {
                tracing::error!(sequence = %record.sequence, change = ?record.change, "a record of the stream cannot be read");
                failed.push(record.sequence.clone());
                continue;
            };
            if done.insert(key) && !self.follow(key, records).await {
                broken.insert(key);
            }
            if broken.contains(key) {
                failed.push(record.sequence.clone());
            }
        }
        failed
    }

    /// `false`: it has to be tried again.
    async fn follow(&self, key: &str, records: &[Record]) -> bool {
        let synced = match self.sync(&BTreeSet::from([key.to_owned()])).await {
            Ok(synced) => synced,
            Err(error) => {
                tracing::warn!(error = %countersign_engine::causes::line(&error), key, "a change of the table was not followed");
                return false;
            }
        };
        if synced.is_to_be_tried_again() {
            // People are told by the attempt that ends it.
            return false;
        }
        let of_key = records.iter().filter(|record| record.key() == Some(key));
        let last: BTreeMap<&str, &Change> =
            of_key.filter_map(|record| Some((record.row()?.environment.as_str(), &record.change))).collect();
        for change in last.into_values() {
            self.announce(change, &synced).await;
        }
        true
    }

    /// Tells people of what was opened or shut because of a change. Whoever changed the rule tells it, the stream or
    /// the command, so that it is told once.
    pub(crate) async fn announce(&self, change: &Change, synced: &Synced) {
        let concerns = |networks: BTreeSet<Cidr>, entry: &Entry| networks.contains(&entry.cidr);
        let now = self.now();
        let notice = match change {
            Change::Written(new) => new
                .entry(&self.terms, now)
                .ok()
                .filter(|entry| concerns(synced.opened_in(&entry.environment), entry))
                .map(Notice::Added),
            Change::Removed { old, by } => old
                .entry(&self.terms, now)
                .ok()
                .filter(|entry| concerns(synced.shut_in(&entry.environment), entry))
                .map(|entry| match by {
                    Remover::Caller if entry.is_open(now) => Notice::Removed(entry),
                    Remover::Caller | Remover::TimeToLive => Notice::Expired(entry),
                }),
            Change::Unreadable(_) => None,
        };
        if let Some(notice) = notice {
            self.tell(notice).await;
        }
    }
}

impl Record {
    fn key(&self) -> Option<&str> {
        self.row().map(|row| row.ip_address.as_str())
    }

    fn row(&self) -> Option<&Row> {
        match &self.change {
            Change::Written(row) | Change::Removed { old: row, .. } => Some(row),
            Change::Unreadable(_) => None,
        }
    }
}
