//! What the Lambda's environment variables say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_engine::ports::Clock;
use jiff::SignedDuration;

use crate::aws::{Aws, Discovery, DynamoTable, Ec2Firewall, RULES_PER_GROUP};
use crate::domain::{Environment, GroupId, Terms};
use crate::ports::Notices;
use crate::sync::Whitelist;
use crate::webhook::{Silence, Webhook, WebhookUrl};

/// What the Lambda does, for which table and which groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `TABLE_NAME`.
    pub table: String,
    /// `DEFAULT_TTL_DAYS`, and the bounds of the product.
    pub terms: Terms,
    /// `SG_DISCOVERY`, `SG_DISCOVERY_TAG_KEY`, `SG_DISCOVERY_TAG_VALUE`, `SECURITY_GROUP_IDS`, `ENVIRONMENT`, `VPC_ID`.
    pub discovery: Discovery,
    /// `RULES_PER_SECURITY_GROUP`.
    pub rules_per_group: usize,
    /// `SLACK_WEBHOOK_URL`.
    pub webhook: Option<WebhookUrl>,
}

/// A variable that is missing or wrong. It says what to write instead, and never a secret's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {name} {rule}")]
pub struct SettingsError {
    name: &'static str,
    rule: String,
}

impl Settings {
    /// Reads them; `variable` gives the value of one, if it is set.
    ///
    /// # Errors
    /// [`SettingsError`] names the variable and the rule that it breaks.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let given =
            |name: &str| variable(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let table = given("TABLE_NAME");
        let table = table.ok_or_else(|| wrong("TABLE_NAME", "must be the name of the whitelist's table"))?;
        let environment = given("ENVIRONMENT").map(Environment::new);
        let listed = listed(given("SECURITY_GROUP_IDS").as_deref(), environment.as_ref())?;
        let tag = match given("SG_DISCOVERY").as_deref() {
            None | Some("true") => Some((
                given("SG_DISCOVERY_TAG_KEY").unwrap_or_else(|| "WhitelistManaged".to_owned()),
                given("SG_DISCOVERY_TAG_VALUE").unwrap_or_else(|| "true".to_owned()),
            )),
            Some("false") => None,
            Some(_) => return Err(wrong("SG_DISCOVERY", "must be `true` or `false`")),
        };
        if tag.is_none() && listed.is_empty() {
            let rule =
                "must name security groups where SG_DISCOVERY is `false`; else none would follow the table";
            return Err(wrong("SECURITY_GROUP_IDS", rule));
        }
        let discovery = Discovery { tag, listed, environment, vpc: given("VPC_ID") };
        let rules_per_group =
            number(given("RULES_PER_SECURITY_GROUP"), "RULES_PER_SECURITY_GROUP", RULES_PER_GROUP, 1000)?;
        let webhook = given("SLACK_WEBHOOK_URL").map(|text| text.parse::<WebhookUrl>()).transpose();
        let webhook = webhook.map_err(|fault| wrong("SLACK_WEBHOOK_URL", &format!("is refused: {fault}")))?;
        Ok(Self { table, terms: terms(given("DEFAULT_TTL_DAYS"))?, discovery, rules_per_group, webhook })
    }

    /// The whitelist of these settings. Nothing is asked for yet.
    pub fn whitelist(&self, aws: Arc<Aws>, clock: Arc<dyn Clock>) -> Whitelist {
        let notices: Arc<dyn Notices> = match &self.webhook {
            Some(url) => Arc::new(Webhook::new(url.clone())),
            None => Arc::new(Silence),
        };
        let firewall = Ec2Firewall::new(Arc::clone(&aws), self.discovery.clone(), &self.table);
        Whitelist {
            table: Arc::new(DynamoTable::new(aws, &self.table)),
            firewall: Arc::new(firewall.with_limit(self.rules_per_group)),
            notices,
            clock,
            terms: self.terms,
        }
    }
}

fn terms(days: Option<String>) -> Result<Terms, SettingsError> {
    let terms = Terms::default();
    let days = number(days, "DEFAULT_TTL_DAYS", 7, 30)?;
    Ok(Terms { usual: SignedDuration::from_hours(24 * i64::try_from(days).unwrap_or(7)), ..terms })
}

fn number(
    text: Option<String>,
    name: &'static str,
    usual: usize,
    most: usize,
) -> Result<usize, SettingsError> {
    let Some(text) = text else { return Ok(usual) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| wrong(name, &format!("must be a whole number between 1 and {most}")))
}

