//! The checks, in order, and the yes or no that they add up to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Permit, Person, Refusal, Standing};
use crate::approval::Quorum;
use crate::command::spec::{Scope, Spec};
use crate::ids::{ChannelId, GroupName, OrgId, PersonId, UserId};

/// What the configuration says about people and places.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The workspace whose people count.
    pub home: OrgId,
    /// The groups and their members, all of the home workspace.
    pub groups: BTreeMap<GroupName, BTreeSet<UserId>>,
    /// Who may use the bot at all.
    pub people: Scope<UserId>,
    /// Where the bot works at all.
    pub channels: Scope<ChannelId>,
}

/// The question: may this person run this command with these arguments here?
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The command.
    pub spec: &'a Spec,
    /// Its arguments: a JSON object by argument name.
    pub args: &'a Value,
    /// Who asks.
    pub person: &'a Person,
    /// Where they ask.
    pub channel: &'a ChannelId,
}

/// One check of a decision and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked, in a few words.
    pub what: &'static str,
    /// `None`: passed.
    pub refusal: Option<Refusal>,
}

impl Policy {
    /// Yes, as a [`Permit`] for exactly this command and these arguments; or the first check that says no.
    ///
    /// # Errors
    /// The [`Refusal`] for the person who asked.
    pub fn permit(&self, ask: &Ask<'_>) -> Result<Permit, Refusal> {
        first_no(self.why(ask))?;
        let quorum = quorum_for(ask.spec, ask.args);
        Ok(Permit::new(ask.spec.name.clone(), ask.args.clone(), ask.person.id.clone(), quorum))
    }

    /// Every check of the decision, passed or not, in the order in which they count.
    pub fn why(&self, ask: &Ask<'_>) -> Vec<Check> {
        self.running_checks(ask.spec, ask.person, ask.channel)
    }

    /// May this person know of the command here? Help, completion and "did you mean" ask this.
    pub fn may_see(&self, spec: &Spec, person: &Person, channel: &ChannelId) -> bool {
        first_no(self.running_checks(spec, person, channel)).is_ok()
    }

    /// May this person's vote count for an operation of `spec` here?
    ///
    /// The caller votes as the one who asked. Another person must be in one of
    /// the quorum's groups; where it names none, they must be one who may run
    /// the command themselves.
    ///
    /// # Errors
    /// The [`Refusal`] for the person who voted.
    pub fn may_vote(&self, spec: &Spec, ballot: &Ballot<'_>) -> Result<(), Refusal> {
        let Ballot { quorum, caller, person, channel } = *ballot;
        if person.id == *caller || quorum.from.is_empty() {
            return first_no(self.running_checks(spec, person, channel));
        }
        let mut checks = self.place_checks(spec, channel);
        checks.extend(self.person_checks(person));
        checks.push(self.group_check(&quorum.from, person));
        first_no(checks)
    }

    /// The groups that a person is in.
    pub fn groups_of(&self, person: &PersonId) -> BTreeSet<GroupName> {
        if person.org != self.home {
            return BTreeSet::new();
        }
        let names = self.groups.iter().filter(|(_, members)| members.contains(&person.user));
        names.map(|(name, _)| name.clone()).collect()
    }

    fn running_checks(&self, spec: &Spec, person: &Person, channel: &ChannelId) -> Vec<Check> {
        let mut checks = self.place_checks(spec, channel);
        checks.extend(self.person_checks(person));
        if !spec.groups.is_empty() {
            checks.push(self.group_check(&spec.groups, person));
        }
        checks
    }

    fn place_checks(&self, spec: &Spec, channel: &ChannelId) -> Vec<Check> {
        vec![
            check("the bot works in this channel", self.channels.contains(channel), || Refusal::NotHere),
            check("the command belongs to this channel", spec.channels.contains(channel), || {
                Refusal::NotHere
            }),
        ]
    }

    fn person_checks(&self, person: &Person) -> Vec<Check> {
        let standing = match person.standing {
            Standing::Member if person.id.org != self.home => Standing::Foreign,
            standing => standing,
        };
        vec![
            check("a full member of this workspace", standing == Standing::Member, || Refusal::NotYou {
                standing,
            }),
            check("listed in the configuration", self.people.contains(&person.id.user), || {
                Refusal::NotListed
            }),
        ]
    }

    fn group_check(&self, groups: &BTreeSet<GroupName>, person: &Person) -> Check {
        let inside = !self.groups_of(&person.id).is_disjoint(groups);
        check("a member of one of the groups", inside, || Refusal::NotInGroup { groups: groups.clone() })
    }
}

/// The question: does this person's vote count?
#[derive(Debug, Clone, Copy)]
pub struct Ballot<'a> {
    /// The signatures that the operation needs.
    pub quorum: &'a Quorum,
    /// Who asked for the operation.
    pub caller: &'a PersonId,
    /// Who votes.
    pub person: &'a Person,
    /// Where the operation was asked for.
    pub channel: &'a ChannelId,
}

fn check(what: &'static str, passed: bool, refusal: impl FnOnce() -> Refusal) -> Check {
    Check { what, refusal: (!passed).then(refusal) }
}

fn first_no(checks: Vec<Check>) -> Result<(), Refusal> {
    checks.into_iter().find_map(|check| check.refusal).map_or(Ok(()), Err)
}

/// The command's quorum, raised by every escalation whose bound the arguments exceed.
fn quorum_for(spec: &Spec, args: &Value) -> Quorum {
    let mut quorum = spec.quorum.clone();
    for escalation in &spec.escalations {
        let value = args.get(&escalation.argument);
        // A value that is there and is no number is beyond every bound: fail closed.
        let beyond = value.is_some_and(|value| value.as_i64().is_none_or(|n| n > escalation.above));
        if beyond {
            quorum.others = quorum.others.max(escalation.others);
            quorum.caller = true;
        }
    }
    quorum
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
