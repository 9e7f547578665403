//! What no emulator shows: throttling, missing rights, pages.

use super::super::{Discovery, DynamoTable, Ec2Firewall, May};
use super::canned::{aws, no};
use crate::domain::{Environment, GroupId, RuleId, Wanted};
use crate::ports::{Firewall as _, FirewallError, Table as _, TableError};

fn group() -> GroupId {
    GroupId::new("sg-1")
}

fn wanted(cidr: &str, port: u16) -> Wanted {
    Wanted { cidr: cidr.parse().unwrap(), port, description: "countersign dev".to_owned() }
}

async fn revoking(answer: (u16, String)) -> FirewallError {
    let firewall = Ec2Firewall::new(aws(vec![answer]).0, Discovery::default(), "t");
    firewall.revoke(&group(), &[RuleId::new("sgr-1")]).await.unwrap_err()
}

#[tokio::test]
async fn ec2_says_no_in_many_ways() {
    use FirewallError as Error;
    assert!(matches!(revoking(no(503, "RequestLimitExceeded")).await, Error::Throttled(_)));
    assert!(matches!(revoking(no(403, "UnauthorizedOperation")).await, Error::Denied(_)));
    assert!(matches!(revoking(no(400, "InvalidSecurityGroupRuleId.NotFound")).await, Error::NotFound));
    assert!(matches!(revoking(no(400, "InvalidPermission.Duplicate")).await, Error::Duplicate));
    assert!(matches!(revoking(no(400, "InvalidGroup.NotFound")).await, Error::GroupGone));
    assert!(matches!(revoking(no(400, "RulesPerSecurityGroupLimitExceeded")).await, Error::Full));
    assert!(matches!(revoking(no(500, "InternalError")).await, Error::Failed(_)));
    assert!(matches!(revoking((200, "no XML".to_owned())).await, Error::Failed(_)));
}

#[tokio::test]
async fn a_try_is_an_error_either_way() {
    let trying = async |answers| {
        let (aws, _asked) = aws(answers);
        let firewall = Ec2Firewall::new(aws, Discovery::default(), "t");
        firewall.may(&group()).await
    };
    let (yes, denied) = (|| no(412, "DryRunOperation"), || no(403, "UnauthorizedOperation"));
    assert_eq!(trying(vec![yes(), denied()]).await.unwrap(), Some(May { open: true, shut: false }));
    assert_eq!(trying(vec![denied(), yes()]).await.unwrap(), Some(May { open: false, shut: true }));
    let gone = vec![yes(), no(400, "InvalidGroup.NotFound")];
    assert!(matches!(trying(gone).await, Err(FirewallError::GroupGone)));
}

#[tokio::test]
async fn rules_are_read_page_by_page() {
    let page = |id: &str, next: &str| {
        let rule = format!(
            "<item><securityGroupRuleId>{id}</securityGroupRuleId><groupId>sg-1</groupId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort><cidrIpv4>203.0.113.7/32</cidrIpv4></item>"
        );
        (
            200,
            format!(
                "<DescribeSecurityGroupRulesResponse><securityGroupRuleSet>{rule}</securityGroupRuleSet>{next}</DescribeSecurityGroupRulesResponse>"
            ),
        )
    };
    let (aws, asked) = aws(vec![page("sgr-1", "<nextToken>more</nextToken>"), page("sgr-2", "")]);
    let firewall = Ec2Firewall::new(aws, Discovery::default(), "t");
    let rules = firewall.rules(&[group()]).await.unwrap();
    let ids: Vec<&str> = rules[&group()].list.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["sgr-1", "sgr-2"]);
    assert!(!asked.recv().unwrap().contains("NextToken"));
    assert!(asked.recv().unwrap().contains("NextToken=more"));
}

