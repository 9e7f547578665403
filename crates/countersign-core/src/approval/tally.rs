//! Counting: who has signed, who is missing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Quorum, Verdict, Vote};
use crate::ids::{GroupName, PersonId};

/// The count of one plan's votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Everyone who signed, in the order in which they did.
    pub signed: Vec<PersonId>,
    /// The caller still has to confirm.
    pub caller_missing: bool,
    /// So many other people still have to sign.
    pub others_missing: usize,
    /// Groups that nobody represents yet.
    pub groups_missing: BTreeSet<GroupName>,
    /// The first person who objected.
    pub objection: Option<PersonId>,
}

impl Tally {
    /// Counts `votes`, all of them eligible and all for the plan that would run.
    ///
    /// The caller never counts as another, and nobody counts twice. Of the
    /// others, each group of the quorum must have a person of its own;
    /// `groups_of` says in which groups a person is.
    pub fn count(
        quorum: &Quorum,
        caller: &PersonId,
        votes: &[Vote],
        groups_of: impl Fn(&PersonId) -> BTreeSet<GroupName>,
    ) -> Self {
        let mut signed: Vec<PersonId> = Vec::new();
        for vote in votes.iter().filter(|vote| vote.verdict == Verdict::Approve) {
            if !signed.contains(&vote.person) {
                signed.push(vote.person.clone());
            }
        }
        let objection =
            votes.iter().find(|vote| vote.verdict == Verdict::Object).map(|vote| vote.person.clone());

        let others: Vec<BTreeSet<GroupName>> = signed
            .iter()
            .filter(|person| *person != caller)
            .map(&groups_of)
            .filter(|groups| quorum.from.is_empty() || !groups.is_disjoint(&quorum.from))
            .collect();
        let groups_missing = unrepresented(&quorum.from, &others);
        let others_missing = quorum.others_needed().saturating_sub(others.len()).max(groups_missing.len());
        Self {
            caller_missing: quorum.caller && !signed.contains(caller),
            signed,
            others_missing,
            groups_missing,
            objection,
        }
    }

    /// Is the set complete, with nobody objecting?
    pub fn is_complete(&self) -> bool {
        !self.caller_missing && self.others_missing == 0 && self.objection.is_none()
    }
}

/// The groups left over when each person represents at most one group, as well as it can be arranged.
fn unrepresented(groups: &BTreeSet<GroupName>, people: &[BTreeSet<GroupName>]) -> BTreeSet<GroupName> {
    let mut taken: BTreeMap<usize, &GroupName> = BTreeMap::new();
    groups.iter().filter(|group| !place(group, people, &mut taken, &mut BTreeSet::new())).cloned().collect()
}

/// Finds a person for `group`, moving others to another of their groups where that helps.
fn place<'g>(
    group: &'g GroupName,
    people: &[BTreeSet<GroupName>],
    taken: &mut BTreeMap<usize, &'g GroupName>,
    tried: &mut BTreeSet<usize>,
) -> bool {
    for (person, groups) in people.iter().enumerate() {
        if !groups.contains(group) || !tried.insert(person) {
            continue;
        }
        let free = match taken.get(&person).copied() {
            None => true,
            Some(other) => place(other, people, taken, tried),
        };
        if free {
            taken.insert(person, group);
            return true;
        }
    }
    false
}

#[cfg(test)]
#[path = "tally_tests.rs"]
mod tests;
