//! The security groups on EC2.

mod discovery;
mod permissions;
mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::operation::authorize_security_group_ingress::builders::AuthorizeSecurityGroupIngressFluentBuilder;
use aws_sdk_ec2::types::{Filter, SecurityGroup};
use ipnet::Ipv4Net;

pub use discovery::Discovery;
pub(super) use discovery::by_tag;

use super::look::May;
use super::prefix_lists::{PrefixLists, is_list};
use super::{Aws, error, tags};
use crate::domain::{Cidr, Group, GroupId, Rule, RuleId, Rules, Wanted};
use crate::ports::{Firewall, FirewallError};

/// How many rules a group may have for one address family, unless AWS was asked for more (VPC quotas).
pub const RULES_PER_GROUP: usize = 60;
/// EC2 takes this many values in one filter (User Guide, filtering).
const MOST_VALUES: usize = 200;
/// The most rules in a page (API reference of `DescribeSecurityGroupRules`).
const PAGE: i32 = 1000;

/// The security groups of one account and region, and its managed prefix lists.
///
/// EC2 gives no token that makes authorising or revoking idempotent: a call whose answer was lost is sent again, and
/// then says that the rules are there, or gone, already.
#[derive(Debug, Clone)]
pub struct Ec2Firewall {
    aws: Arc<Aws>,
    discovery: Discovery,
    table: String,
    limit: usize,
}

impl Ec2Firewall {
    /// The groups that follow this table. Nothing is asked for yet.
    pub fn new(aws: Arc<Aws>, discovery: Discovery, table: &str) -> Self {
        Self { aws, discovery, table: table.to_owned(), limit: RULES_PER_GROUP }
    }

    /// The same where AWS allows another number of rules in a group.
    #[must_use]
    pub fn with_limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    async fn described(&self, filters: Vec<Filter>) -> Result<Vec<SecurityGroup>, FirewallError> {
        let client = self.aws.ec2().await;
        let request = client.describe_security_groups().set_filters(Some(filters)).max_results(PAGE);
        request.into_paginator().items().send().try_collect().await.map_err(error::firewall)
    }

    /// May this group be opened, and shut? EC2 is asked to try, and not to do it; what a try answers is an error either
    /// way (API reference, `DryRun`). Of prefix lists it is not asked: `None`.
    ///
    /// # Errors
    /// [`FirewallError`], where EC2 says neither yes nor no.
    pub(super) async fn may(&self, group: &GroupId) -> Result<Option<May>, FirewallError> {
        if is_list(group) {
            return Ok(None);
        }
        let open = self.authorising(group, &[example()]).await.dry_run(true).send().await;
        let client = self.aws.ec2().await;
        let shut = client.revoke_security_group_ingress().group_id(group.as_str()).dry_run(true);
        let shut = shut.set_ip_permissions(Some(permissions::of(&[example()]))).send().await;
        Ok(Some(May { open: tried(open)?, shut: tried(shut)? }))
    }

    fn lists(&self) -> PrefixLists {
        PrefixLists::new(Arc::clone(&self.aws), self.discovery.clone())
    }

    /// Those of the groups that there are.
    async fn existing(&self, groups: &[GroupId]) -> Result<BTreeSet<GroupId>, FirewallError> {
        let mut there = BTreeSet::new();
        for chunk in groups.chunks(MOST_VALUES) {
            let found = self.described(vec![by_group(chunk)]).await?;
            there.extend(found.into_iter().filter_map(|group| group.group_id).map(GroupId::new));
        }
        Ok(there)
    }
}

#[async_trait]
impl Firewall for Ec2Firewall {
    async fn groups(&self) -> Result<Vec<Group>, FirewallError> {
        let mut found = BTreeMap::new();
        for filters in self.discovery.filters() {
            for group in self.described(filters).await? {
                if let Some(group) = self.discovery.group(&group, self.limit) {
                    found.insert(group.id.clone(), group);
                }
            }
        }
        let lists = self.lists().groups().await?;
        Ok(found.into_values().chain(lists).collect())
    }

