use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::command::escalation::{Bound, Escalation};
use crate::command::lock::Lock;
use crate::command::spec::{CommandName, Risk};
use crate::ids::LockKey;
use crate::policy::Frozen;

pub(super) fn policy() -> Policy {
    let group = |names: &[&str]| Group::of_users(names.iter().map(|name| UserId::new(*name)));
    Policy {
        home: OrgId::new("T1"),
        groups: [
            (GroupName::new("support"), group(&["ana", "ben"])),
            (GroupName::new("sre"), group(&["chloe"])),
        ]
        .into(),
        roster: Roster::new(),
        people: Scope::Everyone,
        admitted: BTreeSet::new(),
        channels: Scope::Everyone,
        shared: Scope::Only(BTreeSet::new()),
        listens: Scope::Only(BTreeSet::new()),
        calendar: Vec::new(),
        freezes: Vec::new(),
        terminal: Terminal::default(),
        break_glass: None,
    }
}

pub(super) fn spec(groups: &[&str]) -> Spec {
    Spec {
        name: CommandName::new("set-trial"),
        pattern: "set <x> trial".to_owned(),
        description: String::new(),
        examples: Vec::new(),
        channels: Scope::Only([ChannelId::new("C1")].into()),
        groups: groups.iter().map(|name| GroupName::new(*name)).collect(),
        risk: Risk::High,
        quorum: Risk::High.quorum(),
        escalations: vec![Escalation { argument: "days".to_owned(), bound: Bound::Number(30), others: 2 }],
        approve_within: SignedDuration::from_hours(1),
        run_within: SignedDuration::from_mins(15),
        lock: None,
        freezing: false,
    }
}

fn person(org: &str, user: &str, standing: Standing) -> Person {
    Person { id: PersonId::new(org, user), name: user.to_owned(), standing }
}

pub(super) fn member(user: &str) -> Person {
    person("T1", user, Standing::Member)
}

fn ask(policy: &Policy, spec: &Spec, person: &Person, channel: &str) -> Result<Permit, Refusal> {
    ask_at(policy, spec, person, &place(channel))
}

fn ask_at(policy: &Policy, spec: &Spec, person: &Person, place: &Place) -> Result<Permit, Refusal> {
    let (now, manner) = (Timestamp::UNIX_EPOCH, Manner::Chat);
    policy.permit(&Ask { spec, args: &json!({"days": 14}), person, place, manner, now })
}

pub(super) fn place(channel: &str) -> Place {
    Place::home(ChannelId::new(channel))
}

#[test]
fn a_member_in_the_right_channel_may() {
    let permit = ask(&policy(), &spec(&["support"]), &member("ana"), "C1").unwrap();
    assert_eq!(permit.quorum().others, 1);
    assert_eq!(permit.args(), &json!({"days": 14}));
}

#[test]
fn the_wrong_channel_says_nothing_about_the_command() {
    assert_eq!(ask(&policy(), &spec(&[]), &member("ana"), "C2"), Err(Refusal::NotHere));
}

#[test]
fn help_shows_what_a_person_may_run_here_and_nothing_else() {
    let (policy, spec) = (policy(), spec(&["support"]));
    assert!(policy.may_see(&spec, &member("ana"), &place("C1")));
    assert!(!policy.may_see(&spec, &member("chloe"), &place("C1")), "not one of its group");
    assert!(!policy.may_see(&spec, &member("ana"), &place("C2")), "not its channel");
}

#[test]
fn only_full_members_of_the_home_workspace_may() {
    for standing in
        [Standing::Guest, Standing::Bot, Standing::Deactivated, Standing::Unknown, Standing::Foreign]
    {
        let refusal = ask(&policy(), &spec(&[]), &person("T1", "ana", standing), "C1");
        assert_eq!(refusal, Err(Refusal::NotYou { standing }));
    }
    // A directory that calls a person of another workspace a member is not believed.
    let foreign = ask(&policy(), &spec(&[]), &person("T2", "ana", Standing::Member), "C1");
    assert_eq!(foreign, Err(Refusal::NotYou { standing: Standing::Foreign }));
}

