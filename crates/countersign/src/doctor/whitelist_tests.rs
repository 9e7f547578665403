use ip_whitelist_manager::aws::Discovery;
use ip_whitelist_manager::domain::{Group, GroupId, Terms};

use super::*;
use crate::doctor::Findings;

fn account(default: &str) -> Account {
    Account {
        table: "ip-whitelist".to_owned(),
        terms: Terms::default(),
        discovery: Discovery {
            tag: Some(("WhitelistManaged".to_owned(), "true".to_owned())),
            ..Discovery::default()
        },
        rules_per_group: 60,
        default_environment: Some(Environment::new(default)),
        by_channel: Default::default(),
        most_per_person: 20,
    }
}

fn looked(name: &str, environments: &[&str], may: Option<(bool, bool)>) -> Looked {
    let group = Group {
        id: GroupId::new(format!("sg-{name}")),
        name: name.to_owned(),
        environments: environments.iter().copied().map(Environment::new).collect(),
        ports: [443].into(),
        family: None,
        limit: 60,
    };
    Looked { group, may: may.map(|(open, shut)| May { open, shut }) }
}

fn lines(findings: Vec<Finding>) -> String {
    let mut all = Findings::default();
    all.extend(findings);
    all.to_string()
}

#[test]
fn whatever_is_seen_of_the_table_is_said() {
    let all = [
        Ok(Seen::Whitelist),
        Ok(Seen::NoExpiry),
        Ok(Seen::NoIndex),
        Ok(Seen::Nothing),
        Ok(Seen::NotReady),
        Ok(Seen::Foreign),
        Err("denied".into()),
    ];
    insta::assert_snapshot!(lines(all.iter().map(|seen| table("ip-whitelist", seen)).collect()), @r#"
        ok       whitelist      The DynamoDB table ip-whitelist is there, and is a whitelist's.
        note     whitelist      The DynamoDB table ip-whitelist has no time to live: what ends is shut by the bot alone. Switch it on, for `expires_at`.
        WRONG    whitelist      The DynamoDB table ip-whitelist has no index `environment-index` by `environment`; docs/whitelist.md tells how it is made.
        WRONG    whitelist      The DynamoDB table ip-whitelist is not in this account and region; docs/whitelist.md tells how it is made.
        note     whitelist      The DynamoDB table ip-whitelist is being made or changed; look again in a minute.
        WRONG    whitelist      The DynamoDB table ip-whitelist is no whitelist's: its keys must be `ip_address` and `environment`. Name another one.
        WRONG    whitelist      The DynamoDB table ip-whitelist cannot be looked at; check the region, the credentials and their permissions: denied.
        "#);
}

#[test]
fn groups_are_named_and_what_is_missing_is_said() {
    let some = vec![
        looked("web", &["dev"], Some((true, true))),
        looked("api", &["dev", "staging"], Some((false, true))),
        looked("db", &["dev"], Some((true, false))),
        looked("old", &["dev"], Some((false, false))),
    ];
    insta::assert_snapshot!(lines(groups(&account("prod"), Ok(some))), @r#"
        ok       groups         4 follow the whitelist: web (sg-web) for dev; api (sg-api) for dev, staging; db (sg-db) for dev; old (sg-old) for dev.
        WRONG    groups         With these credentials sg-api may not be opened: allow `ec2:AuthorizeSecurityGroupIngress` on it, and `ec2:CreateTags` on its new rules.
        WRONG    groups         With these credentials sg-db may be opened, and not be shut, so that nothing would end: allow `ec2:RevokeSecurityGroupIngress` on it.
        WRONG    groups         With these credentials sg-old may not be changed: allow what docs/whitelist.md lists under "Rights".
        WRONG    groups         No security group is for prod, which [whitelist] names: tag one with `Environment = prod`, or name another environment.
        note     groups         If Terraform keeps one of these groups, its rules must be resources of their own: with `ingress` blocks in the group, each apply takes away what the whitelist lets through.
        "#);
    insta::assert_snapshot!(lines(groups(&account("dev"), Ok(vec![looked("pl", &["dev"], None)]))), @r#"
        ok       groups         1 follows the whitelist: pl (sg-pl) for dev.
        note     groups         If Terraform keeps one of these groups, its rules must be resources of their own: with `ingress` blocks in the group, each apply takes away what the whitelist lets through.
        "#);
    insta::assert_snapshot!(lines(groups(&account("dev"), Ok(Vec::new()))), @"WRONG    groups         No security group follows the whitelist: tag one with `WhitelistManaged = true` and with `Environment = dev`, or with the environment that it is for.");
    let denied = Err(FirewallError::Denied("denied".into()));
    insta::assert_snapshot!(lines(groups(&account("dev"), denied)), @"WRONG    groups         The security groups cannot be looked at: the program has no right to do that: denied.");
}
