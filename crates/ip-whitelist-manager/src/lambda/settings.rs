//! What the Lambda's environment variables say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_core::ids::ChannelId;
use countersign_engine::ports::Clock;
use jiff::SignedDuration;

use crate::aws::{Account, Aws, Discovery, RULES_PER_GROUP};
use crate::commands::{MOST_PER_PERSON, Office};
use crate::domain::{Environment, GroupId, Terms};
use crate::ports::Notices;
use crate::webhook::{Secret, Silence, Webhook, WebhookUrl};

/// What the Lambda does, for which table and which groups, and whom it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `TABLE_NAME`; `DEFAULT_TTL_DAYS`; `SG_DISCOVERY`, `SG_DISCOVERY_TAG_KEY`, `SG_DISCOVERY_TAG_VALUE`,
    /// `SECURITY_GROUP_IDS`, `ENVIRONMENT`, `SOLE_KEEPER`, `VPC_ID`, `PREFIX_LISTS`; `RULES_PER_SECURITY_GROUP`; and for the commands
    /// `DEFAULT_ENVIRONMENT`, `CHANNEL_ENVIRONMENTS`, `MOST_PER_PERSON`.
    pub account: Account,
    /// `SLACK_WEBHOOK_URL`, `SLACK_WEBHOOK_SECRET_ARN`.
    pub webhook: Option<WebhookAt>,
}

/// Where people are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookAt {
    /// At this address.
    Url(WebhookUrl),
    /// At the address in the secret of this ARN or name.
    Secret(String),
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
        let tag = switch(given("SG_DISCOVERY").as_deref(), ("SG_DISCOVERY", true))?.then(|| {
            (
                given("SG_DISCOVERY_TAG_KEY").unwrap_or_else(|| "WhitelistManaged".to_owned()),
                given("SG_DISCOVERY_TAG_VALUE").unwrap_or_else(|| "true".to_owned()),
            )
        });
        if tag.is_none() && listed.is_empty() {
            let rule =
                "must name security groups where SG_DISCOVERY is `false`; else none would follow the table";
            return Err(wrong("SECURITY_GROUP_IDS", rule));
        }
        let account = Account {
            table,
            terms: terms(given("DEFAULT_TTL_DAYS"))?,
            rules_per_group: number(
                given("RULES_PER_SECURITY_GROUP"),
                "RULES_PER_SECURITY_GROUP",
                (RULES_PER_GROUP, 1000),
            )?,
            default_environment: given("DEFAULT_ENVIRONMENT").map(Environment::new).or(environment.clone()),
            by_channel: channels(given("CHANNEL_ENVIRONMENTS").as_deref())?,
            most_per_person: number(given("MOST_PER_PERSON"), "MOST_PER_PERSON", (MOST_PER_PERSON, 1000))?,
            discovery: Discovery {
                tag,
                listed,
                environment,
                alone: switch(given("SOLE_KEEPER").as_deref(), ("SOLE_KEEPER", false))?,
                vpc: given("VPC_ID"),
                prefix_lists: switch(given("PREFIX_LISTS").as_deref(), ("PREFIX_LISTS", false))?,
            },
        };
        let webhook = webhook(given("SLACK_WEBHOOK_URL"), given("SLACK_WEBHOOK_SECRET_ARN"))?;
        Ok(Self { account, webhook })
    }

    /// The office of these settings. Nothing is asked for yet.
    pub fn office(&self, aws: Arc<Aws>, clock: Arc<dyn Clock>) -> Office {
        let notices: Arc<dyn Notices> = match &self.webhook {
            Some(WebhookAt::Url(url)) => Arc::new(Webhook::new(url.clone())),
            Some(WebhookAt::Secret(id)) => Arc::new(Webhook::of_secret(Secret::new(Arc::clone(&aws), id))),
            None => Arc::new(Silence),
        };
        self.account.office(aws, clock, notices)
    }
}

fn webhook(url: Option<String>, secret: Option<String>) -> Result<Option<WebhookAt>, SettingsError> {
    match (url, secret) {
        (None, None) => Ok(None),
        (None, Some(secret)) => Ok(Some(WebhookAt::Secret(secret))),
        (Some(url), None) => {
            let url =
                url.parse().map_err(|fault| wrong("SLACK_WEBHOOK_URL", &format!("is refused: {fault}")))?;
            Ok(Some(WebhookAt::Url(url)))
        }
        (Some(_), Some(_)) => Err(wrong(
            "SLACK_WEBHOOK_SECRET_ARN",
            "cannot be given beside SLACK_WEBHOOK_URL; keep one of them",
        )),
    }
}

fn terms(days: Option<String>) -> Result<Terms, SettingsError> {
    let terms = Terms::default();
    let days = number(days, "DEFAULT_TTL_DAYS", (7, 30))?;
    Ok(Terms { usual: SignedDuration::from_hours(24 * i64::try_from(days).unwrap_or(7)), ..terms })
}

