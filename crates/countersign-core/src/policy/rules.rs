//! The checks, in order, and the yes or no that they add up to.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    BreakGlass, Freeze, Group, Manner, Permit, Person, Place, Reach, Refusal, Roster, Standing, Terminal,
    Window,
};
use crate::approval::Quorum;
use crate::command::spec::{Risk, Scope, Spec};
use crate::ids::{ChannelId, GroupName, OrgId, PersonId, UserId, UsergroupId};

/// What the configuration says about people and places.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The workspace whose people count.
    pub home: OrgId,
    /// The groups and who belongs to them, all of the home workspace.
    pub groups: BTreeMap<GroupName, Group>,
    /// The members of the user groups that stand behind groups.
    pub roster: Roster,
    /// Who may use the bot at all.
    pub people: Scope<UserId>,
    /// Guests and people of other organisations who count all the same.
    pub admitted: BTreeSet<PersonId>,
    /// Where the bot works at all.
    pub channels: Scope<ChannelId>,
    /// Where it works although the channel is shared with another organisation.
    pub shared: Scope<ChannelId>,
    /// Where sentences are heard that do not mention the bot.
    pub listens: Scope<ChannelId>,
    /// When what is frozen, by the calendar.
    pub calendar: Vec<Window>,
    /// What is frozen by hand.
    pub freezes: Vec<Freeze>,
    /// What may be run and signed at a terminal.
    pub terminal: Terminal,
    /// What may be done with fewer signatures in an emergency; `None`: nothing.
    pub break_glass: Option<BreakGlass>,
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
    pub place: &'a Place,
    /// When they ask (UTC).
    pub now: Timestamp,
    /// How they ask.
    pub manner: Manner,
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
        let frozen = self.frozen(ask);
        let mut quorum = self.quorum_for(ask);
        if let Some(more) = frozen.iter().filter_map(|freeze| freeze.others).max() {
            quorum.others = quorum.others.saturating_add(more);
            quorum.caller = true;
        }
        Ok(Permit::new(ask, quorum, frozen))
    }

    /// Every check of the decision, passed or not, in the order in which they count.
    pub fn why(&self, ask: &Ask<'_>) -> Vec<Check> {
        let mut checks = self.running_checks(ask.spec, ask.person, ask.place);
        checks.extend(self.terminal_checks(ask.person, ask.place, ask.manner));
        if ask.manner == Manner::Emergency {
            checks.extend(self.emergency_checks(ask));
        }
        checks.push(self.freeze_check(ask));
        checks
    }

    /// The freezes that an operation meets, by hand and by the calendar. What only reads is never frozen, and
    /// what begins and ends freezes is not either.
    fn frozen(&self, ask: &Ask<'_>) -> Vec<Freeze> {
        if ask.spec.risk == Risk::Read || ask.spec.freezing {
            return Vec::new();
        }
        let lock = ask.spec.lock.as_ref().map(|lock| lock.key(ask.args));
        let calendar = self.calendar.iter().flat_map(|window| window.freezes(ask.now));
        let all = self.freezes.iter().cloned().chain(calendar);
        all.filter(|freeze| freeze.holds(lock.as_ref(), ask.now)).collect()
    }

    /// The command's own signatures, or in an emergency what is left of them. A freeze adds to either.
    fn quorum_for(&self, ask: &Ask<'_>) -> Quorum {
        let quorum = quorum_for(ask.spec, ask.args);
        match (ask.manner, &self.break_glass) {
            (Manner::Emergency, Some(break_glass)) => break_glass.lowered(quorum),
            _ => quorum,
        }
    }

    fn freeze_check(&self, ask: &Ask<'_>) -> Check {
        let closed = self.frozen(ask).into_iter().find(|freeze| freeze.others.is_none());
        let refusal = closed.map(|freeze| Refusal::Frozen {
            what: freeze.what.to_string(),
            until: freeze.until,
            reason: freeze.reason,
        });
        Check { what: "not frozen", refusal }
    }

    /// May this person know of the command here? Help, completion and "did you mean" ask this.
    pub fn may_see(&self, spec: &Spec, person: &Person, place: &Place) -> bool {
        first_no(self.running_checks(spec, person, place)).is_ok()
    }

    /// Why nothing at all is done in a channel where the bot works otherwise.
    pub fn closed(&self, place: &Place) -> Option<Refusal> {
        let works = self.channels.contains(&place.channel);
        if works { self.reach_check(place).refusal } else { None }
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
        let Ballot { quorum, caller, person, place, manner } = *ballot;
        let mut checks = if person.id == *caller || quorum.from.is_empty() {
            self.running_checks(spec, person, place)
        } else {
            let mut checks = self.place_checks(spec, place);
            checks.extend(self.person_checks(person));
            checks.push(self.group_check(&quorum.from, person));
            checks
        };
        checks.extend(self.terminal_checks(person, place, manner));
        first_no(checks)
    }

    /// The groups that a person is in.
    pub fn groups_of(&self, person: &PersonId) -> BTreeSet<GroupName> {
        if person.org != self.home && !self.admitted.contains(person) {
            return BTreeSet::new();
        }
        let belongs = |group: &Group| group.members(&self.roster).any(|user| *user == person.user);
        let groups = self.groups.iter().filter(|(_, group)| belongs(group));
        groups.map(|(name, _)| name.clone()).collect()
    }

    /// The user groups that stand behind groups: the [`Roster`] has to name their members.
    pub fn usergroups(&self) -> BTreeSet<UsergroupId> {
        self.groups.values().filter_map(|group| group.usergroup.clone()).collect()
    }

    fn running_checks(&self, spec: &Spec, person: &Person, place: &Place) -> Vec<Check> {
        let mut checks = self.place_checks(spec, place);
        checks.extend(self.person_checks(person));
        if !spec.groups.is_empty() {
            checks.push(self.group_check(&spec.groups, person));
        }
        checks
    }

    fn place_checks(&self, spec: &Spec, place: &Place) -> Vec<Check> {
        let channel = &place.channel;
        vec![
            check("the bot works in this channel", self.channels.contains(channel), || Refusal::NotHere),
            check("the command belongs to this channel", spec.channels.contains(channel), || {
                Refusal::NotHere
            }),
            self.reach_check(place),
        ]
    }

    fn reach_check(&self, place: &Place) -> Check {
        let refusal = match place.reach {
            Reach::Home => None,
            Reach::Shared if self.shared.contains(&place.channel) => None,
            Reach::Shared => Some(Refusal::SharedChannel),
            Reach::Unseen => Some(Refusal::UnseenChannel),
        };
        Check { what: "a channel of this organisation alone, or shared on purpose", refusal }
    }

    fn person_checks(&self, person: &Person) -> Vec<Check> {
        let standing = match person.standing {
            Standing::Member if person.id.org != self.home => Standing::Foreign,
            standing => standing,
        };
        let counts = match standing {
            Standing::Member => true,
            Standing::Guest | Standing::Foreign => self.admitted.contains(&person.id),
            Standing::Bot | Standing::Deactivated | Standing::Unknown => false,
        };
        vec![
            check("a full member of this workspace, or named in the configuration", counts, || {
                Refusal::NotYou { standing }
            }),
            check("listed in the configuration", self.people.contains(&person.id.user), || {
                Refusal::NotListed
            }),
        ]
    }

    /// What a terminal asks for beside everything that is asked for in chat.
    fn terminal_checks(&self, person: &Person, place: &Place, manner: Manner) -> Vec<Check> {
        if manner == Manner::Chat {
            return Vec::new();
        }
        let listed = person.id.org == self.home && self.terminal.people.contains(&person.id.user);
        vec![
            check("listed among the people at terminals", listed, || Refusal::NotAtTerminal),
            check(
                "the channel's commands may be run at a terminal",
                self.terminal.channels.contains(&place.channel),
                || Refusal::NotAtTerminal,
            ),
        ]
    }

    fn emergency_checks(&self, ask: &Ask<'_>) -> Vec<Check> {
        let break_glass = self.break_glass.as_ref();
        let meant = break_glass.is_some_and(|one| one.is_for(ask.spec, &ask.place.channel));
        let mut checks = vec![check("a command for emergencies", meant, || Refusal::NoBreakGlass)];
        if let Some(break_glass) = break_glass {
            checks.push(self.group_check(&break_glass.who, ask.person));
        }
        checks
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
    pub place: &'a Place,
    /// How they vote.
    pub manner: Manner,
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
        if escalation.applies(args) {
            quorum.others = quorum.others.max(escalation.others);
            quorum.caller = true;
        }
    }
    quorum
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod terminal_tests;
#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
