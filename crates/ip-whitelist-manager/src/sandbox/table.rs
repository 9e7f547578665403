//! The table in memory, with a stream of what changes.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::domain::{Environment, Row};
use crate::ports::{Saved, Table, TableError};
use crate::stream::{Change, Record, Remover};

/// A table like DynamoDB's, that forgets everything when it is dropped.
#[derive(Debug)]
pub struct SandboxTable {
    rows: Mutex<Rows>,
    moved: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Rows {
    by_key: BTreeMap<(String, String), Row>,
    stream: Vec<Record>,
    sequence: u64,
}

impl Default for SandboxTable {
    fn default() -> Self {
        Self { rows: Mutex::default(), moved: watch::Sender::new(0) }
    }
}

impl SandboxTable {
    /// Writes a row as somebody with access to the table would: over whatever is there.
    pub fn put(&self, row: Row) {
        self.change(|rows| rows.put(row));
    }

    /// Removes a row as somebody with access to the table would.
    pub fn delete(&self, ip_address: &str, environment: &str) {
        self.change(|rows| rows.delete((ip_address, environment), Remover::Caller));
    }

    /// Removes what is over, as DynamoDB does some time or other.
    pub fn time_to_live(&self, now: Timestamp) {
        self.change(|rows| {
            let over: Vec<(String, String)> =
                rows.by_key.values().filter(|row| row.is_over(now)).map(key).collect();
            for (ip_address, environment) in over {
                rows.delete((&ip_address, &environment), Remover::TimeToLive);
            }
        });
    }

    /// The records since the last time that somebody took them.
    pub fn take_records(&self) -> Vec<Record> {
        std::mem::take(&mut self.lock().stream)
    }

    /// Every row.
    pub fn rows(&self) -> Vec<Row> {
        self.lock().by_key.values().cloned().collect()
    }

    /// Resolves when something was written since `seen`; the number to wait for next time.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Rows) -> T) -> T {
        let (done, sequence) = {
            let mut rows = self.lock();
            (change(&mut rows), rows.sequence)
        };
        self.moved.send_replace(sequence);
        done
    }

    fn lock(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Table for SandboxTable {
    async fn rows_of(&self, ip_address: &str) -> Result<Vec<Row>, TableError> {
        let rows = self.lock();
        Ok(rows.by_key.values().filter(|row| row.ip_address == ip_address).cloned().collect())
    }

    async fn get(&self, keys: &[(String, Environment)]) -> Result<Vec<Row>, TableError> {
        let rows = self.lock();
        let found = |(ip_address, environment): &(String, Environment)| {
            rows.by_key.get(&(ip_address.clone(), environment.as_str().to_owned())).cloned()
        };
        Ok(keys.iter().filter_map(found).collect())
    }

    async fn in_environment(&self, environment: &Environment) -> Result<Vec<Row>, TableError> {
        let rows = self.lock();
        Ok(rows.by_key.values().filter(|row| row.environment == environment.as_str()).cloned().collect())
    }

    async fn save(&self, row: &Row, before: Option<&Row>) -> Result<Saved, TableError> {
        Ok(self.change(|rows| {
            if rows.by_key.get(&key(row)) != before {
                return Saved::Changed;
            }
            rows.put(row.clone());
            Saved::Done
        }))
    }

    async fn remove(&self, before: &Row) -> Result<Saved, TableError> {
        Ok(self.change(|rows| {
            if rows.by_key.get(&key(before)) != Some(before) {
                return Saved::Changed;
            }
            rows.delete((&before.ip_address, &before.environment), Remover::Caller);
            Saved::Done
        }))
    }

    async fn expire(&self, row: &Row, now: Timestamp) -> Result<Saved, TableError> {
        Ok(self.change(|rows| match rows.by_key.get(&key(row)) {
            Some(there) if there.is_over(now) => {
                rows.delete((&row.ip_address, &row.environment), Remover::Caller);
                Saved::Done
            }
            _ => Saved::Changed,
        }))
    }
}

impl Rows {
    fn put(&mut self, row: Row) {
        let old = self.by_key.insert(key(&row), row.clone());
        if old.as_ref() != Some(&row) {
            self.record(Change::Written(row));
        }
    }

    fn delete(&mut self, (ip_address, environment): (&str, &str), by: Remover) {
        if let Some(old) = self.by_key.remove(&(ip_address.to_owned(), environment.to_owned())) {
            self.record(Change::Removed { old, by });
        }
    }

    fn record(&mut self, change: Change) {
        self.sequence += 1;
        self.stream.push(Record { sequence: self.sequence.to_string(), change });
    }
}

fn key(row: &Row) -> (String, String) {
    (row.ip_address.clone(), row.environment.clone())
}