#[tokio::test]
async fn all_rules_of_a_group_go_out_in_one_call_marked_as_ours() {
    let done = "<AuthorizeSecurityGroupIngressResponse><return>true</return></AuthorizeSecurityGroupIngressResponse>";
    let (aws, asked) = aws(vec![(200, done.to_owned())]);
    let firewall = Ec2Firewall::new(aws, Discovery::default(), "dev-ip-whitelist");
    let rules = [wanted("203.0.113.7/32", 443), wanted("2001:db8::/48", 443), wanted("203.0.113.7/32", 22)];
    firewall.authorise(&group(), &rules).await.unwrap();
    insta::assert_snapshot!(asked.recv().unwrap().replace('&', "\n"), @"
Action=AuthorizeSecurityGroupIngress
Version=2016-11-15
GroupId=sg-1
IpPermissions.1.IpProtocol=tcp
IpPermissions.1.FromPort=22
IpPermissions.1.ToPort=22
IpPermissions.1.IpRanges.1.Description=countersign%20dev
IpPermissions.1.IpRanges.1.CidrIp=203.0.113.7%2F32
IpPermissions.2.IpProtocol=tcp
IpPermissions.2.FromPort=443
IpPermissions.2.ToPort=443
IpPermissions.2.IpRanges.1.Description=countersign%20dev
IpPermissions.2.IpRanges.1.CidrIp=203.0.113.7%2F32
IpPermissions.2.Ipv6Ranges.1.Description=countersign%20dev
IpPermissions.2.Ipv6Ranges.1.CidrIpv6=2001%3Adb8%3A%3A%2F48
TagSpecification.1.ResourceType=security-group-rule
TagSpecification.1.Tag.1.Key=ManagedBy
TagSpecification.1.Tag.1.Value=countersign
TagSpecification.1.Tag.2.Key=CountersignTable
TagSpecification.1.Tag.2.Value=dev-ip-whitelist
");
}

#[tokio::test]
async fn nothing_is_asked_for_nothing() {
    let (aws, asked) = aws(vec![]);
    let firewall = Ec2Firewall::new(aws, Discovery::default(), "t");
    firewall.authorise(&group(), &[]).await.unwrap();
    firewall.revoke(&group(), &[]).await.unwrap();
    assert!(firewall.rules(&[]).await.unwrap().is_empty());
    assert!(firewall.groups().await.unwrap().is_empty());
    assert!(asked.try_recv().is_err());
}

#[tokio::test]
async fn dynamodb_asks_for_a_pause() {
    for code in ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"] {
        let (aws, _) = aws(vec![(400, format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}"}}"#))]);
        let error = DynamoTable::new(aws, "t").rows_of("203.0.113.7/32").await.unwrap_err();
        assert!(matches!(error, TableError::Throttled(_)), "{error:?}");
    }
}

#[tokio::test]
async fn rows_that_dynamodb_left_out_are_asked_for_again() {
    let item = |ip: &str| format!(r#"{{"ip_address":{{"S":"{ip}"}},"environment":{{"S":"dev"}}}}"#);
    let answer = |found: &str, left: &str| {
        let left =
            if left.is_empty() { String::new() } else { format!(r#""t":{{"Keys":[{}]}}"#, item(left)) };
        let found = if found.is_empty() { String::new() } else { item(found) };
        (200, format!(r#"{{"Responses":{{"t":[{found}]}},"UnprocessedKeys":{{{left}}}}}"#))
    };
    let keys = ["203.0.113.1/32", "203.0.113.2/32"].map(|ip| (ip.to_owned(), Environment::new("dev")));
    let (one, other) = ("203.0.113.1/32", "203.0.113.2/32");
    let (patient, _asked) = aws(vec![answer(one, other), answer(other, "")]);
    assert_eq!(DynamoTable::new(patient, "t").get(&keys).await.unwrap().len(), 2);
    let (stuck, _asked) = aws(vec![answer(one, other), answer("", other)]);
    let error = DynamoTable::new(stuck, "t").get(&keys).await.unwrap_err();
    assert!(matches!(error, TableError::Throttled(_)), "{error:?}");
}
