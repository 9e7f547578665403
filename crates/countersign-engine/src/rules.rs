//! What is in force: the commands, who may, and what they do. One value, so
//! that a reload replaces all of it or nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_core::command::catalog::{Catalog, Command};
use countersign_core::command::spec::CommandName;
use countersign_core::policy::{Freeze, Person, Place, Policy, Refusal, Roster};
use countersign_core::reply::HelpEntry;
use countersign_core::router::Routing;

use crate::ports::Runbook;

/// The rules in force. Cheap to clone.
#[derive(Clone)]
pub struct Rules {
    /// What the bot is called.
    pub bot: String,
    /// All commands.
    pub catalog: Arc<Catalog>,
    /// Who may.
    pub policy: Policy,
    /// What each command does.
    pub runbooks: Arc<BTreeMap<CommandName, Arc<dyn Runbook>>>,
}

impl Rules {
    /// A command and what it does, if both are there.
    pub fn command(&self, name: &CommandName) -> Option<(&Command, &Arc<dyn Runbook>)> {
        Some((self.catalog.command(name.as_str())?, self.runbooks.get(name)?))
    }

    /// The same rules, with other members in the user groups, and other freezes by hand.
    pub(crate) fn as_of(&self, roster: Roster, freezes: Vec<Freeze>) -> Self {
        let mut rules = self.clone();
        rules.policy.roster = roster;
        rules.policy.freezes = freezes;
        rules
    }

    /// What `person` may ask for in a place, in the order of the configuration.
    pub fn help_for(&self, person: &Person, place: &Place) -> Vec<HelpEntry> {
        let visible = self
            .catalog
            .commands()
            .iter()
            .filter(|command| self.policy.may_see(command.spec(), person, place));
        visible
            .map(|command| HelpEntry {
                usage: command.usage().to_owned(),
                description: command.spec().description.clone(),
                example: command.spec().examples.first().cloned(),
                quorum: command.spec().quorum.clone(),
            })
            .collect()
    }
}

/// The refusal of a sentence that is no command. Which commands come near is not said here:
/// that depends on who asks.
pub fn refusal_of(routing: Routing<'_>) -> Refusal {
    match routing {
        Routing::Malformed { candidates } => {
            candidates.into_iter().next().map_or(Refusal::Unknown { nearest: Vec::new() }, |nearly| {
                Refusal::Malformed {
                    usage: nearly.usage().to_owned(),
                    example: nearly.command.spec().examples.first().cloned(),
                    problems: nearly.problems,
                }
            })
        }
        Routing::TooLong(limit) => Refusal::Unreadable { sentence: format!("I did not read that: {limit}.") },
        Routing::Unknown | Routing::Route { .. } => Refusal::Unknown { nearest: Vec::new() },
    }
}
