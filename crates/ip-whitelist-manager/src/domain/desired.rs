//! Which rules a group should have, and how that differs from those that it has.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::description::description;
use super::{Cidr, Entry, Group, Owner, Port, Rule, Rules, Wanted};

/// The rules that a group should have, in the order of their networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Desired(BTreeMap<(Cidr, Port), Wanted>);

/// What is to be done with a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Rules to be added.
    pub missing: Vec<Wanted>,
    /// Rules of ours to be taken away.
    pub surplus: Vec<Rule>,
    /// Rules that should be there, and are: somebody else made them, and keeps them.
    pub foreign: Vec<Wanted>,
}

/// How full a group is: rules of one address family, against the most that it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Rules for IPv4.
    pub v4: usize,
    /// Rules for IPv6.
    pub v6: usize,
    /// The most of each.
    pub limit: usize,
}

impl Desired {
    /// What the group should let through of these entries at `now` (UTC).
    pub fn of<'e>(group: &Group, entries: impl IntoIterator<Item = &'e Entry>, now: Timestamp) -> Self {
        let mut by_network: BTreeMap<Cidr, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            let is_for_it = group.environments.contains(&entry.environment) && group.takes(entry.cidr);
            if is_for_it && entry.is_open(now) {
                by_network.entry(entry.cidr).or_default().push(entry);
            }
        }
        let mut rules = BTreeMap::new();
        for (cidr, entries) in by_network {
            let description = description(&entries);
            for port in &group.ports {
                rules.insert((cidr, *port), Wanted { cidr, port: *port, description: description.clone() });
            }
        }
        Self(rules)
    }

    /// How it differs from the rules that exist. A description that says something else is no difference: the rule
    /// would be away for a moment.
    pub fn difference(&self, existing: &[Rule]) -> Difference {
        let mut ours = BTreeSet::new();
        let mut others = BTreeSet::new();
        let mut surplus = Vec::new();
        for rule in existing {
            let place = rule.place();
            match (rule.owner, place) {
                (Owner::Ours, Some(place)) if self.0.contains_key(&place) && ours.insert(place) => {}
                (Owner::Ours, _) => surplus.push(rule.clone()),
                (Owner::Foreign, Some(place)) => {
                    others.insert(place);
                }
                (Owner::Foreign, None) => {}
            }
        }
        let lacking = self.0.iter().filter(|(place, _)| !ours.contains(place));
        let (foreign, missing): (Vec<_>, Vec<_>) = lacking.partition(|(place, _)| others.contains(place));
        let wanted =
            |found: Vec<(&(Cidr, Port), &Wanted)>| found.into_iter().map(|(_, one)| one.clone()).collect();
        Difference { missing: wanted(missing), surplus, foreign: wanted(foreign) }
    }

    /// How many rules that is.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Difference {
    /// Is there nothing to do?
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.surplus.is_empty()
    }

    /// Leaves out what is about other networks.
    pub fn keep(&mut self, concerns: impl Fn(Cidr) -> bool) {
        self.missing.retain(|wanted| concerns(wanted.cidr));
        self.surplus.retain(|rule| concerns(rule.cidr));
        self.foreign.retain(|wanted| concerns(wanted.cidr));
    }

    /// The networks that something is to be done about.
    pub fn networks(&self) -> BTreeSet<Cidr> {
        let surplus = self.surplus.iter().map(|rule| rule.cidr);
        self.missing.iter().map(|wanted| wanted.cidr).chain(surplus).collect()
    }
}

impl Quota {
    /// How full a group is with these rules.
    pub fn of(group: &Group, rules: &Rules) -> Self {
        let count = |v4: bool| rules.list.iter().filter(|rule| rule.cidr.is_v4() == v4).count();
        // A rule for a prefix list or a group counts in both families.
        Self { v4: count(true) + rules.others, v6: count(false) + rules.others, limit: group.limit }
    }

    /// How full it is afterwards.
    pub fn after(mut self, difference: &Difference) -> Self {
        for rule in &difference.surplus {
            let of_family = if rule.cidr.is_v4() { &mut self.v4 } else { &mut self.v6 };
            *of_family = of_family.saturating_sub(1);
        }
        for wanted in &difference.missing {
            *if wanted.cidr.is_v4() { &mut self.v4 } else { &mut self.v6 } += 1;
        }
        self
    }

    /// Does it fit?
    pub fn fits(self) -> bool {
        self.v4 <= self.limit && self.v6 <= self.limit
    }
}

#[cfg(test)]
#[path = "desired_tests.rs"]
mod tests;
