//! Managed prefix lists: for whitelists that are longer than a security group may be. Each is a group of its own to the
//! whitelist, whose entries are for whatever ports its users open.
//!
//! EC2's facts (User Guide, managed prefix lists; API reference of `ModifyManagedPrefixList`): a list has one family of
//! addresses and a fixed number of entries, which counts as a whole against the quota of the groups that use it; a
//! call adds or removes a hundred at most, and fails if the list's version is another one than the call says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_ec2::types::{AddPrefixListEntry, ManagedPrefixList, PrefixListEntry, RemovePrefixListEntry};
use ipnet::IpNet;

use super::firewall::by_tag;
use super::{Aws, Discovery, error, tags};
use crate::domain::{ANY_PORT, Cidr, Family, Group, GroupId, Owner, Rule, RuleId, Rules, Wanted};
use crate::ports::FirewallError;

/// What every prefix list's id begins with.
const BEGINS: &str = "pl-";
/// The most entries in one call.
const MOST_ENTRIES: usize = 100;
/// How the description of an entry of ours begins; entries have no tags.
const OURS: &str = "countersign ";

/// The managed prefix lists of one account and region that have the whitelist's tag.
#[derive(Debug, Clone)]
pub(super) struct PrefixLists {
    aws: Arc<Aws>,
    discovery: Discovery,
}

/// What one call does to a list.
enum Change {
    Add(Vec<AddPrefixListEntry>),
    Remove(Vec<RemovePrefixListEntry>),
}

/// Is it a prefix list's id, and no security group's?
pub(super) fn is_list(id: &GroupId) -> bool {
    id.as_str().starts_with(BEGINS)
}

impl PrefixLists {
    pub(super) fn new(aws: Arc<Aws>, discovery: Discovery) -> Self {
        Self { aws, discovery }
    }

    /// Those that have the tag, if any are to be kept, with their environments.
    pub(super) async fn groups(&self) -> Result<Vec<Group>, FirewallError> {
        let Some(tag) = self.discovery.tag.as_ref().filter(|_| self.discovery.prefix_lists) else {
            return Ok(Vec::new());
        };
        let client = self.aws.ec2().await;
        let request = client.describe_managed_prefix_lists().filters(by_tag(tag));
        let found: Vec<ManagedPrefixList> =
            request.into_paginator().items().send().try_collect().await.map_err(error::firewall)?;
        Ok(found.iter().filter_map(|list| self.group(list)).collect())
    }

    fn group(&self, list: &ManagedPrefixList) -> Option<Group> {
        let id = GroupId::new(list.prefix_list_id()?);
        let family = match list.address_family() {
            Some("IPv4") => Family::V4,
            Some("IPv6") => Family::V6,
            _ => return None,
        };
        // Its entries do not say which whitelist they are of: two that both took an unnamed list would fight over it.
        if tags::environments(list.tags()).is_empty() {
            tracing::error!(list = %id, "a prefix list is left alone: its tag `Environment` must say which environment it is for");
            return None;
        }
        Some(Group {
            environments: self.discovery.environments_of(&id, list.tags())?,
            id,
            name: list.prefix_list_name().unwrap_or_default().to_owned(),
            ports: BTreeSet::from([ANY_PORT]),
            family: Some(family),
            limit: list.max_entries().and_then(|most| usize::try_from(most).ok()).unwrap_or_default(),
        })
    }

    /// The entries of these lists, as rules. A list that is gone is left out.
    pub(super) async fn rules(&self, lists: &[GroupId]) -> Result<BTreeMap<GroupId, Rules>, FirewallError> {
        let mut rules = BTreeMap::new();
        for id in lists {
            match self.entries(id).await {
                Ok(entries) => {
                    let list = entries.iter().filter_map(rule).collect();
                    rules.insert(id.clone(), Rules { list, others: 0 });
                }
                Err(FirewallError::GroupGone) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(rules)
    }

    /// Adds entries, a hundred in a call: those before one that fails stay.
    pub(super) async fn authorise(&self, id: &GroupId, wanted: &[Wanted]) -> Result<(), FirewallError> {
        let there: BTreeSet<Cidr> = self.entries(id).await?.iter().filter_map(network).collect();
        if wanted.iter().any(|wanted| there.contains(&wanted.cidr)) {
            return Err(FirewallError::Duplicate);
        }
        for chunk in wanted.chunks(MOST_ENTRIES) {
            let entry = |wanted: &Wanted| {
                AddPrefixListEntry::builder()
                    .cidr(wanted.cidr.to_string())
                    .description(wanted.description.clone())
                    .build()
            };
            self.change(id, Change::Add(chunk.iter().map(entry).collect())).await?;
        }
        Ok(())
    }

    /// Removes entries by their networks, a hundred in a call.
    pub(super) async fn revoke(&self, id: &GroupId, rules: &[RuleId]) -> Result<(), FirewallError> {
        let entries = self.entries(id).await?;
        let is_ours = |id: &RuleId| {
            entries.iter().filter_map(rule).any(|rule| rule.id == *id && rule.owner == Owner::Ours)
        };
        if !rules.iter().all(is_ours) {
            return Err(FirewallError::NotFound);
        }
        for chunk in rules.chunks(MOST_ENTRIES) {
            let entry = |id: &RuleId| RemovePrefixListEntry::builder().cidr(id.as_str()).build();
            self.change(id, Change::Remove(chunk.iter().map(entry).collect())).await?;
        }
        Ok(())
    }

    async fn entries(&self, id: &GroupId) -> Result<Vec<PrefixListEntry>, FirewallError> {
        let client = self.aws.ec2().await;
        let request = client.get_managed_prefix_list_entries().prefix_list_id(id.as_str());
        request.into_paginator().items().send().try_collect().await.map_err(error::firewall)
    }

    /// One call on the version that is there now. If somebody else changes the list in this moment, EC2 refuses it,
    /// and it is tried again as after a pause.
    async fn change(&self, id: &GroupId, change: Change) -> Result<(), FirewallError> {
        let client = self.aws.ec2().await;
        let lists = client.describe_managed_prefix_lists().prefix_list_ids(id.as_str()).send().await;
        let lists = lists.map_err(error::firewall)?.prefix_lists.unwrap_or_default();
        let list = lists.first().ok_or(FirewallError::GroupGone)?;
        let request = client
            .modify_managed_prefix_list()
            .prefix_list_id(id.as_str())
            .set_current_version(list.version());
        let request = match change {
            Change::Add(entries) => request.set_add_entries(Some(entries)),
            Change::Remove(entries) => request.set_remove_entries(Some(entries)),
        };
        request.send().await.map(drop).map_err(error::firewall)
    }
}

fn network(entry: &PrefixListEntry) -> Option<Cidr> {
    entry.cidr()?.parse::<IpNet>().ok().map(Cidr::new)
}

/// An entry as a rule, whose id is its network.
fn rule(entry: &PrefixListEntry) -> Option<Rule> {
    let description = entry.description().unwrap_or_default();
    let owner = if description.starts_with(OURS) { Owner::Ours } else { Owner::Foreign };
    Some(Rule {
        id: RuleId::new(entry.cidr()?),
        cidr: network(entry)?,
        ports: Some((ANY_PORT, ANY_PORT)),
        owner,
        description: description.to_owned(),
    })
}
