//! Bringing the security groups in line with the table.

mod group;
mod network;
mod quarantine;
mod reconcile;
mod strays;
mod sweep;
mod synced;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_engine::ports::Clock;
use jiff::Timestamp;

use crate::domain::{
    Cidr, Desired, Difference, Entry, Environment, Group, Quota, Row, RowFault, Rules, Terms,
};
use crate::ports::{Firewall, FirewallError, Notice, Notices, Table, TableError};

pub(crate) use group::name;
pub use group::{GroupSynced, Trouble};
pub use sweep::Swept;
pub use synced::Synced;

/// The whitelist: a table, the security groups that follow it, and whom to tell.
#[derive(Clone)]
pub struct Whitelist {
    /// Who may reach what until when.
    pub table: Arc<dyn Table>,
    /// The security groups.
    pub firewall: Arc<dyn Firewall>,
    /// Whom to tell what happened.
    pub notices: Arc<dyn Notices>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How long entries may last.
    pub terms: Terms,
}

/// What would be done with one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPlan {
    /// The group.
    pub group: Group,
    /// Its rules that come and go.
    pub difference: Difference,
    /// How full it is.
    pub before: Quota,
    /// How full it would be.
    pub after: Quota,
}

/// The table or the firewall did not answer, so that nothing is known.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The firewall.
    #[error(transparent)]
    Firewall(#[from] FirewallError),
}

/// The security groups as they are now.
pub(crate) struct Walls {
    pub(crate) groups: Vec<Group>,
    pub(crate) rules: BTreeMap<crate::domain::GroupId, Rules>,
}

impl Whitelist {
    /// What [`Whitelist::sync`] would do with the groups if these were all rows of the network. Changes nothing.
    ///
    /// # Errors
    /// [`SyncError`] when the groups cannot be read.
    pub async fn preview(&self, network: Cidr, rows: &[Row]) -> Result<Vec<GroupPlan>, SyncError> {
        let walls = self.walls().await?;
        let entries = self.entries(rows, &walls.environments());
        let mut plans = walls.differences(&entries, self.now());
        for plan in &mut plans {
            plan.difference.keep(|cidr| cidr == network);
            plan.after = plan.before.after(&plan.difference);
        }
        Ok(plans)
    }

    /// The environments that there are: those of the security groups.
    ///
    /// # Errors
    /// [`SyncError`] when the groups cannot be read.
    pub async fn environments(&self) -> Result<BTreeSet<Environment>, SyncError> {
        let groups = self.firewall.groups().await?;
        Ok(groups.into_iter().flat_map(|group| group.environments).collect())
    }

    /// The rows of one environment (`None`: of all) whose time is not over, with what they let through or why they do
    /// not.
    ///
    /// # Errors
    /// [`SyncError`] when the table or the groups cannot be read.
    pub async fn list(
        &self,
        environment: Option<&Environment>,
    ) -> Result<Vec<(Row, Result<Entry, RowFault>)>, SyncError> {
        let known = self.environments().await?;
        let now = self.now();
        let mut listed = Vec::new();
        for one in known.iter().filter(|one| environment.is_none_or(|asked| asked == *one)) {
            let rows = self.table.in_environment(one).await?;
            let open = rows.into_iter().filter(|row| !row.is_over(now));
            listed.extend(open.map(|row| (row.clone(), self.entry(&row, &known))));
        }
        Ok(listed)
    }

    /// The time now (UTC).
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn walls(&self) -> Result<Walls, SyncError> {
        let groups = self.firewall.groups().await?;
        let ids: Vec<_> = groups.iter().map(|group| group.id.clone()).collect();
        let rules = self.firewall.rules(&ids).await?;
        Ok(Walls { groups, rules })
    }

    /// What a row lets through, if its environment is one of those that are known.
    pub(crate) fn entry(&self, row: &Row, known: &BTreeSet<Environment>) -> Result<Entry, RowFault> {
        if !known.contains(&row.environment()) {
            return Err(RowFault::Environment(row.environment.clone()));
        }
        row.entry(&self.terms, self.now())
    }

    /// Tells whoever is to be told. That it failed holds nothing up.
    pub(crate) async fn tell(&self, notice: Notice) {
        if let Err(error) = self.notices.tell(&notice).await {
            tracing::warn!(error = %countersign_engine::causes::line(&*error), "a notice of the whitelist was not told");
        }
    }
}

impl Walls {
    /// The environments that the groups are for.
    pub(crate) fn environments(&self) -> BTreeSet<Environment> {
        self.groups.iter().flat_map(|group| group.environments.clone()).collect()
    }

    /// What is to be done with each group that exists, so that it lets through these entries and no others.
    pub(crate) fn differences(&self, entries: &[Entry], now: Timestamp) -> Vec<GroupPlan> {
        let plan = |group: &Group| {
            let rules = self.rules.get(&group.id)?;
            let difference = Desired::of(group, entries, now).difference(&rules.list);
            let before = Quota::of(group, rules);
            let after = before.after(&difference);
            Some(GroupPlan { group: group.clone(), difference, before, after })
        };
        self.groups.iter().filter_map(plan).collect()
    }
}

#[cfg(test)]
#[path = "sync/sync_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "sync/race_tests.rs"]
mod race_tests;
