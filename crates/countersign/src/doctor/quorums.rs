//! Commands that can never be signed, because too few people are named for it.

use std::collections::BTreeSet;

use countersign_core::command::spec::Spec;
use countersign_core::ids::{OrgId, UserId};
use countersign_core::policy::Policy;

use super::Finding;
use crate::config::{Config, ConfigErrors};

pub(super) fn examine(config: &Config) -> Result<Vec<Finding>, ConfigErrors> {
    let policy = config.policy(OrgId::new("T0"));
    let catalog = config.catalog()?;
    let hopeless = catalog.commands().iter().filter_map(|command| of(command.spec(), &policy));
    Ok(hopeless.map(|sentence| Finding::wrong("signatures", sentence)).collect())
}

/// What is wrong, if the people of all its groups together are too few. User groups are not counted: they change.
fn of(spec: &Spec, policy: &Policy) -> Option<String> {
    let groups: Option<Vec<_>> = spec.quorum.from.iter().map(|name| policy.groups.get(name)).collect();
    let groups = groups.filter(|groups| !groups.is_empty())?;
    if groups.iter().any(|group| group.usergroup.is_some()) {
        return None;
    }
    let people: BTreeSet<&UserId> = groups.iter().flat_map(|group| &group.users).collect();
    let needed = spec.quorum.others_needed();
    (people.len() < needed).then(|| {
        let (has, lacks) = (people.len(), spec.name.as_str());
        format!(
            "`{lacks}` needs {needed} others, and its groups name {has}. Name more people, or ask for fewer."
        )
    })
}
