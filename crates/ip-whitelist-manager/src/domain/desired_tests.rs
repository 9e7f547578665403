use super::*;
use crate::domain::{ANY_PORT, Environment, Family, GroupId, RuleId};

const NOW: i64 = 1_800_000_000;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn group(environments: &[&str], ports: &[Port]) -> Group {
    Group {
        id: GroupId::new("sg-1"),
        name: "web".to_owned(),
        environments: environments.iter().map(|name| Environment::new(*name)).collect(),
        ports: ports.iter().copied().collect(),
        family: None,
        limit: 60,
    }
}

fn entry(cidr: &str, environment: &str, ends_in: i64) -> Entry {
    Entry {
        cidr: cidr.parse().unwrap(),
        environment: Environment::new(environment),
        description: "office".to_owned(),
        added_by: "ana".to_owned(),
        person: None,
        added_at: now(),
        expires_at: Timestamp::from_second(NOW + ends_in).unwrap(),
    }
}

fn rule(id: &str, (cidr, port): (&str, Port), owner: Owner) -> Rule {
    let (id, cidr) = (RuleId::new(id), cidr.parse().unwrap());
    Rule { id, cidr, ports: Some((port, port)), owner, description: String::new() }
}

fn told(difference: &Difference) -> String {
    let wanted = |all: &[Wanted]| -> Vec<String> {
        all.iter().map(|one| format!("{}:{}", one.cidr, one.port)).collect()
    };
    let surplus: Vec<&str> = difference.surplus.iter().map(|rule| rule.id.as_str()).collect();
    format!("+{:?} -{surplus:?} foreign {:?}", wanted(&difference.missing), wanted(&difference.foreign))
}

#[test]
fn a_prefix_list_takes_its_own_family_once() {
    let entries = [entry("203.0.113.7/32", "dev", 60), entry("2001:db8::/48", "dev", 60)];
    let list = |family| Group { family: Some(family), ..group(&["dev"], &[ANY_PORT]) };
    let wanted = |family| told(&Desired::of(&list(family), &entries, now()).difference(&[]));
    insta::assert_snapshot!(wanted(Family::V4), @r#"+["203.0.113.7/32:0"] -[] foreign []"#);
    insta::assert_snapshot!(wanted(Family::V6), @r#"+["2001:db8::/48:0"] -[] foreign []"#);
}

#[test]
fn entries_times_ports_of_the_groups_environments() {
    let entries = [entry("203.0.113.7/32", "dev", 60), entry("198.51.100.0/24", "prod", 60)];
    let desired = Desired::of(&group(&["dev"], &[443, 22]), &entries, now());
    insta::assert_snapshot!(told(&desired.difference(&[])), @r#"+["203.0.113.7/32:22", "203.0.113.7/32:443"] -[] foreign []"#);
}

#[test]
fn two_entries_of_a_shared_group_are_one_rule_until_the_last_is_over() {
    let shared = group(&["dev", "staging"], &[443]);
    let entries = [entry("203.0.113.7/32", "dev", 0), entry("203.0.113.7/32", "staging", 60)];
    let desired = Desired::of(&shared, &entries, now());
    assert_eq!(desired.len(), 1);
    let kept = [rule("sgr-1", ("203.0.113.7/32", 443), Owner::Ours)];
    assert!(desired.difference(&kept).is_empty());
    let none = Desired::of(&shared, &entries, now() + jiff::SignedDuration::from_secs(60));
    insta::assert_snapshot!(told(&none.difference(&kept)), @r#"+[] -["sgr-1"] foreign []"#);
}

#[test]
fn a_rule_of_somebody_else_is_never_surplus_and_stands_for_ours() {
    let desired = Desired::of(&group(&["dev"], &[443]), &[entry("203.0.113.7/32", "dev", 60)], now());
    let foreign = [
        rule("sgr-1", ("203.0.113.7/32", 443), Owner::Foreign),
        rule("sgr-2", ("198.51.100.1/32", 443), Owner::Foreign),
    ];
    insta::assert_snapshot!(told(&desired.difference(&foreign)), @r#"+[] -[] foreign ["203.0.113.7/32:443"]"#);
    let other_port = [rule("sgr-1", ("203.0.113.7/32", 22), Owner::Foreign)];
    insta::assert_snapshot!(told(&desired.difference(&other_port)), @r#"+["203.0.113.7/32:443"] -[] foreign []"#);
}

#[test]
fn a_rule_of_ours_for_a_range_of_ports_is_surplus() {
    let desired = Desired::of(&group(&["dev"], &[443]), &[entry("203.0.113.7/32", "dev", 60)], now());
    let wide = Rule { ports: Some((1, 1024)), ..rule("sgr-1", ("203.0.113.7/32", 443), Owner::Ours) };
    insta::assert_snapshot!(told(&desired.difference(&[wide])), @r#"+["203.0.113.7/32:443"] -["sgr-1"] foreign []"#);
}

#[test]
fn the_quota_counts_families_apart() {
    let list = vec![
        rule("sgr-1", ("203.0.113.7/32", 443), Owner::Ours),
        rule("sgr-2", ("2001:db8::1/128", 443), Owner::Foreign),
    ];
    let web = Group { limit: 4, ..group(&["dev"], &[443]) };
    let before = Quota::of(&web, &Rules { list: list.clone(), others: 2 });
    assert_eq!(before, Quota { v4: 3, v6: 3, limit: 4 });
    let more = |cidr: &str| Wanted { cidr: cidr.parse().unwrap(), port: 443, description: String::new() };
    let missing = vec![more("8.8.8.8/32"), more("8.8.4.4/32")];
    let full = before.after(&Difference { missing: missing.clone(), ..Difference::default() });
    assert!(full == Quota { v4: 5, v6: 3, limit: 4 } && !full.fits());
    let swapped = before.after(&Difference { missing, surplus: vec![list[0].clone()], foreign: vec![] });
    assert!(swapped == Quota { v4: 4, v6: 3, limit: 4 } && swapped.fits());
}