fn switch(text: Option<&str>, (name, usual): (&'static str, bool)) -> Result<bool, SettingsError> {
    match text {
        None => Ok(usual),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(wrong(name, "must be `true` or `false`")),
    }
}

fn number(
    text: Option<String>,
    name: &'static str,
    (usual, most): (usize, usize),
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

/// `C0123456789=dev, C0987654321=staging`.
fn channels(text: Option<&str>) -> Result<BTreeMap<ChannelId, Environment>, SettingsError> {
    let one = |part: &str| {
        let (channel, environment) = part.split_once('=')?;
        let holds = !environment.is_empty() && channel.starts_with(['C', 'G', 'D']);
        holds.then(|| (ChannelId::new(channel), Environment::new(environment)))
    };
    let parts = text.unwrap_or_default().split(|c: char| c == ',' || c.is_whitespace());
    let all = parts.filter(|part| !part.is_empty()).map(one).collect::<Option<_>>();
    let rule = "must pair ids of channels with environments, like `C0123456789=dev`, separated by commas";
    all.ok_or_else(|| wrong("CHANNEL_ENVIRONMENTS", rule))
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
        let Account { discovery, terms, rules_per_group, default_environment, most_per_person, .. } =
            settings.account;
        assert_eq!(discovery.tag, Some(("WhitelistManaged".to_owned(), "true".to_owned())));
        assert_eq!((terms, rules_per_group, most_per_person), (Terms::default(), 60, 20));
        assert_eq!((settings.webhook, default_environment), (None, None));
    }

    #[test]
    fn a_sentence_without_an_environment_means_the_channels_or_the_usual_one() {
        let some = [
            ("TABLE_NAME", "t"),
            ("ENVIRONMENT", "dev"),
            ("CHANNEL_ENVIRONMENTS", "C1=staging, G2=prod"),
            ("MOST_PER_PERSON", "3"),
        ];
        let account = read(&some).unwrap().account;
        assert_eq!(account.default_environment, Some(Environment::new("dev")));
        assert_eq!(account.by_channel[&ChannelId::new("G2")], Environment::new("prod"));
        assert_eq!(account.most_per_person, 3);
        let account = read(&[some.as_slice(), &[("DEFAULT_ENVIRONMENT", "qa")]].concat()).unwrap().account;
        assert_eq!(account.default_environment, Some(Environment::new("qa")));
    }

    #[test]
    fn groups_are_listed_with_their_environments() {
        let some =
            [("TABLE_NAME", "t"), ("ENVIRONMENT", "dev"), ("SECURITY_GROUP_IDS", "sg-1, qa=sg-2 sg-2")];
        let listed = read(&some).unwrap().account.discovery.listed;
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
        insta::assert_snapshot!(refused(&[("PREFIX_LISTS", "yes")]), @"the environment variable PREFIX_LISTS must be `true` or `false`");
        insta::assert_snapshot!(refused(&[("SG_DISCOVERY", "false")]), @"the environment variable SECURITY_GROUP_IDS must name security groups where SG_DISCOVERY is `false`; else none would follow the table");
        insta::assert_snapshot!(refused(&[("SECURITY_GROUP_IDS", "sg-1")]), @"the environment variable SECURITY_GROUP_IDS must say which environment each group is for, like `dev=sg-0123456789abcdef0`, unless ENVIRONMENT says it for all");
        insta::assert_snapshot!(refused(&[("SECURITY_GROUP_IDS", "dev=web")]), @"the environment variable SECURITY_GROUP_IDS must list ids of security groups, like `sg-0123456789abcdef0`, separated by commas");
        insta::assert_snapshot!(refused(&[("CHANNEL_ENVIRONMENTS", "general=dev")]), @"the environment variable CHANNEL_ENVIRONMENTS must pair ids of channels with environments, like `C0123456789=dev`, separated by commas");
        insta::assert_snapshot!(refused(&[("CHANNEL_ENVIRONMENTS", "C1")]), @"the environment variable CHANNEL_ENVIRONMENTS must pair ids of channels with environments, like `C0123456789=dev`, separated by commas");
        insta::assert_snapshot!(refused(&[("MOST_PER_PERSON", "none")]), @"the environment variable MOST_PER_PERSON must be a whole number between 1 and 1000");
        insta::assert_snapshot!(refused(&[("SOLE_KEEPER", "1")]), @"the environment variable SOLE_KEEPER must be `true` or `false`");
        insta::assert_snapshot!(refused(&[("SLACK_WEBHOOK_SECRET_ARN", "s"), ("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/SECRET")]), @"the environment variable SLACK_WEBHOOK_SECRET_ARN cannot be given beside SLACK_WEBHOOK_URL; keep one of them");
        insta::assert_snapshot!(refused(&[("SLACK_WEBHOOK_URL", "http://hooks.slack.com/services/SECRET")]), @"the environment variable SLACK_WEBHOOK_URL is refused: it must begin with https:// (http:// is for this machine's own addresses alone)");
    }
}
