//! Which security groups follow the whitelist.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{Filter, SecurityGroup, Tag};

use super::super::tags;
use super::MOST_VALUES;
use crate::domain::{Environment, Group, GroupId};

/// Which security groups follow the whitelist, and for which environments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Groups with this tag: its key and its value.
    pub tag: Option<(String, String)>,
    /// Groups by their ids, with the environments that they are for; these go before their tags.
    pub listed: BTreeMap<GroupId, BTreeSet<Environment>>,
    /// The one environment that this keeper is for: groups of others are left alone, and a group that names none is
    /// for this one. Without it, every group must name its own.
    pub environment: Option<Environment>,
    /// Does nobody else keep groups by the same table, so that a rule of it in a group that is none of these is a
    /// mistake?
    pub alone: bool,
    /// Groups with the tag are looked for in this VPC alone.
    pub vpc: Option<String>,
    /// Are managed prefix lists with the tag kept as well?
    pub prefix_lists: bool,
}

/// A filter for whatever has this tag: its key and its value.
pub(in super::super) fn by_tag((key, value): &(String, String)) -> Filter {
    Filter::builder().name(format!("tag:{key}")).values(value).build()
}

impl Discovery {
    /// Are all groups of the table seen, so that a row of any other environment is a mistake?
    pub(super) fn is_whole(&self) -> bool {
        self.environment.is_none() && self.vpc.is_none()
    }

    /// Is every rule of the table this keeper's to shut, wherever it is?
    pub(super) fn keeps_all_rules(&self) -> bool {
        self.alone || self.is_whole()
    }

    /// What EC2 is asked for, request by request.
    pub(super) fn filters(&self) -> Vec<Vec<Filter>> {
        let filter =
            |name: String, values: Vec<String>| Filter::builder().name(name).set_values(Some(values)).build();
        let mut all = Vec::new();
        if let Some(tag) = &self.tag {
            let mut filters = vec![by_tag(tag)];
            filters.extend(self.vpc.iter().map(|vpc| filter("vpc-id".to_owned(), vec![vpc.clone()])));
            all.push(filters);
        }
        let listed: Vec<_> = self.listed.keys().collect();
        for chunk in listed.chunks(MOST_VALUES) {
            let ids = chunk.iter().map(|id| id.as_str().to_owned()).collect();
            all.push(vec![filter("group-id".to_owned(), ids)]);
        }
        all
    }

    /// The group as the whitelist sees it; `None`, with a line in the log where somebody has to do something, if it is
    /// none of its groups.
    pub(super) fn group(&self, found: &SecurityGroup, limit: usize) -> Option<Group> {
        let id = GroupId::new(found.group_id()?);
        let Some(ports) = tags::ports(found.tags()) else {
            let value = tags::value(found.tags(), tags::PORTS);
            tracing::error!(group = %id, value, "a security group is left alone: its tag `WhitelistPorts` must be a list of ports like `443,22`");
            return None;
        };
        let environments = self.environments_of(&id, found.tags())?;
        let name = found.group_name().unwrap_or_default().to_owned();
        Some(Group { id, name, environments, ports, family: None, limit })
    }

    /// The environments that something with these tags is for; `None`, with a line in the log, if it is for none.
    pub(in super::super) fn environments_of(
        &self,
        id: &GroupId,
        tags: &[Tag],
    ) -> Option<BTreeSet<Environment>> {
        let environments = self.environments(id, tags);
        if environments.is_empty() && self.environment.is_none() {
            tracing::error!(group = %id, "a group is left alone: its tag `Environment` must say which environment it is for");
        }
        (!environments.is_empty()).then_some(environments)
    }

    fn environments(&self, id: &GroupId, tags: &[Tag]) -> BTreeSet<Environment> {
        if let Some(listed) = self.listed.get(id) {
            return listed.clone();
        }
        let named = tags::environments(tags);
        match &self.environment {
            None => named,
            Some(own) if named.is_empty() => BTreeSet::from([own.clone()]),
            // What the others want of a group that is shared stays, whoever keeps it.
            Some(own) if named.contains(own) => named,
            Some(_) => BTreeSet::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(tags: &[(&str, &str)]) -> SecurityGroup {
        let tags = tags.iter().map(|(key, value)| Tag::builder().key(*key).value(*value).build()).collect();
        SecurityGroup::builder().group_id("sg-1").group_name("web").set_tags(Some(tags)).build()
    }

    fn environments(discovery: &Discovery, tags: &[(&str, &str)]) -> Vec<String> {
        let group = discovery.group(&found(tags), 60);
        group.map_or_else(Vec::new, |group| group.environments.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_group_says_what_it_is_for() {
        let any = Discovery::default();
        assert_eq!(environments(&any, &[("Environment", "dev, staging")]), ["dev", "staging"]);
        assert!(environments(&any, &[]).is_empty());
        assert!(environments(&any, &[("Environment", "dev"), ("WhitelistPorts", "https")]).is_empty());
    }

    #[test]
    fn a_whitelist_of_one_environment_leaves_the_groups_of_others_alone() {
        let dev = Discovery { environment: Some(Environment::new("dev")), ..Discovery::default() };
        assert_eq!(environments(&dev, &[]), ["dev"]);
        assert_eq!(environments(&dev, &[("Environment", "dev staging")]), ["dev", "staging"]);
        assert!(environments(&dev, &[("Environment", "staging")]).is_empty());
    }

    #[test]
    fn what_is_listed_goes_before_the_tags() {
        let listed = [(GroupId::new("sg-1"), [Environment::new("qa")].into())].into();
        let discovery =
            Discovery { listed, environment: Some(Environment::new("dev")), ..Discovery::default() };
        assert_eq!(environments(&discovery, &[("Environment", "staging")]), ["qa"]);
    }

    #[test]
    fn ec2_is_asked_for_the_tag_and_for_what_is_listed() {
        assert!(Discovery::default().filters().is_empty());
        let listed = (0..201).map(|number| (GroupId::new(format!("sg-{number}")), BTreeSet::new())).collect();
        let tag = Some(("WhitelistManaged".to_owned(), "true".to_owned()));
        let discovery = Discovery { tag, listed, vpc: Some("vpc-1".to_owned()), ..Discovery::default() };
        let asked = discovery.filters();
        let names = |filters: &Vec<Filter>| {
            filters.iter().map(|f| format!("{}: {}", f.name().unwrap(), f.values().len())).collect::<Vec<_>>()
        };
        let asked: Vec<_> = asked.iter().map(names).collect();
        assert_eq!(
            asked,
            [vec!["tag:WhitelistManaged: 1", "vpc-id: 1"], vec!["group-id: 200"], vec!["group-id: 1"]]
        );
    }
}
