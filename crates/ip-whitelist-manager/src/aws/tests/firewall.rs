use aws_sdk_ec2::types::{IpPermission, IpRange, ResourceType, Tag, TagSpecification};

use super::super::{Discovery, Ec2Firewall, error};
use super::{Arc, Aws, emulator, fresh};
use crate::domain::{Environment, GroupId, Owner, RuleId, Wanted};
use crate::ports::{Firewall as _, FirewallError};

/// A VPC of the test's own; its groups carry a tag that no other test looks for.
struct Vpc {
    aws: Arc<Aws>,
    id: String,
    mark: String,
}

impl Vpc {
    async fn new() -> Self {
        let aws = emulator();
        let answer = aws.ec2().await.create_vpc().cidr_block("10.0.0.0/16").send().await.unwrap();
        let id = answer.vpc.unwrap().vpc_id.unwrap();
        Self { aws, id, mark: fresh("mark") }
    }

    async fn group(&self, tags: &[(&str, &str)]) -> GroupId {
        let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
        let tags = tags.iter().map(|(key, value)| tag(key, value));
        let mut marks = TagSpecification::builder().resource_type(ResourceType::SecurityGroup);
        for tag in tags.chain([tag("WhitelistManaged", &self.mark)]) {
            marks = marks.tags(tag);
        }
        let request = self.aws.ec2().await.create_security_group().vpc_id(&self.id);
        let request =
            request.group_name(fresh("web")).description("a test").tag_specifications(marks.build());
        GroupId::new(request.send().await.unwrap().group_id.unwrap())
    }

    fn firewall(&self, table: &str) -> Ec2Firewall {
        let tag = Some(("WhitelistManaged".to_owned(), self.mark.clone()));
        Ec2Firewall::new(Arc::clone(&self.aws), Discovery { tag, ..Discovery::default() }, table)
    }

    /// Somebody else lets a network through.
    async fn foreign(&self, group: &GroupId, cidr: &str) {
        let permission = IpPermission::builder().ip_protocol("tcp").from_port(443).to_port(443);
        let permission = permission.ip_ranges(IpRange::builder().cidr_ip(cidr).build()).build();
        let request = self.aws.ec2().await.authorize_security_group_ingress().group_id(group.as_str());
        request.ip_permissions(permission).send().await.map_err(error::firewall).unwrap();
    }
}

fn wanted(cidr: &str, port: u16) -> Wanted {
    Wanted { cidr: cidr.parse().unwrap(), port, description: "countersign dev until 2027".to_owned() }
}

fn numbered(count: usize) -> Vec<Wanted> {
    (0..count).map(|n| wanted(&format!("203.0.113.{n}/32"), 443)).collect()
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn groups_are_found_by_their_tag_or_by_their_id() {
    let vpc = Vpc::new().await;
    let web = vpc.group(&[("Environment", "dev, qa"), ("WhitelistPorts", "443,22")]).await;
    let other = vpc.group(&[]).await;
    vpc.group(&[("Environment", "dev"), ("WhitelistPorts", "https")]).await;
    let found = vpc.firewall("t").groups().await.unwrap();
    assert_eq!(found.iter().map(|group| &group.id).collect::<Vec<_>>(), [&web]);
    assert_eq!(found[0].ports, [22, 443].into());
    assert_eq!(found[0].environments, ["dev", "qa"].map(Environment::new).into());
    let gone = GroupId::new("sg-00000000000000000");
    let listed =
        [(other.clone(), [Environment::new("prod")].into()), (gone, [Environment::new("prod")].into())];
    let listed = Discovery { listed: listed.into(), ..Discovery::default() };
    let found = Ec2Firewall::new(Arc::clone(&vpc.aws), listed, "t").groups().await.unwrap();
    assert_eq!(found.iter().map(|group| &group.id).collect::<Vec<_>>(), [&other]);
    assert_eq!(found[0].ports, [443].into());
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn rules_are_added_known_as_ours_and_taken_away() {
    let vpc = Vpc::new().await;
    let (group, empty) = (vpc.group(&[]).await, vpc.group(&[]).await);
    let gone = GroupId::new("sg-00000000000000000");
    vpc.foreign(&group, "198.51.100.1/32").await;
    let (dev, qa) = (vpc.firewall("dev"), vpc.firewall("qa"));
    dev.authorise(&group, &[wanted("203.0.113.7/32", 443), wanted("203.0.113.7/32", 22)]).await.unwrap();
    dev.authorise(&group, &[wanted("2001:db8::/48", 443)]).await.unwrap();
    qa.authorise(&group, &[wanted("203.0.113.8/32", 443)]).await.unwrap();
    let rules = dev.rules(&[group.clone(), empty.clone(), gone.clone()]).await.unwrap();
    assert_eq!(rules.keys().collect::<std::collections::BTreeSet<_>>(), [&group, &empty].into());
    let ours = |rules: &crate::domain::Rules| {
        let ours = rules.list.iter().filter(|rule| rule.owner == Owner::Ours).cloned();
        let mut ours: Vec<_> = ours.collect();
        ours.sort_by_key(|rule| rule.place());
        ours
    };
    let mine = ours(&rules[&group]);
    let places: Vec<_> = mine.iter().map(|rule| format!("{} {:?}", rule.cidr, rule.ports)).collect();
    assert_eq!(
        places,
        [
            "203.0.113.7/32 Some((22, 22))",
            "203.0.113.7/32 Some((443, 443))",
            "2001:db8::/48 Some((443, 443))"
        ]
    );
    assert_eq!(mine[0].description, "countersign dev until 2027");
    assert_eq!((rules[&group].list.len(), rules[&empty].list.len()), (5, 0));
    let ids: Vec<RuleId> = mine.iter().map(|rule| rule.id.clone()).collect();
    dev.revoke(&group, &ids).await.unwrap();
    let left = &dev.rules(std::slice::from_ref(&group)).await.unwrap()[&group];
    assert_eq!((ours(left).len(), left.list.len()), (0, 2));
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn moto_only_says_no_as_ec2_does() {
    let vpc = Vpc::new().await;
    let (group, firewall) = (vpc.group(&[]).await, vpc.firewall("t"));
    let gone = GroupId::new("sg-00000000000000000");
    let one = [wanted("203.0.113.7/32", 443)];
    firewall.authorise(&group, &one).await.unwrap();
    assert!(matches!(firewall.authorise(&group, &one).await, Err(FirewallError::Duplicate)));
    let missing = [RuleId::new("sgr-00000000000000000")];
    assert!(matches!(firewall.revoke(&group, &missing).await, Err(FirewallError::NotFound)));
    assert!(matches!(firewall.authorise(&gone, &one).await, Err(FirewallError::GroupGone)));
    assert!(matches!(firewall.authorise(&group, &numbered(61)).await, Err(FirewallError::Full)));
}
