//! The sandbox, with a stopwatch: what goes on in it is not our own time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use ip_whitelist_manager::domain::{Environment, Group, GroupId, Row, Rule, RuleId, Rules, Wanted};
use ip_whitelist_manager::ports::{Firewall, FirewallError, Saved, Table, TableError};
use ip_whitelist_manager::sandbox::{SandboxFirewall, SandboxTable};
use jiff::Timestamp;

/// So many keys DynamoDB looks up in one call.
const KEYS_IN_A_CALL: usize = 100;

#[derive(Default)]
pub struct Timed<T> {
    pub inner: T,
    nanos: AtomicU64,
    calls: AtomicU64,
}

impl<T> Timed<T> {
    /// How long it was worked in since the last time that this was asked.
    pub fn time(&self) -> Duration {
        Duration::from_nanos(self.nanos.swap(0, Ordering::Relaxed))
    }

    /// How often the table was called since the last time that this was asked.
    pub fn calls(&self) -> u64 {
        self.calls.swap(0, Ordering::Relaxed)
    }

    async fn clocked<R>(&self, calls: usize, call: impl Future<Output = R>) -> R {
        let begin = Instant::now();
        let done = call.await;
        let nanos = u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
        self.calls.fetch_add(u64::try_from(calls).unwrap_or(u64::MAX), Ordering::Relaxed);
        done
    }
}

#[async_trait]
impl Firewall for Timed<SandboxFirewall> {
    async fn groups(&self) -> Result<Vec<Group>, FirewallError> {
        self.clocked(1, self.inner.groups()).await
    }

    async fn rules(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Rules>, FirewallError> {
        self.clocked(1, self.inner.rules(groups)).await
    }

    async fn strays(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Vec<Rule>>, FirewallError> {
        self.clocked(1, self.inner.strays(groups)).await
    }

    async fn authorise(&self, group: &GroupId, rules: &[Wanted]) -> Result<(), FirewallError> {
        self.clocked(1, self.inner.authorise(group, rules)).await
    }

    async fn revoke(&self, group: &GroupId, rules: &[RuleId]) -> Result<(), FirewallError> {
        self.clocked(1, self.inner.revoke(group, rules)).await
    }
}

#[async_trait]
impl Table for Timed<SandboxTable> {
    async fn rows_of(&self, ip_address: &str) -> Result<Vec<Row>, TableError> {
        self.clocked(1, self.inner.rows_of(ip_address)).await
    }

    async fn get(&self, keys: &[(String, Environment)]) -> Result<Vec<Row>, TableError> {
        self.clocked(keys.len().div_ceil(KEYS_IN_A_CALL), self.inner.get(keys)).await
    }

    async fn in_environment(&self, environment: &Environment) -> Result<Vec<Row>, TableError> {
        self.clocked(1, self.inner.in_environment(environment)).await
    }

    async fn save(&self, row: &Row, before: Option<&Row>) -> Result<Saved, TableError> {
        self.clocked(1, self.inner.save(row, before)).await
    }

    async fn remove(&self, before: &Row) -> Result<Saved, TableError> {
        self.clocked(1, self.inner.remove(before)).await
    }

    async fn expire(&self, row: &Row, now: Timestamp) -> Result<Saved, TableError> {
        self.clocked(1, self.inner.expire(row, now)).await
    }
}
