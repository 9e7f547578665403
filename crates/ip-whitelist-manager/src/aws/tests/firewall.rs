use async_trait::async_trait;
use aws_sdk_ec2::types::{IpPermission, IpRange, ResourceType, Tag, TagSpecification};

use super::super::{Discovery, Ec2Firewall, May, error};
use super::{Arc, Aws, emulator, fresh};
use crate::contract::firewall::{Others, Site};
use crate::domain::{Cidr, Environment, GroupId, Owner, Port, RuleId, Wanted};
use crate::ports::Firewall as _;

crate::firewall_contract!(ignored: "needs an emulator of AWS: cargo xtask aws", async || (site().await, ()));

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
}

async fn site() -> Site {
    let vpc = Vpc::new().await;
    let groups = [
        vpc.group(&[("Environment", "dev")]).await,
        vpc.group(&[("Environment", "dev, staging"), ("WhitelistPorts", "443")]).await,
    ];
    let others = Arc::new(ByHand(Arc::clone(&vpc.aws)));
    Site { firewall: Arc::new(vpc.firewall("t")), groups, others }
}

/// Whoever works with the console.
struct ByHand(Arc<Aws>);

#[async_trait]
impl Others for ByHand {
    async fn add_rule(&self, group: &GroupId, (cidr, port): (Cidr, Port)) {
        let range = IpRange::builder().cidr_ip(cidr.to_string()).build();
        let permission =
            IpPermission::builder().ip_protocol("tcp").from_port(port.into()).to_port(port.into());
        let permission = permission.ip_ranges(range).build();
        let request = self.0.ec2().await.authorize_security_group_ingress().group_id(group.as_str());
        request.ip_permissions(permission).send().await.map_err(error::firewall).unwrap();
    }

    async fn delete_group(&self, group: &GroupId) {
        let request = self.0.ec2().await.delete_security_group().group_id(group.as_str());
        request.send().await.unwrap();
    }
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
async fn the_rules_of_another_whitelist_are_not_ours() {
    let vpc = Vpc::new().await;
    let group = vpc.group(&[]).await;
    let (dev, qa) = (vpc.firewall("dev"), vpc.firewall("qa"));
    let wanted = |cidr: &str| Wanted {
        cidr: cidr.parse().unwrap(),
        port: 443,
        description: "countersign dev until 2027".to_owned(),
    };
    dev.authorise(&group, &[wanted("203.0.113.7/32")]).await.unwrap();
    qa.authorise(&group, &[wanted("203.0.113.8/32")]).await.unwrap();
    let rules = &dev.rules(std::slice::from_ref(&group)).await.unwrap()[&group];
    let ours: Vec<RuleId> =
        rules.list.iter().filter(|rule| rule.owner == Owner::Ours).map(|rule| rule.id.clone()).collect();
    assert_eq!((ours.len(), rules.list.len()), (1, 2));
    dev.revoke(&group, &ours).await.unwrap();
    let left = &dev.rules(std::slice::from_ref(&group)).await.unwrap()[&group];
    assert_eq!(left.list.iter().map(|rule| rule.cidr.to_string()).collect::<Vec<_>>(), ["203.0.113.8/32"]);
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn a_group_that_lost_its_tag_is_found_by_its_rules() {
    let vpc = Vpc::new().await;
    let (kept, lost) =
        (vpc.group(&[("Environment", "dev")]).await, vpc.group(&[("Environment", "dev")]).await);
    let firewall = vpc.firewall(&vpc.mark);
    let wanted = Wanted { cidr: "203.0.113.7/32".parse().unwrap(), port: 443, description: String::new() };
    for group in [&kept, &lost] {
        firewall.authorise(group, std::slice::from_ref(&wanted)).await.unwrap();
    }
    let client = vpc.aws.ec2().await;
    let request = client.delete_tags().resources(lost.as_str());
    request.tags(Tag::builder().key("WhitelistManaged").build()).send().await.unwrap();
    let known: Vec<GroupId> = firewall.groups().await.unwrap().into_iter().map(|group| group.id).collect();
    assert_eq!(known, std::slice::from_ref(&kept));
    let strays = firewall.strays(&known).await.unwrap();
    let ids: Vec<RuleId> = strays[&lost].iter().map(|rule| rule.id.clone()).collect();
    assert_eq!((strays.len(), ids.len()), (1, 1));
    let scoped = Discovery { environment: Some(Environment::new("dev")), ..Discovery::default() };
    let alone = Discovery { alone: true, ..scoped.clone() };
    let [scoped, alone] =
        [scoped, alone].map(|discovery| Ec2Firewall::new(Arc::clone(&vpc.aws), discovery, &vpc.mark));
    assert!(scoped.strays(&known).await.unwrap().is_empty(), "another keeper's are not its own");
    assert_eq!(alone.strays(&known).await.unwrap(), strays);
    firewall.revoke(&lost, &ids).await.unwrap();
    assert!(firewall.strays(&known).await.unwrap().is_empty());
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn a_try_says_whether_it_may_and_does_nothing() {
    let vpc = Vpc::new().await;
    let group = vpc.group(&[("Environment", "dev")]).await;
    let firewall = vpc.firewall("t");
    assert_eq!(firewall.may(&group).await.unwrap(), Some(May { open: true, shut: true }));
    assert!(firewall.rules(std::slice::from_ref(&group)).await.unwrap()[&group].list.is_empty());
    assert_eq!(firewall.may(&GroupId::new("pl-1")).await.unwrap(), None);
}
