//! The full comparison: everything that the table says, against every rule of ours.

use std::collections::{BTreeMap, BTreeSet};

use super::{GroupPlan, SyncError, Synced, Walls, Whitelist};
use crate::domain::{Cidr, Entry, Environment, Row};

impl Whitelist {
    /// Brings every group of these environments in line (`None`: of all), and says what was to be done. Once an hour
    /// this repairs whatever else was missed.
    ///
    /// # Errors
    /// [`SyncError`] when the table or the groups cannot be read.
    pub async fn reconcile(&self, environment: Option<&Environment>) -> Result<Synced, SyncError> {
        let walls = self.walls().await?;
        let plans = self.drift_of(&walls, environment).await?;
        Ok(self.bring_in_line(plans).await)
    }

    /// What [`Whitelist::reconcile`] would do. Changes nothing.
    ///
    /// # Errors
    /// [`SyncError`] when the table or the groups cannot be read.
    pub async fn drift(&self, environment: Option<&Environment>) -> Result<Vec<GroupPlan>, SyncError> {
        self.drift_of(&self.walls().await?, environment).await
    }

    async fn drift_of(
        &self,
        walls: &Walls,
        environment: Option<&Environment>,
    ) -> Result<Vec<GroupPlan>, SyncError> {
        let walls = walls.of(environment);
        let known = walls.environments();
        let mut entries = Vec::new();
        for environment in &known {
            for row in self.table.in_environment(environment).await? {
                entries.extend(self.entry(&row, &known).ok());
            }
        }
        let now = self.now();
        let apparent = walls.differences(&entries, now);
        // The index may lag behind: whatever seems to differ is looked up in the table itself.
        let sure = self.certain(&apparent, &known).await?;
        entries.retain(|entry| !sure.contains_key(&entry.cidr));
        entries.extend(sure.into_values().flatten());
        Ok(walls.differences(&entries, now))
    }

    /// The entries of every network that seems to differ, read from the table itself.
    async fn certain(
        &self,
        apparent: &[GroupPlan],
        known: &BTreeSet<Environment>,
    ) -> Result<BTreeMap<Cidr, Vec<Entry>>, SyncError> {
        let networks: BTreeSet<Cidr> = apparent.iter().flat_map(|plan| plan.difference.networks()).collect();
        let environments: Vec<&Environment> = known.iter().collect();
        let keys: Vec<(String, Environment)> = networks
            .iter()
            .flat_map(|cidr| environments.iter().map(|one| (cidr.to_string(), (*one).clone())))
            .collect();
        let mut sure: BTreeMap<Cidr, Vec<Entry>> =
            networks.into_iter().map(|cidr| (cidr, Vec::new())).collect();
        let rows: Vec<Row> = if keys.is_empty() { Vec::new() } else { self.table.get(&keys).await? };
        for entry in rows.iter().filter_map(|row| self.entry(row, known).ok()) {
            sure.entry(entry.cidr).or_default().push(entry);
        }
        Ok(sure)
    }
}

impl Walls {
    /// The groups that have anything to do with this environment, or all of them.
    fn of(&self, environment: Option<&Environment>) -> Self {
        let concerns = |group: &&crate::domain::Group| {
            environment.is_none_or(|environment| group.environments.contains(environment))
        };
        Self { groups: self.groups.iter().filter(concerns).cloned().collect(), rules: self.rules.clone() }
    }
}