    async fn rules(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Rules>, FirewallError> {
        let (lists, groups): (Vec<GroupId>, Vec<GroupId>) = groups.iter().cloned().partition(is_list);
        let mut rules = self.rules_of_groups(&groups).await?;
        rules.extend(self.lists().rules(&lists).await?);
        Ok(rules)
    }

    fn is_whole(&self) -> bool {
        self.discovery.is_whole()
    }

    async fn strays(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Vec<Rule>>, FirewallError> {
        let mut strays: BTreeMap<GroupId, Vec<Rule>> = BTreeMap::new();
        if !self.discovery.keeps_all_rules() {
            return Ok(strays);
        }
        let client = self.aws.ec2().await;
        let marks = tags::marks(&self.table).map(|(key, value)| by_tag(&(key.to_owned(), value.to_owned())));
        let request =
            client.describe_security_group_rules().set_filters(Some(marks.into())).max_results(PAGE);
        let mut found = request.into_paginator().items().send();
        while let Some(rule) = found.try_next().await.map_err(error::firewall)? {
            let group = rule.group_id().map(GroupId::new).filter(|id| !groups.contains(id));
            if let (Some(group), Some(rule)) = (group, reading::rule(&rule, &self.table)) {
                strays.entry(group).or_default().push(rule);
            }
        }
        Ok(strays)
    }

    async fn authorise(&self, group: &GroupId, rules: &[Wanted]) -> Result<(), FirewallError> {
        match rules {
            [] => Ok(()),
            rules if is_list(group) => self.lists().authorise(group, rules).await,
            rules => self.authorise_in_group(group, rules).await,
        }
    }

    async fn revoke(&self, group: &GroupId, rules: &[RuleId]) -> Result<(), FirewallError> {
        match rules {
            [] => Ok(()),
            rules if is_list(group) => self.lists().revoke(group, rules).await,
            rules => self.revoke_in_group(group, rules).await,
        }
    }
}

impl Ec2Firewall {
    async fn rules_of_groups(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Rules>, FirewallError> {
        let client = self.aws.ec2().await;
        let mut rules: BTreeMap<GroupId, Rules> =
            groups.iter().map(|id| (id.clone(), Rules::default())).collect();
        for chunk in groups.chunks(MOST_VALUES) {
            let request = client.describe_security_group_rules().filters(by_group(chunk)).max_results(PAGE);
            let mut found = request.into_paginator().items().send();
            while let Some(rule) = found.try_next().await.map_err(error::firewall)? {
                let group = rule.group_id().map(GroupId::new);
                if let Some(rules) = group.and_then(|group| rules.get_mut(&group)) {
                    reading::add(rules, &rule, &self.table);
                }
            }
        }
        // Asked by a filter, EC2 answers the same for a group without rules and for one that is gone.
        let silent: Vec<GroupId> =
            rules.iter().filter(|(_, rules)| **rules == Rules::default()).map(|(id, _)| id.clone()).collect();
        let there = self.existing(&silent).await?;
        rules.retain(|id, rules| *rules != Rules::default() || there.contains(id));
        Ok(rules)
    }

    async fn authorise_in_group(&self, group: &GroupId, rules: &[Wanted]) -> Result<(), FirewallError> {
        let request = self.authorising(group, rules).await;
        request.send().await.map(drop).map_err(error::firewall)
    }

    async fn authorising(
        &self,
        group: &GroupId,
        rules: &[Wanted],
    ) -> AuthorizeSecurityGroupIngressFluentBuilder {
        let client = self.aws.ec2().await;
        client
            .authorize_security_group_ingress()
            .group_id(group.as_str())
            .set_ip_permissions(Some(permissions::of(rules)))
            .tag_specifications(permissions::marks(&self.table))
    }

    async fn revoke_in_group(&self, group: &GroupId, rules: &[RuleId]) -> Result<(), FirewallError> {
        let client = self.aws.ec2().await;
        let ids = rules.iter().map(|id| id.as_str().to_owned()).collect();
        let request = client
            .revoke_security_group_ingress()
            .group_id(group.as_str())
            .set_security_group_rule_ids(Some(ids));
        request.send().await.map(drop).map_err(error::firewall)
    }
}

/// What a try says.
fn tried<O, E, R>(answer: Result<O, SdkError<E, R>>) -> Result<bool, FirewallError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error::code(&error) == Some("DryRunOperation") => Ok(true),
        Err(error) => match error::firewall(error) {
            FirewallError::Denied(_) => Ok(false),
            other => Err(other),
        },
    }
}

/// A rule as it could be: from a network that is nobody's (RFC 5737).
fn example() -> Wanted {
    let net = Ipv4Net::new_assert(Ipv4Addr::new(192, 0, 2, 1), 32);
    Wanted { cidr: Cidr::new(net.into()), port: 443, description: String::new() }
}

fn by_group(groups: &[GroupId]) -> Filter {
    let ids = groups.iter().map(|id| id.as_str().to_owned()).collect();
    Filter::builder().name("group-id").set_values(Some(ids)).build()
}
