//! The sandbox, with what goes wrong in AWS: calls that are refused, lost before their effect, or after it; and that take
//! their time, so that others come between.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ip_whitelist_manager::domain::{Environment, Group, GroupId, Row, Rule, RuleId, Rules, Wanted};
use ip_whitelist_manager::ports::{Cause, Firewall, FirewallError, Saved, Table, TableError};
use ip_whitelist_manager::sandbox::{SandboxFirewall, SandboxTable};
use jiff::Timestamp;

/// Chance from a seed (SplitMix64), and whether anything goes wrong at all.
pub struct Chance(Mutex<(u64, bool)>);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new((seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x5851_f42d, true)))
    }

    pub fn of(&self, end: usize) -> usize {
        let mut state = self.0.lock().unwrap();
        state.0 = state.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = state.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    pub fn one<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[self.of(of.len())]
    }

    pub fn maybe<'a, T>(&self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| self.one(of))
    }

    /// From a seed whose history has no faults.
    pub fn without_faults(seed: u64) -> Self {
        let chance = Self::new(seed);
        chance.calm();
        chance
    }

    /// From now on nothing goes wrong.
    pub fn calm(&self) {
        self.0.lock().unwrap().1 = false;
    }

    /// Perhaps somebody else goes on first.
    async fn pause(&self) {
        while self.of(3) == 0 {
            tokio::task::yield_now().await;
        }
    }

    fn strikes(&self) -> bool {
        self.0.lock().unwrap().1 && self.of(12) == 0
    }
}

fn cause() -> Cause {
    "it went wrong on purpose".into()
}

pub struct FaultyFirewall {
    pub firewall: Arc<SandboxFirewall>,
    pub chance: Arc<Chance>,
}

impl FaultyFirewall {
    /// A call that writes is refused, lost, or done and its answer lost.
    async fn writes(
        &self,
        call: impl Future<Output = Result<(), FirewallError>>,
    ) -> Result<(), FirewallError> {
        self.chance.pause().await;
        if !self.chance.strikes() {
            return call.await;
        }
        match self.chance.of(4) {
            0 => Err(FirewallError::Throttled(cause())),
            1 => Err(FirewallError::Denied(cause())),
            2 => Err(FirewallError::Failed(cause())),
            _ => call.await.and(Err(FirewallError::Failed(cause()))),
        }
    }

    async fn reads(&self) -> Result<(), FirewallError> {
        self.chance.pause().await;
        if self.chance.strikes() { Err(FirewallError::Throttled(cause())) } else { Ok(()) }
    }
}

#[async_trait]
impl Firewall for FaultyFirewall {
    async fn groups(&self) -> Result<Vec<Group>, FirewallError> {
        self.reads().await?;
        self.firewall.groups().await
    }

    async fn rules(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Rules>, FirewallError> {
        self.reads().await?;
        self.firewall.rules(groups).await
    }

    async fn strays(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Vec<Rule>>, FirewallError> {
        self.reads().await?;
        self.firewall.strays(groups).await
    }

    async fn authorise(&self, group: &GroupId, rules: &[Wanted]) -> Result<(), FirewallError> {
        self.writes(self.firewall.authorise(group, rules)).await
    }

    async fn revoke(&self, group: &GroupId, rules: &[RuleId]) -> Result<(), FirewallError> {
        self.writes(self.firewall.revoke(group, rules)).await
    }
}

pub struct FaultyTable {
    pub table: Arc<SandboxTable>,
    pub chance: Arc<Chance>,
}

impl FaultyTable {
    async fn call<T>(&self, call: impl Future<Output = Result<T, TableError>>) -> Result<T, TableError> {
        self.chance.pause().await;
        if !self.chance.strikes() {
            return call.await;
        }
        match self.chance.of(2) {
            0 => Err(TableError::Throttled(cause())),
            _ => call.await.and(Err(TableError::Failed(cause()))),
        }
    }
}

#[async_trait]
impl Table for FaultyTable {
    async fn rows_of(&self, ip_address: &str) -> Result<Vec<Row>, TableError> {
        self.call(self.table.rows_of(ip_address)).await
    }

    async fn get(&self, keys: &[(String, Environment)]) -> Result<Vec<Row>, TableError> {
        self.call(self.table.get(keys)).await
    }

    /// The index lags behind: now and then it misses a row.
    async fn in_environment(&self, environment: &Environment) -> Result<Vec<Row>, TableError> {
        let rows = self.call(self.table.in_environment(environment)).await?;
        Ok(rows.into_iter().filter(|_| !self.chance.strikes()).collect())
    }

    async fn save(&self, row: &Row, before: Option<&Row>) -> Result<Saved, TableError> {
        self.call(self.table.save(row, before)).await
    }

    async fn remove(&self, before: &Row) -> Result<Saved, TableError> {
        self.call(self.table.remove(before)).await
    }

    async fn expire(&self, row: &Row, now: Timestamp) -> Result<Saved, TableError> {
        self.call(self.table.expire(row, now)).await
    }
}
