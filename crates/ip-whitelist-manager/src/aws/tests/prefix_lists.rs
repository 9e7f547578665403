use aws_sdk_ec2::types::{AddPrefixListEntry, ResourceType, Tag, TagSpecification};

use super::super::{Discovery, Ec2Firewall};
use super::canned::{aws, no};
use super::{Arc, Aws, emulator, fresh};
use crate::domain::{ANY_PORT, Environment, Family, GroupId, Owner, RuleId, Wanted};
use crate::ports::{Firewall as _, FirewallError};

/// A list of at most 150 entries, for `dev`, and the firewall that finds it.
async fn list(family: &str) -> (Arc<Aws>, GroupId, Discovery) {
    let (aws, mark) = (emulator(), fresh("mark"));
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
    let tags = TagSpecification::builder()
        .resource_type(ResourceType::PrefixList)
        .tags(tag("WhitelistManaged", &mark))
        .tags(tag("Environment", "dev"))
        .build();
    let client = aws.ec2().await;
    let request = client.create_managed_prefix_list().prefix_list_name("offices").address_family(family);
    let made = request.max_entries(150).tag_specifications(tags).send().await.unwrap();
    let id = GroupId::new(made.prefix_list.unwrap().prefix_list_id.unwrap());
    let tag = Some(("WhitelistManaged".to_owned(), mark));
    let discovery = Discovery { tag, prefix_lists: true, ..Discovery::default() };
    (aws, id, discovery)
}

fn wanted(number: usize) -> Wanted {
    Wanted {
        cidr: format!("203.0.113.{number}/32").parse().unwrap(),
        port: ANY_PORT,
        description: "countersign dev until 2027-01-15 08:00 UTC".to_owned(),
    }
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn lists_are_found_where_they_are_asked_for() {
    let (aws, id, discovery) = list("IPv6").await;
    let firewall = Ec2Firewall::new(Arc::clone(&aws), discovery.clone(), "t");
    let found = firewall.groups().await.unwrap();
    let [group] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((&group.id, group.name.as_str(), group.limit), (&id, "offices", 150));
    assert_eq!((group.family, &group.environments), (Some(Family::V6), &[Environment::new("dev")].into()));
    assert!(!group.takes("203.0.113.7/32".parse().unwrap()));
    let without = Discovery { prefix_lists: false, ..discovery };
    assert!(Ec2Firewall::new(aws, without, "t").groups().await.unwrap().is_empty());
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn entries_come_and_go_by_the_hundred_and_those_of_others_stay() {
    let (aws, id, discovery) = list("IPv4").await;
    let firewall = Ec2Firewall::new(Arc::clone(&aws), discovery, "t");
    let other = AddPrefixListEntry::builder().cidr("198.51.100.0/24").description("the office").build();
    let request = aws.ec2().await.modify_managed_prefix_list().prefix_list_id(id.as_str());
    request.current_version(1).add_entries(other).send().await.unwrap();
    let all: Vec<Wanted> = (0..130).map(wanted).collect();
    firewall.authorise(&id, &all).await.unwrap();
    assert!(matches!(firewall.authorise(&id, &all[..1]).await, Err(FirewallError::Duplicate)));
    let rules = firewall.rules(std::slice::from_ref(&id)).await.unwrap().remove(&id).unwrap().list;
    let ours: Vec<RuleId> =
        rules.iter().filter(|rule| rule.owner == Owner::Ours).map(|rule| rule.id.clone()).collect();
    assert_eq!((ours.len(), rules.len()), (130, 131));
    assert!(rules.iter().any(|rule| rule.place() == Some(wanted(7).place())));
    let foreign = RuleId::new("198.51.100.0/24");
    assert!(matches!(firewall.revoke(&id, &[foreign]).await, Err(FirewallError::NotFound)));
    firewall.revoke(&id, &ours).await.unwrap();
    let left = firewall.rules(std::slice::from_ref(&id)).await.unwrap().remove(&id).unwrap().list;
    assert_eq!(left.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["198.51.100.0/24"]);
}

#[tokio::test]
async fn a_list_that_somebody_else_changes_is_tried_again_and_one_that_is_gone_is_said() {
    let id = GroupId::new("pl-1");
    let none = "<GetManagedPrefixListEntriesResponse><entrySet/></GetManagedPrefixListEntriesResponse>";
    let there = "<DescribeManagedPrefixListsResponse><prefixListSet><item><prefixListId>pl-1</prefixListId>\
                 <version>7</version></item></prefixListSet></DescribeManagedPrefixListsResponse>";
    for (code, is_expected) in [
        (
            "PrefixListVersionMismatch",
            (|error| matches!(error, FirewallError::Throttled(_))) as fn(&_) -> bool,
        ),
        ("IncorrectState", |error| matches!(error, FirewallError::Throttled(_))),
        ("PrefixListMaxEntriesExceeded", |error| matches!(error, FirewallError::Full)),
        ("InvalidPrefixListID.NotFound", |error| matches!(error, FirewallError::GroupGone)),
        ("UnauthorizedOperation", |error| matches!(error, FirewallError::Denied(_))),
    ] {
        let (aws, asked) = aws(vec![(200, none.to_owned()), (200, there.to_owned()), no(400, code)]);
        let firewall = Ec2Firewall::new(aws, Discovery::default(), "t");
        let error = firewall.authorise(&id, &[wanted(7)]).await.unwrap_err();
        assert!(is_expected(&error), "{code}: {error:?}");
        let modified = asked.iter().nth(2).unwrap();
        assert!(modified.contains("CurrentVersion=7"), "{modified}");
    }
    let (aws, _asked) = aws(vec![no(400, "InvalidPrefixListID.NotFound")]);
    let firewall = Ec2Firewall::new(aws, Discovery::default(), "t");
    assert!(firewall.rules(&[id]).await.unwrap().is_empty());
}
