//! What became of an attempt to bring the groups in line.

use std::collections::BTreeSet;

use super::{GroupSynced, Trouble};
use crate::domain::{Cidr, Environment, Rule, Wanted};

/// What was done, group by group.
#[derive(Debug, Default)]
pub struct Synced {
    /// The groups for which something was to be done.
    pub groups: Vec<GroupSynced>,
}

impl Synced {
    /// The networks for which a rule was added in a group of this environment.
    pub fn opened_in(&self, environment: &Environment) -> BTreeSet<Cidr> {
        self.of(environment).flat_map(|group| &group.authorised).map(|wanted| wanted.cidr).collect()
    }

    /// The networks of which a rule was taken away in a group of this environment.
    pub fn shut_in(&self, environment: &Environment) -> BTreeSet<Cidr> {
        self.of(environment).flat_map(|group| &group.revoked).map(|rule| rule.cidr).collect()
    }

    /// Is there a group of this environment in which something may be open still that should be shut?
    pub fn is_behind_in(&self, environment: &Environment) -> bool {
        self.of(environment).any(|group| group.trouble.as_ref().is_some_and(Trouble::may_leave_open))
    }

    /// Is there a group that another attempt may bring in line?
    pub fn is_to_be_tried_again(&self) -> bool {
        self.groups.iter().any(|group| group.trouble.as_ref().is_some_and(Trouble::may_pass))
    }

    fn of<'s>(&'s self, environment: &'s Environment) -> impl Iterator<Item = &'s GroupSynced> {
        self.groups.iter().filter(|group| group.group.environments.contains(environment))
    }

    /// Was anything written?
    pub(super) fn wrote(&self) -> bool {
        self.groups.iter().any(GroupSynced::wrote)
    }

    /// Takes in what was done afterwards. What was undone is as if it had not been done.
    pub(super) fn absorb(&mut self, later: Self) {
        for group in later.groups {
            match self.groups.iter_mut().find(|known| known.group.id == group.group.id) {
                Some(known) => known.absorb(group),
                None => self.groups.push(group),
            }
        }
    }
}

impl GroupSynced {
    fn wrote(&self) -> bool {
        !self.authorised.is_empty() || !self.revoked.is_empty()
    }

    fn absorb(&mut self, later: Self) {
        let opened: BTreeSet<_> = self.authorised.iter().map(Wanted::place).collect();
        let shut: BTreeSet<_> = self.revoked.iter().filter_map(Rule::place).collect();
        let opened_now: BTreeSet<_> = later.authorised.iter().map(Wanted::place).collect();
        let shut_now: BTreeSet<_> = later.revoked.iter().filter_map(Rule::place).collect();
        let is_in =
            |places: &BTreeSet<_>, rule: &Rule| rule.place().is_some_and(|place| places.contains(&place));
        self.authorised.retain(|wanted| !shut_now.contains(&wanted.place()));
        self.revoked.retain(|rule| !is_in(&opened_now, rule));
        self.foreign.retain(|wanted| !later.foreign.contains(wanted));
        self.authorised.extend(later.authorised.into_iter().filter(|wanted| !shut.contains(&wanted.place())));
        self.revoked.extend(later.revoked.into_iter().filter(|rule| !is_in(&opened, rule)));
        self.foreign.extend(later.foreign);
        self.trouble = later.trouble.or(self.trouble);
    }
}