/// `sg-1, sg-2`, or with an environment each: `dev=sg-1, staging=sg-2`.
fn listed(
    text: Option<&str>,
    own: Option<&Environment>,
) -> Result<BTreeMap<GroupId, BTreeSet<Environment>>, SettingsError> {
    let mut listed: BTreeMap<GroupId, BTreeSet<Environment>> = BTreeMap::new();
    let parts = text.unwrap_or_default().split(|c: char| c == ',' || c.is_whitespace());
    for part in parts.filter(|part| !part.is_empty()) {
        let (environment, id) = match part.split_once('=') {
            Some((environment, id)) => (Some(Environment::new(environment)), id),
            None => (own.cloned(), part),
        };
        if !id.starts_with("sg-") {
            let rule = "must list ids of security groups, like `sg-0123456789abcdef0`, separated by commas";
            return Err(wrong("SECURITY_GROUP_IDS", rule));
        }
        let environment = environment.filter(|environment| !environment.as_str().is_empty());
        let Some(environment) = environment else {
            let rule = "must say which environment each group is for, like `dev=sg-0123456789abcdef0`, unless ENVIRONMENT says it for all";
            return Err(wrong("SECURITY_GROUP_IDS", rule));
        };
        listed.entry(GroupId::new(id)).or_default().insert(environment);
    }
    Ok(listed)
}

fn wrong(name: &'static str, rule: &str) -> SettingsError {
    SettingsError { name, rule: rule.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, String> {
        let variable = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::read(variable).map_err(|error| error.to_string())
    }

    fn refused(variables: &[(&str, &str)]) -> String {
        read(&[&[("TABLE_NAME", "t")], variables].concat()).unwrap_err()
    }

    #[test]
    fn the_table_alone_is_enough() {
        let settings = read(&[("TABLE_NAME", "dev-ip-whitelist"), ("SLACK_WEBHOOK_URL", "")]).unwrap();
        assert_eq!(settings.discovery.tag, Some(("WhitelistManaged".to_owned(), "true".to_owned())));
        assert_eq!((settings.terms, settings.rules_per_group), (Terms::default(), 60));
        assert_eq!(settings.webhook, None);
    }

    #[test]
    fn groups_are_listed_with_their_environments() {
        let some =
            [("TABLE_NAME", "t"), ("ENVIRONMENT", "dev"), ("SECURITY_GROUP_IDS", "sg-1, qa=sg-2 sg-2")];
        let listed = read(&some).unwrap().discovery.listed;
        let named = |id: &str| listed[&GroupId::new(id)].iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            (named("sg-1"), named("sg-2")),
            (vec!["dev".to_owned()], vec!["dev".to_owned(), "qa".to_owned()])
        );
    }

    #[test]
    fn what_is_wrong_is_said_at_the_start() {
        insta::assert_snapshot!(read(&[]).unwrap_err(), @"the environment variable TABLE_NAME must be the name of the whitelist's table");
        insta::assert_snapshot!(refused(&[("DEFAULT_TTL_DAYS", "0")]), @"the environment variable DEFAULT_TTL_DAYS must be a whole number between 1 and 30");
        insta::assert_snapshot!(refused(&[("SG_DISCOVERY", "no")]), @"the environment variable SG_DISCOVERY must be `true` or `false`");
        insta::assert_snapshot!(refused(&[("SG_DISCOVERY", "false")]), @"the environment variable SECURITY_GROUP_IDS must name security groups where SG_DISCOVERY is `false`; else none would follow the table");
        insta::assert_snapshot!(refused(&[("SECURITY_GROUP_IDS", "sg-1")]), @"the environment variable SECURITY_GROUP_IDS must say which environment each group is for, like `dev=sg-0123456789abcdef0`, unless ENVIRONMENT says it for all");
        insta::assert_snapshot!(refused(&[("SECURITY_GROUP_IDS", "dev=web")]), @"the environment variable SECURITY_GROUP_IDS must list ids of security groups, like `sg-0123456789abcdef0`, separated by commas");
        insta::assert_snapshot!(refused(&[("SLACK_WEBHOOK_URL", "http://hooks.slack.com/services/SECRET")]), @"the environment variable SLACK_WEBHOOK_URL is refused: it must begin with https:// (http:// is for this machine's own addresses alone)");
    }
}
