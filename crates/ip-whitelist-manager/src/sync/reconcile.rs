//! The full comparison: everything that the table says, against every rule of ours.

use std::collections::{BTreeMap, BTreeSet};

use super::{GroupPlan, SyncError, Synced, Walls, Whitelist};
use crate::domain::{Cidr, Entry, Environment};
use crate::ports::Notice;

/// A key of the table, where it is an entry's.
type Place = (Cidr, Environment);

/// What a comparison found.
struct Seen {
    plans: Vec<GroupPlan>,
    /// The entries among what was read from the table itself.
    sure: Vec<Entry>,
    /// The keys of rows whose mark is not what it should be.
    wrongly_marked: Vec<(String, Environment)>,
}

impl Whitelist {
    /// Brings every group of these environments in line (`None`: of all), and says what was to be done. Once an hour
    /// this repairs whatever else was missed.
    ///
    /// # Errors
    /// [`SyncError`] when the table or the groups cannot be read.
    pub async fn reconcile(&self, environment: Option<&Environment>) -> Result<Synced, SyncError> {
        let walls = self.walls().await?.of(environment);
        let seen = self.seen(&walls).await?;
        let places: BTreeSet<Place> = seen.plans.iter().flat_map(places).collect();
        let mut synced = self.bring_in_line(seen.plans).await;
        let moved = if synced.wrote() { self.moved(&places, &seen.sure).await? } else { BTreeSet::new() };
        if !moved.is_empty() {
            synced.absorb(self.sync(&moved).await?);
        }
        self.quarantine_sure(seen.wrongly_marked, &walls.environments()).await?;
        for entry in seen.sure {
            if synced.opened_in(&entry.environment).contains(&entry.cidr) {
                self.tell(Notice::Added(entry)).await;
            }
        }
        if environment.is_none() {
            self.shut_strays(&walls.groups).await?;
        }
        Ok(synced)
    }

    /// What [`Whitelist::reconcile`] would do. Changes nothing.
    ///
    /// # Errors
    /// [`SyncError`] when the table or the groups cannot be read.
    pub async fn drift(&self, environment: Option<&Environment>) -> Result<Vec<GroupPlan>, SyncError> {
        let walls = self.walls().await?.of(environment);
        Ok(self.seen(&walls).await?.plans)
    }

    /// Everything that the table says, against every rule of ours.
    async fn seen(&self, walls: &Walls) -> Result<Seen, SyncError> {
        let known = walls.environments();
        let (mut entries, mut wrongly_marked) = (Vec::new(), Vec::new());
        for environment in &known {
            for row in self.table.in_environment(environment).await? {
                if self.is_marked_wrongly(&row, &known) {
                    wrongly_marked.push((row.ip_address.clone(), row.environment()));
                }
                entries.extend(self.entry(&row, &known).ok());
            }
        }
        let now = self.now();
        let (mut asked, mut sure) = (BTreeSet::new(), Vec::new());
        loop {
            let plans = walls.differences(&entries, now);
            // The index may lag behind: whatever seems to differ is looked up in the table itself, and what seems to
            // differ then as well.
            let open: BTreeSet<Place> =
                plans.iter().flat_map(places).filter(|place| !asked.contains(place)).collect();
            if open.is_empty() {
                return Ok(Seen { plans, sure, wrongly_marked });
            }
            let found = self.look_up(&open, &known).await?;
            entries.retain(|entry| !open.contains(&(entry.cidr, entry.environment.clone())));
            entries.extend(found.iter().cloned());
            sure.extend(found);
            asked.extend(open);
        }
    }

    /// The keys of those places where the table itself says something else by now.
    async fn moved(&self, places: &BTreeSet<Place>, before: &[Entry]) -> Result<BTreeSet<String>, SyncError> {
        let known: BTreeSet<Environment> =
            places.iter().map(|(_, environment)| environment.clone()).collect();
        let at = |entries: &[Entry]| -> BTreeMap<Place, Entry> {
            let place = |entry: &Entry| (entry.cidr, entry.environment.clone());
            entries.iter().map(|entry| (place(entry), entry.clone())).collect()
        };
        let (before, after) = (at(before), at(&self.look_up(places, &known).await?));
        let moved = places.iter().filter(|place| before.get(place) != after.get(place));
        Ok(moved.map(|(cidr, _)| cidr.to_string()).collect())
    }

    /// The entries at these places, as far as there are any, read from the table itself.
    async fn look_up(
        &self,
        places: &BTreeSet<Place>,
        known: &BTreeSet<Environment>,
    ) -> Result<Vec<Entry>, SyncError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<(String, Environment)> =
            places.iter().map(|(cidr, environment)| (cidr.to_string(), environment.clone())).collect();
        Ok(self.entries(&self.table.get(&keys).await?, known))
    }

    /// The index may show a row as it was: what is to be marked is read from the table itself.
    async fn quarantine_sure(
        &self,
        keys: Vec<(String, Environment)>,
        known: &BTreeSet<Environment>,
    ) -> Result<(), SyncError> {
        if keys.is_empty() {
            return Ok(());
        }
        self.quarantine(&self.table.get(&keys).await?, known).await
    }
}

/// The networks that something is to be done about, in each environment that the group is for.
fn places(plan: &GroupPlan) -> Vec<Place> {
    let networks = plan.difference.networks().into_iter();
    networks.flat_map(|cidr| plan.group.environments.iter().map(move |one| (cidr, one.clone()))).collect()
}

impl Walls {
    /// The groups that have anything to do with this environment, or all of them.
    fn of(mut self, environment: Option<&Environment>) -> Self {
        self.groups.retain(|group| environment.is_none_or(|one| group.environments.contains(one)));
        self
    }
}
