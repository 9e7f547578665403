use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::approval::VoteSource;
use crate::plan::Fingerprint;

fn person(name: &str) -> PersonId {
    PersonId::new("T1", name)
}

fn vote(name: &str, verdict: Verdict) -> Vote {
    Vote {
        person: person(name),
        source: VoteSource::Button,
        verdict,
        fingerprint: Fingerprint::of_bytes(b"plan"),
        at: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn yes(names: &[&str]) -> Vec<Vote> {
    names.iter().map(|name| vote(name, Verdict::Approve)).collect()
}

fn quorum(others: u8, from: &[&str]) -> Quorum {
    Quorum { caller: true, others, from: from.iter().map(|g| GroupName::new(*g)).collect() }
}

fn no_groups(_: &PersonId) -> BTreeSet<GroupName> {
    BTreeSet::new()
}

/// `sre-ana` is in `sre`, `sre+sec-ben` in both.
fn groups_in_name(person: &PersonId) -> BTreeSet<GroupName> {
    let name = person.user.as_str();
    name.split_once('-')
        .map(|(groups, _)| groups.split('+').map(GroupName::new).collect())
        .unwrap_or_default()
}

#[test]
fn the_caller_never_counts_as_another() {
    let tally = Tally::count(&quorum(1, &[]), &person("ana"), &yes(&["ana", "ana"]), no_groups);
    assert!(!tally.caller_missing);
    assert_eq!(tally.others_missing, 1);
    assert!(!tally.is_complete());
}

#[test]
fn nobody_counts_twice() {
    let tally = Tally::count(&quorum(2, &[]), &person("ana"), &yes(&["ana", "ben", "ben"]), no_groups);
    assert_eq!(tally.others_missing, 1);
    assert_eq!(tally.signed.len(), 2);
}

#[test]
fn an_objection_stops_a_complete_set() {
    let mut votes = yes(&["ana", "ben"]);
    votes.push(vote("chloe", Verdict::Object));
    let tally = Tally::count(&quorum(1, &[]), &person("ana"), &votes, no_groups);
    assert_eq!(tally.objection, Some(person("chloe")));
    assert!(!tally.is_complete());
}

#[test]
fn two_groups_never_share_one_signature() {
    let both = quorum(1, &["sec", "sre"]);
    let one = Tally::count(&both, &person("ana"), &yes(&["ana", "sre+sec-ben"]), groups_in_name);
    assert_eq!(one.others_missing, 1);
    assert_eq!(one.groups_missing.len(), 1);

    let moved = Tally::count(&both, &person("ana"), &yes(&["ana", "sre+sec-ben", "sec-gus"]), groups_in_name);
    assert!(moved.is_complete(), "{moved:?}");
}

#[test]
fn people_of_other_groups_do_not_fill_the_set() {
    let tally =
        Tally::count(&quorum(2, &["sre"]), &person("ana"), &yes(&["ana", "ops-x", "sre-y"]), groups_in_name);
    assert_eq!(tally.others_missing, 1);
}

proptest! {
    #[test]
    fn a_complete_set_has_enough_distinct_others(names in prop::collection::vec("[a-f]", 0..12), others in 0_u8..4) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let tally = Tally::count(&quorum(others, &[]), &person("a"), &yes(&names), no_groups);
        let distinct: BTreeSet<&&str> = names.iter().filter(|name| **name != "a").collect();
        prop_assert_eq!(tally.is_complete(), names.contains(&"a") && distinct.len() >= usize::from(others));
    }
}
