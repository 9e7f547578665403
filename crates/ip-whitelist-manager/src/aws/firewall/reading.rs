//! Rules that are, as EC2 tells of them.

use aws_sdk_ec2::types::SecurityGroupRule;
use ipnet::IpNet;

use super::super::tags;
use crate::domain::{Cidr, Owner, Port, Rule, RuleId, Rules};

/// Counts a rule among those of its group.
pub(super) fn add(rules: &mut Rules, found: &SecurityGroupRule, table: &str) {
    if found.is_egress() == Some(true) {
        return;
    }
    match rule(found, table) {
        Some(rule) => rules.list.push(rule),
        None => rules.others += 1,
    }
}

/// A rule for a network; `None`: it is for a group or a prefix list.
pub(super) fn rule(found: &SecurityGroupRule, table: &str) -> Option<Rule> {
    let net: IpNet = found.cidr_ipv4().or(found.cidr_ipv6())?.parse().ok()?;
    let owner = if tags::is_ours(found.tags(), table) { Owner::Ours } else { Owner::Foreign };
    Some(Rule {
        id: RuleId::new(found.security_group_rule_id()?),
        cidr: Cidr::new(net),
        ports: ports(found),
        owner,
        description: found.description().unwrap_or_default().to_owned(),
    })
}

/// TCP is also known by its number (IANA, assigned internet protocol numbers).
fn ports(found: &SecurityGroupRule) -> Option<(Port, Port)> {
    let is_tcp = matches!(found.ip_protocol(), Some("tcp" | "6"));
    let port = |number: Option<i32>| number.and_then(|number| Port::try_from(number).ok());
    port(found.from_port()).zip(port(found.to_port())).filter(|_| is_tcp)
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::Tag;
    use aws_sdk_ec2::types::builders::SecurityGroupRuleBuilder;

    use super::*;

    fn read(found: SecurityGroupRuleBuilder) -> Rules {
        let mut rules = Rules::default();
        add(&mut rules, &found.security_group_rule_id("sgr-1").build(), "t");
        rules
    }

    fn tcp(first: i32, last: i32) -> SecurityGroupRuleBuilder {
        SecurityGroupRule::builder().ip_protocol("tcp").from_port(first).to_port(last)
    }

    #[test]
    fn a_rule_is_where_and_whose() {
        let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
        let ours = tcp(443, 443)
            .cidr_ipv4("203.0.113.7/32")
            .tags(tag("ManagedBy", "countersign"))
            .tags(tag("CountersignTable", "t"));
        let rules = read(ours);
        assert_eq!(rules.list[0].place(), Some(("203.0.113.7/32".parse().unwrap(), 443)));
        assert_eq!(rules.list[0].owner, Owner::Ours);
        assert_eq!(read(tcp(22, 80).cidr_ipv6("2001:db8::/48")).list[0].ports, Some((22, 80)));
    }

    #[test]
    fn every_other_rule_counts_against_the_quota() {
        assert_eq!(read(tcp(443, 443).prefix_list_id("pl-1")).others, 1);
        let all =
            SecurityGroupRule::builder().ip_protocol("-1").from_port(-1).to_port(-1).cidr_ipv4("0.0.0.0/0");
        assert_eq!(read(all.clone()).list[0].ports, None);
        assert_eq!(read(all.is_egress(true)), Rules::default());
    }
}
