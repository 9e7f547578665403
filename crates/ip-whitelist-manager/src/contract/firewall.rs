//! What every firewall promises.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a promise that is not kept is a failed test"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::{Cidr, Environment, GroupId, Owner, Port, Rule, RuleId, Wanted};
use crate::ports::{Firewall, FirewallError};

/// A firewall with two groups that have no rules yet.
#[derive(Clone)]
pub struct Site {
    /// The firewall that is tried.
    pub firewall: Arc<dyn Firewall>,
    /// The first is for `dev`, the second for `dev` and `staging`; both open port 443, and may have sixty rules.
    pub groups: [GroupId; 2],
    /// Whoever else works on the account.
    pub others: Arc<dyn Others>,
}

/// Whoever else works on the account.
#[async_trait]
pub trait Others: Send + Sync {
    /// Adds a rule for TCP by hand.
    async fn add_rule(&self, group: &GroupId, place: (Cidr, Port));

    /// Deletes a group.
    async fn delete_group(&self, group: &GroupId);
}

impl Site {
    async fn list(&self, group: &GroupId) -> Vec<Rule> {
        let mut rules = self.firewall.rules(std::slice::from_ref(group)).await.unwrap();
        let mut list = rules.remove(group).unwrap().list;
        list.sort_by_key(|rule| (rule.cidr, rule.ports));
        list
    }

    async fn networks(&self, group: &GroupId) -> Vec<String> {
        self.list(group).await.into_iter().map(|rule| rule.cidr.to_string()).collect()
    }
}

fn wanted(cidr: &str) -> Wanted {
    Wanted {
        cidr: cidr.parse().unwrap(),
        port: 443,
        description: "countersign dev until 2027-01-15".to_owned(),
    }
}

fn number(number: usize) -> Wanted {
    wanted(&format!("203.0.113.{number}/32"))
}

fn ids(rules: &[Rule]) -> Vec<RuleId> {
    rules.iter().map(|rule| rule.id.clone()).collect()
}

#[track_caller]
fn is(kind: fn(&FirewallError) -> bool, result: Result<(), FirewallError>) {
    match result {
        Err(error) if kind(&error) => {}
        other => panic!("{other:?}"),
    }
}

fn is_duplicate(error: &FirewallError) -> bool {
    matches!(error, FirewallError::Duplicate)
}

fn is_not_found(error: &FirewallError) -> bool {
    matches!(error, FirewallError::NotFound)
}

fn is_gone(error: &FirewallError) -> bool {
    matches!(error, FirewallError::GroupGone)
}

/// Both, with their environments and ports.
pub async fn the_groups_are_found(site: Arc<Site>) {
    let groups = site.firewall.groups().await.unwrap();
    for (id, environments) in site.groups.iter().zip([&["dev"][..], &["dev", "staging"]]) {
        let group = groups.iter().find(|group| group.id == *id).unwrap();
        let environments: BTreeSet<_> = environments.iter().map(|name| Environment::new(*name)).collect();
        assert_eq!((&group.environments, &group.ports, group.limit), (&environments, &[443].into(), 60));
    }
    let rules = site.firewall.rules(&site.groups).await.unwrap();
    assert!(site.groups.iter().all(|id| rules.get(id).is_some_and(|rules| rules.list.is_empty())));
    assert!(site.firewall.rules(&[]).await.unwrap().is_empty());
}

/// Addresses and networks of both families, in one call; each rule has an id of its own.
pub async fn what_is_authorised_is_ours(site: Arc<Site>) {
    let group = &site.groups[0];
    let all = ["198.51.100.0/24", "203.0.113.7/32", "2001:db8::/48", "2001:db8:1::1/128"].map(wanted);
    site.firewall.authorise(group, &all).await.unwrap();
    let rules = site.list(group).await;
    for (rule, wanted) in rules.iter().zip(&all) {
        assert_eq!((rule.place(), rule.owner), (Some(wanted.place()), Owner::Ours));
        assert_eq!(rule.description, wanted.description);
    }
    assert_eq!(ids(&rules).into_iter().collect::<BTreeSet<_>>().len(), all.len());
}

/// It is seen, and known not to be ours.
pub async fn a_rule_of_somebody_else_is_not_ours(site: Arc<Site>) {
    let group = &site.groups[0];
    site.others.add_rule(group, number(7).place()).await;
    site.firewall.authorise(group, &[number(8)]).await.unwrap();
    let owners: Vec<Owner> = site.list(group).await.iter().map(|rule| rule.owner).collect();
    assert_eq!(owners, [Owner::Foreign, Owner::Ours]);
}