#[test]
fn an_empty_list_lets_nobody_through() {
    let nobody = Policy { people: Scope::Only(BTreeSet::new()), ..policy() };
    assert_eq!(ask(&nobody, &spec(&[]), &member("ana"), "C1"), Err(Refusal::NotListed));
    let nowhere = Policy { channels: Scope::Only(BTreeSet::new()), ..policy() };
    assert_eq!(ask(&nowhere, &spec(&[]), &member("ana"), "C1"), Err(Refusal::NotHere));
}

#[test]
fn an_argument_beyond_its_bound_asks_for_more_people() {
    let (policy, spec) = (policy(), spec(&[]));
    let others = |args: Value| {
        let permit = policy.permit(&Ask {
            spec: &spec,
            args: &args,
            person: &member("ana"),
            place: &place("C1"),
            now: Timestamp::UNIX_EPOCH,
            manner: Manner::Chat,
        });
        permit.unwrap().quorum().others
    };
    assert_eq!(others(json!({"days": 30})), 1);
    assert_eq!(others(json!({"days": 31})), 2);
    assert_eq!(others(json!({"days": "31"})), 2);
}

#[test]
fn a_vote_counts_from_those_who_may_run_it_or_are_in_the_named_groups() {
    let policy = policy();
    let place = place("C1");
    let vote = |spec: &Spec, quorum: &Quorum, person: &Person| {
        let caller = PersonId::new("T1", "ana");
        policy
            .may_vote(spec, &Ballot { quorum, caller: &caller, person, place: &place, manner: Manner::Chat })
    };
    let open = spec(&["support"]);
    assert!(vote(&open, &open.quorum, &member("ben")).is_ok());
    assert!(vote(&open, &open.quorum, &member("chloe")).is_err());

    let from_sre = Quorum { from: [GroupName::new("sre")].into(), ..Risk::High.quorum() };
    assert!(vote(&open, &from_sre, &member("chloe")).is_ok());
    assert!(vote(&open, &from_sre, &member("ben")).is_err());
    assert!(vote(&open, &from_sre, &member("ana")).is_ok(), "the caller votes as the caller");
    assert!(vote(&open, &from_sre, &person("T2", "chloe", Standing::Member)).is_err());
}

#[test]
fn a_channel_that_is_shared_or_cannot_be_seen_is_closed_unless_the_configuration_says_so() {
    let (policy, spec) = (policy(), spec(&[]));
    let at = |reach| Place { channel: ChannelId::new("C1"), reach };
    let quorum = &spec.quorum;
    let caller = PersonId::new("T1", "ana");
    let vote = |policy: &Policy, place: &Place| {
        policy.may_vote(
            &spec,
            &Ballot { quorum, caller: &caller, person: &member("ben"), place, manner: Manner::Chat },
        )
    };
    for (reach, refusal) in [(Reach::Shared, Refusal::SharedChannel), (Reach::Unseen, Refusal::UnseenChannel)]
    {
        assert_eq!(ask_at(&policy, &spec, &member("ana"), &at(reach)).unwrap_err(), refusal);
        assert_eq!(vote(&policy, &at(reach)).unwrap_err(), refusal);
        assert_eq!(policy.closed(&at(reach)), Some(refusal));
        assert!(!policy.may_see(&spec, &member("ana"), &at(reach)));
    }
    let meant = Policy { shared: Scope::Only([ChannelId::new("C1")].into()), ..policy };
    assert!(ask_at(&meant, &spec, &member("ana"), &at(Reach::Shared)).is_ok());
    assert!(vote(&meant, &at(Reach::Shared)).is_ok());
    assert!(ask_at(&meant, &spec, &member("ana"), &at(Reach::Unseen)).is_err());
    // Elsewhere the bot does not even say why.
    let elsewhere = Policy { channels: Scope::Only(BTreeSet::new()), ..meant };
    assert_eq!(elsewhere.closed(&at(Reach::Unseen)), None);
}

