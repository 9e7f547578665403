use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::command::spec::{CommandName, Escalation, Risk};

fn policy() -> Policy {
    let group = |names: &[&str]| names.iter().map(|name| UserId::new(*name)).collect();
    Policy {
        home: OrgId::new("T1"),
        groups: [
            (GroupName::new("support"), group(&["ana", "ben"])),
            (GroupName::new("sre"), group(&["chloe"])),
        ]
        .into(),
        people: Scope::Everyone,
        channels: Scope::Everyone,
    }
}

fn spec(groups: &[&str]) -> Spec {
    Spec {
        name: CommandName::new("set-trial"),
        pattern: "set <x> trial".to_owned(),
        description: String::new(),
        examples: Vec::new(),
        channels: Scope::Only([ChannelId::new("C1")].into()),
        groups: groups.iter().map(|name| GroupName::new(*name)).collect(),
        risk: Risk::High,
        quorum: Risk::High.quorum(),
        escalations: vec![Escalation { argument: "days".to_owned(), above: 30, others: 2 }],
        approve_within: SignedDuration::from_hours(1),
        run_within: SignedDuration::from_mins(15),
    }
}

fn person(org: &str, user: &str, standing: Standing) -> Person {
    Person { id: PersonId::new(org, user), name: user.to_owned(), standing }
}

fn member(user: &str) -> Person {
    person("T1", user, Standing::Member)
}

fn ask(policy: &Policy, spec: &Spec, person: &Person, channel: &str) -> Result<Permit, Refusal> {
    policy.permit(&Ask { spec, args: &json!({"days": 14}), person, channel: &ChannelId::new(channel) })
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
            channel: &ChannelId::new("C1"),
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
    let channel = ChannelId::new("C1");
    let vote = |spec: &Spec, quorum: &Quorum, person: &Person| {
        let caller = PersonId::new("T1", "ana");
        policy.may_vote(spec, &Ballot { quorum, caller: &caller, person, channel: &channel })
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
