use serde_json::json;

use super::tests::{member, place, policy, spec};
use super::*;
use crate::command::spec::CommandName;

/// ana and chloe at terminals, for the commands of C1; engineers break the glass there.
fn with_terminals() -> Policy {
    let mut policy = policy();
    policy.terminal = Terminal {
        people: ["ana", "chloe"].map(UserId::new).into(),
        channels: Scope::Only([ChannelId::new("C1")].into()),
    };
    policy.break_glass = Some(BreakGlass {
        who: [GroupName::new("sre")].into(),
        others: 0,
        commands: [CommandName::new("set-trial")].into(),
        channels: Scope::Only(BTreeSet::new()),
        notify: BTreeSet::new(),
        channel: None,
    });
    policy
}

fn ask(policy: &Policy, (spec, user): (&Spec, &str), manner: Manner) -> Result<Permit, Refusal> {
    policy.permit(&Ask {
        spec,
        args: &json!({"days": 14}),
        person: &member(user),
        place: &place("C1"),
        manner,
        now: jiff::Timestamp::UNIX_EPOCH,
    })
}

#[test]
fn a_terminal_is_for_those_whom_the_configuration_names_and_nobody_by_default() {
    let spec = spec(&[]);
    let no = Err(Refusal::NotAtTerminal);
    assert_eq!(ask(&policy(), (&spec, "ana"), Manner::Terminal), no);
    let policy = with_terminals();
    assert!(ask(&policy, (&spec, "ana"), Manner::Terminal).is_ok());
    assert_eq!(ask(&policy, (&spec, "ben"), Manner::Terminal), no);
    assert!(ask(&policy, (&spec, "ben"), Manner::Chat).is_ok());
    let elsewhere = Policy {
        terminal: Terminal { channels: Scope::Only(BTreeSet::new()), ..policy.terminal.clone() },
        ..policy
    };
    assert_eq!(ask(&elsewhere, (&spec, "ana"), Manner::Terminal), no);
}

#[test]
fn whatever_is_asked_for_in_chat_is_asked_for_at_a_terminal_as_well() {
    let policy = with_terminals();
    let for_sre = spec(&["sre"]);
    assert!(matches!(ask(&policy, (&for_sre, "ana"), Manner::Terminal), Err(Refusal::NotInGroup { .. })));
    assert_eq!(ask(&policy, (&for_sre, "chloe"), Manner::Terminal).unwrap().quorum(), &for_sre.quorum);
}

#[test]
fn a_vote_at_a_terminal_needs_the_same() {
    let (policy, spec) = (with_terminals(), spec(&[]));
    let caller = PersonId::new("T1", "ana");
    let vote = |user: &str, manner| {
        let (quorum, place) = (&spec.quorum, &place("C1"));
        policy.may_vote(&spec, &Ballot { quorum, caller: &caller, person: &member(user), place, manner })
    };
    assert!(vote("chloe", Manner::Terminal).is_ok());
    assert_eq!(vote("ben", Manner::Terminal), Err(Refusal::NotAtTerminal));
    assert!(vote("ben", Manner::Chat).is_ok());
}

#[test]
fn the_glass_is_broken_by_those_who_may_and_for_what_is_named() {
    let policy = with_terminals();
    let mut spec = spec(&[]);
    spec.quorum = Quorum { others: 2, from: [GroupName::new("sre")].into(), ..spec.quorum };
    let permit = ask(&policy, (&spec, "chloe"), Manner::Emergency).unwrap();
    assert_eq!(permit.quorum(), &Quorum { caller: true, others: 0, from: BTreeSet::new() });
    assert!(matches!(ask(&policy, (&spec, "ana"), Manner::Emergency), Err(Refusal::NotInGroup { .. })));
    spec.name = CommandName::new("another");
    assert_eq!(ask(&policy, (&spec, "chloe"), Manner::Emergency), Err(Refusal::NoBreakGlass));
    let without = Policy { break_glass: None, ..policy };
    assert_eq!(ask(&without, (&spec, "chloe"), Manner::Emergency), Err(Refusal::NoBreakGlass));
}

#[test]
fn an_emergency_never_asks_for_more_and_somebody_always_signs() {
    let mut break_glass = with_terminals().break_glass.unwrap();
    let from = |names: &[&str]| names.iter().map(|name| GroupName::new(*name)).collect::<BTreeSet<_>>();
    let quorum = |caller, others, groups: &[&str]| Quorum { caller, others, from: from(groups) };
    assert_eq!(break_glass.lowered(quorum(false, 1, &[])), quorum(true, 0, &[]));
    break_glass.others = 1;
    assert_eq!(break_glass.lowered(quorum(true, 0, &[])), quorum(true, 0, &[]));
    assert_eq!(break_glass.lowered(quorum(true, 2, &["sre"])), quorum(true, 1, &["sre"]));
    assert_eq!(break_glass.lowered(quorum(true, 2, &["sre", "security"])), quorum(true, 1, &[]));
    assert_eq!(break_glass.lowered(quorum(false, 0, &[])), quorum(false, 0, &[]), "what only reads");
}
