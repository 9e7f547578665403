//! Rules that are to be, as EC2 wants to be told of them.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, ResourceType, Tag, TagSpecification};
use ipnet::IpNet;

use super::super::tags;
use crate::domain::Wanted;

/// One permission for each port.
pub(super) fn of(rules: &[Wanted]) -> Vec<IpPermission> {
    let mut by_port: BTreeMap<u16, Vec<&Wanted>> = BTreeMap::new();
    for rule in rules {
        by_port.entry(rule.port).or_default().push(rule);
    }
    let permission = |(port, rules): (u16, Vec<&Wanted>)| {
        let mut permission =
            IpPermission::builder().ip_protocol("tcp").from_port(port.into()).to_port(port.into());
        for rule in rules {
            let words = (!rule.description.is_empty()).then(|| rule.description.clone());
            let cidr = rule.cidr.to_string();
            permission = match rule.cidr.net() {
                IpNet::V4(_) => {
                    permission.ip_ranges(IpRange::builder().cidr_ip(cidr).set_description(words).build())
                }
                IpNet::V6(_) => permission
                    .ipv6_ranges(Ipv6Range::builder().cidr_ipv6(cidr).set_description(words).build()),
            };
        }
        permission.build()
    };
    by_port.into_iter().map(permission).collect()
}

/// What every rule of ours is marked with.
pub(super) fn marks(table: &str) -> TagSpecification {
    let tags = tags::marks(table).map(|(key, value)| Tag::builder().key(key).value(value).build());
    TagSpecification::builder()
        .resource_type(ResourceType::SecurityGroupRule)
        .set_tags(Some(tags.into()))
        .build()
}