#[test]
fn guests_and_strangers_count_when_the_configuration_names_them_and_bots_never() {
    let admitted = [PersonId::new("T1", "gus"), PersonId::new("T2", "eve"), PersonId::new("T1", "bot")];
    let policy = Policy { admitted: admitted.into(), ..policy() };
    let open = spec(&[]);
    assert!(ask(&policy, &open, &person("T1", "gus", Standing::Guest), "C1").is_ok());
    assert!(ask(&policy, &open, &person("T2", "eve", Standing::Foreign), "C1").is_ok());
    assert!(ask(&policy, &open, &person("T3", "eve", Standing::Foreign), "C1").is_err(), "another eve");
    assert!(ask(&policy, &open, &person("T1", "eve", Standing::Guest), "C1").is_err(), "a guest eve");
    for standing in [Standing::Bot, Standing::Deactivated, Standing::Unknown] {
        assert!(ask(&policy, &open, &person("T1", "bot", standing), "C1").is_err());
    }
}

#[test]
fn somebody_of_another_organisation_is_in_a_group_only_when_they_are_admitted_by_name() {
    let policy = Policy { admitted: [PersonId::new("T2", "ben")].into(), ..policy() };
    let support = BTreeSet::from([GroupName::new("support")]);
    assert_eq!(policy.groups_of(&PersonId::new("T1", "ben")), support);
    assert_eq!(policy.groups_of(&PersonId::new("T2", "ben")), support);
    assert_eq!(policy.groups_of(&PersonId::new("T3", "ben")), BTreeSet::new(), "another ben");
    let for_support = spec(&["support"]);
    assert!(ask(&policy, &for_support, &person("T2", "ben", Standing::Foreign), "C1").is_ok());
}

#[test]
fn a_user_group_that_nobody_could_ask_for_has_no_members() {
    let usergroup = UsergroupId::new("S1");
    let mut policy = policy();
    let oncall = Group { users: [UserId::new("dmitri")].into(), usergroup: Some(usergroup.clone()) };
    policy.groups.insert(GroupName::new("oncall"), oncall);
    assert_eq!(policy.usergroups(), [usergroup.clone()].into());
    let spec = spec(&["oncall"]);
    assert!(ask(&policy, &spec, &member("dmitri"), "C1").is_ok());
    assert!(ask(&policy, &spec, &member("ben"), "C1").is_err());
    policy.roster = Roster::from([(usergroup, [UserId::new("ben")].into())]);
    assert!(ask(&policy, &spec, &member("ben"), "C1").is_ok());
    assert!(ask(&policy, &spec, &person("T2", "ben", Standing::Member), "C1").is_err());
}

#[test]
fn a_permit_says_what_may_run_for_whom_where_and_what_it_locks() {
    let locking = Spec { lock: Lock::new("trial <days>").ok(), ..spec(&[]) };
    let permit = ask(&policy(), &locking, &member("ana"), "C1").unwrap();
    assert_eq!(permit.lock().map(LockKey::as_str), Some("trial 14"));
    assert_eq!(permit.caller(), &PersonId::new("T1", "ana"));
    assert_eq!(permit.caller_name(), "ana");
    assert_eq!(permit.channel(), &ChannelId::new("C1"));
    assert_eq!(permit.command().as_str(), "set-trial");
    assert_eq!(ask(&policy(), &spec(&[]), &member("ana"), "C1").unwrap().lock(), None);
}

#[test]
fn what_is_frozen_is_refused_or_needs_more_signatures() {
    let freeze = |others| Freeze {
        what: Frozen::Everything,
        until: Timestamp::MAX,
        reason: "the year ends".to_owned(),
        by: None,
        others,
    };
    let frozen = |others: &[Option<u8>]| {
        let freezes = others.iter().map(|others| freeze(*others)).collect();
        Policy { freezes, ..policy() }
    };
    let refused = ask(&frozen(&[Some(1), None]), &spec(&[]), &member("ana"), "C1").unwrap_err();
    assert!(matches!(refused, Refusal::Frozen { what, .. } if what == "everything"));
    let alone = Spec { quorum: Quorum { caller: false, ..Risk::High.quorum() }, ..spec(&[]) };
    let permit = ask(&frozen(&[Some(1), Some(3)]), &alone, &member("ana"), "C1").unwrap();
    assert_eq!((permit.quorum().others, permit.quorum().caller), (4, true));
    assert_eq!(permit.frozen().len(), 2);
    for exempt in [Spec { risk: Risk::Read, ..spec(&[]) }, Spec { freezing: true, ..spec(&[]) }] {
        let permit = ask(&frozen(&[None]), &exempt, &member("ana"), "C1").unwrap();
        assert!(permit.frozen().is_empty());
    }
}
