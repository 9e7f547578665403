//! The people and user groups that the configuration names.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign_core::ids::{PersonId, UserId, UsergroupId};
use countersign_core::policy::{Person, Standing};
use countersign_engine::causes;
use countersign_engine::ports::{Directory as _, DirectoryError, Freshness};
use countersign_slack::{Me, SlackDirectory, WebApi};

use super::{Finding, Patient};
use crate::config::Config;

const GROUP: &str = "group";

pub(super) async fn examine((api, me, patient): (&WebApi, &Me, &Patient), config: &Config) -> Vec<Finding> {
    let directory = SlackDirectory::new(api.clone(), me.clone(), Arc::clone(&patient.clock));
    let admitted = config.policy(me.org().clone()).admitted;
    let mut findings = Vec::new();
    for (name, group) in &config.file().groups {
        let mut people: BTreeSet<UserId> = group.users().iter().map(UserId::new).collect();
        if let Some(usergroup) = group.usergroup() {
            match directory.usergroup(&UsergroupId::new(usergroup), Freshness::Recent).await {
                Ok(members) if members.is_empty() => {
                    findings.push(Finding::wrong(GROUP, nobody(name, usergroup)));
                    continue;
                }
                Ok(members) => people.extend(members),
                Err(error) => {
                    findings.push(Finding::wrong(GROUP, format!("{name}: {}.", causes::line(&error))));
                    continue;
                }
            }
        }
        let mut found = Vec::new();
        for user in people {
            let id = PersonId { org: me.org().clone(), user };
            found.push(directory.person(&id, Freshness::Recent).await);
        }
        findings.push(of(name, &found, &admitted));
    }
    findings
}

fn nobody(name: &str, usergroup: &str) -> String {
    format!(
        "{name}: Nobody is in the user group {usergroup}, or there is none. Its id stands in its details in Slack, \
         behind “Copy group ID”."
    )
}

/// What is to be said of a group with these people in it.
pub(super) fn of(
    name: &str,
    found: &[Result<Person, DirectoryError>],
    admitted: &BTreeSet<PersonId>,
) -> Finding {
    let mut count = 0;
    let mut others = Vec::new();
    for person in found {
        match person {
            Ok(person) if person.standing == Standing::Member || admitted.contains(&person.id) => count += 1,
            Ok(person) => others.push(format!("{} ({})", shown(person), because(person.standing))),
            Err(error) => return Finding::wrong(GROUP, format!("{name}: {}.", causes::line(error))),
        }
    }
    let people = if count == 1 { "1 person".to_owned() } else { format!("{count} people") };
    match (count, others.is_empty()) {
        (0, _) => Finding::wrong(GROUP, format!("{name}: Nobody in it can sign. {}", without(&others))),
        (_, true) => Finding::fine(GROUP, format!("{name}: {people} can sign.")),
        (_, false) => Finding::note(GROUP, format!("{name}: {people} can sign. {}", without(&others))),
    }
}

fn without(others: &[String]) -> String {
    if others.is_empty() { "It is empty.".to_owned() } else { format!("Not: {}.", others.join(", ")) }
}

fn shown(person: &Person) -> String {
    let id = person.id.user.as_str();
    if person.name == id { id.to_owned() } else { format!("{} {id}", person.name) }
}

fn because(standing: Standing) -> &'static str {
    match standing {
        Standing::Member => "a member",
        Standing::Guest => "a guest; name them in `also` if they shall",
        Standing::Bot => "a bot",
        Standing::Deactivated => "switched off",
        Standing::Foreign => "of another organisation; name them in `also` if they shall",
        Standing::Unknown => "Slack knows nobody with this id",
    }
}
