//! Security groups in memory, with EC2's ways.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::watch;

use crate::domain::{Cidr, Group, GroupId, Owner, Port, Rule, RuleId, Rules, Wanted};
use crate::ports::{Firewall, FirewallError};

/// Security groups that are gone when this is dropped.
#[derive(Debug)]
pub struct SandboxFirewall {
    walls: Mutex<Walls>,
    moved: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Walls {
    groups: BTreeMap<GroupId, (Group, Rules)>,
    /// Groups without the tag: nobody here keeps them.
    untagged: Vec<Group>,
    /// The rules of groups that have lost their tag.
    left: BTreeMap<GroupId, Rules>,
    numbers: u64,
    /// How often it was called.
    calls: u64,
}

impl Default for SandboxFirewall {
    fn default() -> Self {
        Self { walls: Mutex::default(), moved: watch::Sender::new(0) }
    }
}

impl SandboxFirewall {
    /// A group that follows the whitelist comes to be.
    pub fn add_group(&self, group: Group) {
        self.change(|walls| walls.groups.insert(group.id.clone(), (group, Rules::default())));
    }

    /// A group comes to be that nobody tagged.
    pub fn add_untagged(&self, group: Group) {
        self.change(|walls| walls.untagged.push(group));
    }

    /// A group loses its tag, and keeps its rules.
    pub fn untag(&self, group: &GroupId) {
        self.change(|walls| {
            if let Some((group, rules)) = walls.groups.remove(group) {
                walls.untagged.push(group.clone());
                walls.left.insert(group.id, rules);
            }
        });
    }

    /// A group is deleted.
    pub fn delete_group(&self, group: &GroupId) {
        self.change(|walls| walls.groups.remove(group));
    }

    /// Somebody else adds a rule; `None` when it is there already, or the group is gone.
    pub fn add_foreign(&self, group: &GroupId, (cidr, port): (Cidr, Port)) -> Option<RuleId> {
        self.change(|walls| walls.add(group, (cidr, port), (Owner::Foreign, "by hand")).ok())
    }

    /// Somebody else takes a rule away, whosever it is.
    pub fn remove_rule(&self, group: &GroupId, rule: &RuleId) {
        self.change(|walls| {
            if let Some((_, rules)) = walls.groups.get_mut(group) {
                rules.list.retain(|one| one.id != *rule);
            }
        });
    }

    /// Every group that follows the whitelist, with its rules.
    pub fn snapshot(&self) -> Vec<(Group, Rules)> {
        self.lock().groups.values().cloned().collect()
    }

    /// The groups that nobody tagged.
    pub fn untagged(&self) -> Vec<Group> {
        self.lock().untagged.clone()
    }

    /// How often it was called through its port.
    pub fn calls(&self) -> u64 {
        self.lock().calls
    }

    /// Tells of every change.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Walls) -> T) -> T {
        let done = change(&mut self.lock());
        self.moved.send_modify(|number| *number += 1);
        done
    }

    fn lock(&self) -> MutexGuard<'_, Walls> {
        self.walls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Firewall for SandboxFirewall {
    async fn groups(&self) -> Result<Vec<Group>, FirewallError> {
        let mut walls = self.lock();
        walls.calls += 1;
        Ok(walls.groups.values().map(|(group, _)| group.clone()).collect())
    }

    async fn rules(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Rules>, FirewallError> {
        let mut walls = self.lock();
        let found: BTreeMap<GroupId, Rules> = groups
            .iter()
            .filter_map(|id| walls.groups.get(id).map(|(_, rules)| (id.clone(), rules.clone())))
            .collect();
        // A page has a thousand rules at most.
        let rules: usize = found.values().map(|rules| rules.list.len()).sum();
        walls.calls += 1 + u64::try_from(rules / 1000).unwrap_or_default();
        Ok(found)
    }

    async fn strays(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Vec<Rule>>, FirewallError> {
        let mut walls = self.lock();
        walls.calls += 1;
        let ours = |rules: &Rules| -> Vec<Rule> {
            rules.list.iter().filter(|rule| rule.owner == Owner::Ours).cloned().collect()
        };
        let left = walls.left.iter().filter(|(id, _)| !groups.contains(id));
        Ok(left.map(|(id, rules)| (id.clone(), ours(rules))).filter(|(_, rules)| !rules.is_empty()).collect())
    }

    async fn authorise(&self, group: &GroupId, wanted: &[Wanted]) -> Result<(), FirewallError> {
        self.change(|walls| {
            walls.calls += 1;
            let before = walls.groups.get(group).ok_or(FirewallError::GroupGone)?.clone();
            for one in wanted {
                if let Err(error) = walls.add(group, (one.cidr, one.port), (Owner::Ours, &one.description)) {
                    // Whole, or not at all.
                    walls.groups.insert(group.clone(), before);
                    return Err(error);
                }
            }
            Ok(())
        })
    }

    async fn revoke(&self, group: &GroupId, rules: &[RuleId]) -> Result<(), FirewallError> {
        self.change(|walls| {
            walls.calls += 1;
            let tagged = walls.groups.get_mut(group).map(|(_, rules)| rules);
            let there = tagged.or(walls.left.get_mut(group)).ok_or(FirewallError::GroupGone)?;
            if rules.iter().any(|id| !there.list.iter().any(|rule| rule.id == *id)) {
                return Err(FirewallError::NotFound);
            }
            there.list.retain(|rule| !rules.contains(&rule.id));
            Ok(())
        })
    }
}

impl Walls {
    fn add(
        &mut self,
        group: &GroupId,
        (cidr, port): (Cidr, Port),
        (owner, description): (Owner, &str),
    ) -> Result<RuleId, FirewallError> {
        self.numbers += 1;
        let id = RuleId::new(format!("sgr-{:017x}", self.numbers));
        let (kept, rules) = self.groups.get_mut(group).ok_or(FirewallError::GroupGone)?;
        if rules.list.iter().any(|rule| rule.place() == Some((cidr, port))) {
            return Err(FirewallError::Duplicate);
        }
        let used = rules.list.iter().filter(|rule| rule.cidr.is_v4() == cidr.is_v4()).count() + rules.others;
        if used >= kept.limit {
            return Err(FirewallError::Full);
        }
        rules.list.push(Rule {
            id: id.clone(),
            cidr,
            ports: Some((port, port)),
            owner,
            description: description.to_owned(),
        });
        Ok(id)
    }
}