/// Whoever made it, and it stays as it is.
pub async fn what_is_there_already_is_a_duplicate(site: Arc<Site>) {
    let group = &site.groups[0];
    site.others.add_rule(group, number(7).place()).await;
    site.firewall.authorise(group, &[number(8)]).await.unwrap();
    let before = site.list(group).await;
    for there in [number(7), number(8)] {
        is(is_duplicate, site.firewall.authorise(group, &[there]).await);
    }
    assert_eq!(site.list(group).await, before);
}

/// EC2 makes a rule of a network, a protocol and ports.
pub async fn another_port_is_another_rule(site: Arc<Site>) {
    let group = &site.groups[0];
    site.others.add_rule(group, (number(7).cidr, 22)).await;
    site.firewall.authorise(group, &[number(7), Wanted { port: 5432, ..number(7) }]).await.unwrap();
    let ports: Vec<_> = site.list(group).await.iter().map(|rule| rule.ports).collect();
    assert_eq!(ports, [22, 443, 5432].map(|port| Some((port, port))));
}

/// By its id, and no other.
pub async fn what_is_revoked_is_gone_alone(site: Arc<Site>) {
    let group = &site.groups[0];
    let all: Vec<Wanted> = (0..40).map(number).collect();
    site.firewall.authorise(group, &all).await.unwrap();
    site.others.add_rule(group, number(99).place()).await;
    let (ours, mut kept): (Vec<Rule>, Vec<Rule>) =
        site.list(group).await.into_iter().partition(|rule| rule.owner == Owner::Ours);
    let (gone, stays) = ours.split_at(20);
    kept.splice(0..0, stays.iter().cloned());
    site.firewall.revoke(group, &ids(gone)).await.unwrap();
    assert_eq!(site.list(group).await, kept);
}

/// One that is gone stops the call, and the others stay.
pub async fn what_is_gone_already_is_not_found(site: Arc<Site>) {
    let group = &site.groups[0];
    site.firewall.authorise(group, &[number(7), number(8)]).await.unwrap();
    let rules = site.list(group).await;
    site.firewall.revoke(group, &ids(&rules[..1])).await.unwrap();
    is(is_not_found, site.firewall.revoke(group, &ids(&rules)).await);
    is(is_not_found, site.firewall.revoke(group, &ids(&rules[..1])).await);
    assert_eq!(site.networks(group).await, ["203.0.113.8/32"]);
}

/// The same network in two groups is two rules.
pub async fn groups_do_not_mix(site: Arc<Site>) {
    let [first, second] = &site.groups;
    for group in [first, second] {
        site.firewall.authorise(group, &[number(7)]).await.unwrap();
    }
    let rules = site.list(first).await;
    site.firewall.revoke(first, &ids(&rules)).await.unwrap();
    assert_eq!(site.networks(first).await, Vec::<String>::new());
    assert_eq!(site.networks(second).await, ["203.0.113.7/32"]);
}

/// Sixty of a family, whosever they are.
pub async fn a_full_group_takes_no_more(site: Arc<Site>) {
    let group = &site.groups[0];
    site.others.add_rule(group, number(99).place()).await;
    let all: Vec<Wanted> = (0..59).map(number).collect();
    site.firewall.authorise(group, &all).await.unwrap();
    is(|error| matches!(error, FirewallError::Full), site.firewall.authorise(group, &[number(200)]).await);
    assert_eq!(site.list(group).await.len(), 60);
}

/// It is left out of what is read, and cannot be written.
pub async fn a_group_that_is_gone_is_said(site: Arc<Site>) {
    let [first, second] = &site.groups;
    site.firewall.authorise(first, &[number(7)]).await.unwrap();
    let rules = site.list(first).await;
    site.others.delete_group(first).await;
    let left = site.firewall.rules(&site.groups).await.unwrap();
    assert_eq!(left.keys().collect::<Vec<_>>(), [second]);
    is(is_gone, site.firewall.authorise(first, &[number(8)]).await);
    is(is_gone, site.firewall.revoke(first, &ids(&rules)).await);
}

/// A call is done whole or not at all, and the families are counted apart. Not among the tests of `firewall_contract!`:
/// emulators of EC2 keep neither.
pub async fn a_call_is_done_whole_or_not_at_all(site: Arc<Site>) {
    let group = &site.groups[0];
    site.others.add_rule(group, number(7).place()).await;
    is(is_duplicate, site.firewall.authorise(group, &[number(6), number(7), number(8)]).await);
    assert_eq!(site.networks(group).await, ["203.0.113.7/32"]);
    let many: Vec<Wanted> = (10..70).map(number).collect();
    is(|error| matches!(error, FirewallError::Full), site.firewall.authorise(group, &many).await);
    assert_eq!(site.networks(group).await, ["203.0.113.7/32"]);
    site.firewall.authorise(group, &many[1..]).await.unwrap();
    site.firewall.authorise(group, &[wanted("2001:db8::1/128")]).await.unwrap();
}
