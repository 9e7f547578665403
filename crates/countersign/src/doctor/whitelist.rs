//! The IP whitelist that the bot keeps: its table, its security groups, and the right to change them.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign_engine::causes;
use ip_whitelist_manager::aws::{Account, Aws, Looked, May, Seen};
use ip_whitelist_manager::domain::Environment;
use ip_whitelist_manager::ports::{Cause, FirewallError};

use super::{Finding, Patient};
use crate::config::{Config, KeptWhitelist};

const TABLE: &str = "whitelist";
const GROUPS: &str = "groups";

const TERRAFORM: &str = "If Terraform keeps one of these groups, its rules must be resources of their own: with `ingress` \
                         blocks in the group, each apply takes away what the whitelist lets through.";

/// Nothing where no whitelist is configured.
pub(super) async fn examine(config: &Config, patient: &Patient) -> Vec<Finding> {
    let Some(KeptWhitelist { account, aws, .. }) = config.whitelist() else { return Vec::new() };
    if patient.tokens.is_none() {
        return vec![Finding::skipped(TABLE, "Not looked at: --offline says so.")];
    }
    let aws: Arc<Aws> = Arc::new(aws);
    let mut findings = vec![table(&account.table, &account.look_at_table(&aws).await)];
    findings.extend(groups(&account, account.look_at_groups(Arc::clone(&aws)).await));
    findings
}

/// What was seen under the table's name.
fn table(name: &str, seen: &Result<Seen, Cause>) -> Finding {
    let wrong = |sentence: &str| Finding::wrong(TABLE, format!("The DynamoDB table {name} {sentence}"));
    match seen {
        Ok(Seen::Whitelist) => {
            Finding::fine(TABLE, format!("The DynamoDB table {name} is there, and is a whitelist's."))
        }
        Ok(Seen::NoExpiry) => Finding::note(
            TABLE,
            format!(
                "The DynamoDB table {name} has no time to live: what ends is shut by the bot alone. \
                 Switch it on, for `expires_at`."
            ),
        ),
        Ok(Seen::NoIndex) => wrong(
            "has no index `environment-index` by `environment`; docs/whitelist.md tells how it is made.",
        ),
        Ok(Seen::Nothing) => {
            wrong("is not in this account and region; docs/whitelist.md tells how it is made.")
        }
        Ok(Seen::NotReady) => Finding::note(
            TABLE,
            format!("The DynamoDB table {name} is being made or changed; look again in a minute."),
        ),
        Ok(Seen::Foreign) => {
            wrong("is no whitelist's: its keys must be `ip_address` and `environment`. Name another one.")
        }
        Err(error) => Finding::wrong(
            TABLE,
            format!(
                "The DynamoDB table {name} cannot be looked at; check the region, the credentials and their \
                 permissions: {}.",
                causes::line(&**error)
            ),
        ),
    }
}

/// The groups that follow it, those that may not be changed, and environments without any.
fn groups(account: &Account, looked: Result<Vec<Looked>, FirewallError>) -> Vec<Finding> {
    let looked = match looked {
        Ok(looked) => looked,
        Err(error) => {
            let sentence = format!("The security groups cannot be looked at: {}.", causes::line(&error));
            return vec![Finding::wrong(GROUPS, sentence)];
        }
    };
    if looked.is_empty() {
        return vec![Finding::wrong(GROUPS, nobody(account))];
    }
    let named: Vec<String> = looked.iter().map(named).collect();
    let follow = if named.len() == 1 { "follows" } else { "follow" };
    let sentence = format!("{} {follow} the whitelist: {}.", named.len(), named.join("; "));
    let mut findings = vec![Finding::fine(GROUPS, sentence)];
    findings.extend(looked.iter().filter_map(denied));
    let known: BTreeSet<&Environment> = looked.iter().flat_map(|one| &one.group.environments).collect();
    let meant = account.default_environment.iter().chain(account.by_channel.values());
    let missing: BTreeSet<&Environment> = meant.filter(|one| !known.contains(one)).collect();
    findings.extend(missing.into_iter().map(|environment| {
        let sentence = format!(
            "No security group is for {environment}, which [whitelist] names: tag one with `Environment = \
             {environment}`, or name another environment."
        );
        Finding::wrong(GROUPS, sentence)
    }));
    findings.push(Finding::note(GROUPS, TERRAFORM));
    findings
}

/// What is missing for a group.
fn denied(Looked { group, may }: &Looked) -> Option<Finding> {
    let allow = match may.as_ref()? {
        May { open: true, shut: true } => return None,
        May { open: false, shut: true } => {
            "not be opened: allow `ec2:AuthorizeSecurityGroupIngress` on it, and `ec2:CreateTags` on its new rules"
        }
        May { open: true, shut: false } => {
            "be opened, and not be shut, so that nothing would end: allow `ec2:RevokeSecurityGroupIngress` on it"
        }
        May { open: false, shut: false } => {
            "not be changed: allow what docs/whitelist.md lists under \"Rights\""
        }
    };
    let sentence = format!("With these credentials {} may {allow}.", group.id);
    Some(Finding::wrong(GROUPS, sentence))
}

fn named(Looked { group, .. }: &Looked) -> String {
    let environments: Vec<&str> = group.environments.iter().map(Environment::as_str).collect();
    format!("{} ({}) for {}", group.name, group.id, environments.join(", "))
}

fn nobody(account: &Account) -> String {
    match &account.discovery.tag {
        Some((key, value)) => format!(
            "No security group follows the whitelist: tag one with `{key} = {value}` and with `Environment = dev`, or \
             with the environment that it is for."
        ),
        None => "No security group follows the whitelist: those in [whitelist] groups do not exist here."
            .to_owned(),
    }
}

#[cfg(test)]
#[path = "whitelist_tests.rs"]
mod tests;
