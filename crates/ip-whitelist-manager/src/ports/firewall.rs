//! The security groups.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::Cause;
use crate::domain::{Group, GroupId, Rule, RuleId, Rules, Wanted};

/// The security groups that follow the whitelist, and their ingress rules.
///
/// EC2's facts (API reference and User Guide): a call is done whole or not at all; what exists already is
/// `InvalidPermission.Duplicate`, also when somebody else made it; a revoked rule does not cut established
/// connections.
#[async_trait]
pub trait Firewall: Send + Sync {
    /// The groups, found by tag or listed in the configuration.
    async fn groups(&self) -> Result<Vec<Group>, FirewallError>;

    /// The ingress rules of these groups, ours and others'. A group that is gone is left out.
    async fn rules(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Rules>, FirewallError>;

    /// Are all groups seen that follow the table? Where they are not, another process keeps the others, and what is no
    /// environment here may be one there.
    fn is_whole(&self) -> bool {
        true
    }

    /// The rules of ours in groups that are none of these: groups that have lost their tag. Nothing where
    /// another keeper may have those.
    async fn strays(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Vec<Rule>>, FirewallError> {
        let _ = groups;
        Ok(BTreeMap::new())
    }

    /// Adds these rules to the group in one call, marked as ours.
    async fn authorise(&self, group: &GroupId, rules: &[Wanted]) -> Result<(), FirewallError>;

    /// Takes these rules of the group away in one call, by their ids.
    async fn revoke(&self, group: &GroupId, rules: &[RuleId]) -> Result<(), FirewallError>;
}

/// The firewall did not do what it was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum FirewallError {
    /// One of the rules exists already: `InvalidPermission.Duplicate`.
    #[error("one of the rules is there already")]
    Duplicate,
    /// One of the rules does not exist any more: `InvalidSecurityGroupRuleId.NotFound`, `InvalidPermission.NotFound`.
    #[error("one of the rules is gone already")]
    NotFound,
    /// The group does not exist any more: `InvalidGroup.NotFound`.
    #[error("the group is gone")]
    GroupGone,
    /// The group is full: `RulesPerSecurityGroupLimitExceeded`.
    #[error("the group is full")]
    Full,
    /// EC2 asks to be asked more slowly: `RequestLimitExceeded`, `Throttling`.
    #[error("EC2 asks for a pause")]
    Throttled(#[source] Cause),
    /// The program may not: `UnauthorizedOperation`.
    #[error("the program has no right to do that")]
    Denied(#[source] Cause),
    /// Anything else; after a call that writes, it may have been done.
    #[error("EC2 did not answer as it should")]
    Failed(#[source] Cause),
}
