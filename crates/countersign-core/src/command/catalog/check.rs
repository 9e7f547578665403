//! Checks of single commands and of their examples.

use std::collections::HashSet;

use super::{Catalog, CatalogError, Command, RESERVED_WORDS};
use crate::command::escalation::Escalation;
use crate::command::kind::Kind;
use crate::command::pattern::{Atom, Pattern};
use crate::command::shape::{Place, Shape};
use crate::command::spec::{CommandName, Risk, Spec};
use crate::router::Routing;
use crate::router::words::fold;

/// Names that are there more than once, each told once for every repetition.
pub(super) fn names(commands: &[Spec]) -> Vec<CatalogError> {
    let mut seen = HashSet::new();
    let repeated = commands.iter().filter(|spec| !seen.insert(spec.name.as_str()));
    repeated.map(|spec| CatalogError::SameName { command: spec.name.clone() }).collect()
}

/// What is wrong with one command by itself.
pub(super) fn one(spec: &Spec, pattern: &Pattern) -> Vec<CatalogError> {
    let reserved = RESERVED_WORDS.into_iter().filter(|word| can_begin_with(pattern, word));
    let reserved =
        reserved.map(|word| CatalogError::Reserved { command: spec.name.clone(), word: word.to_owned() });
    let blind = spec.escalations.iter().filter(|escalation| !is_measurable(pattern, escalation));
    let blind = blind.map(|escalation| CatalogError::Escalation {
        command: spec.name.clone(),
        argument: escalation.argument.clone(),
    });
    let known = |name: &str| pattern.arguments().iter().any(|argument| *argument.name == *name);
    let unknown = spec.lock.iter().flat_map(|lock| lock.arguments()).filter(|name| !known(name));
    let unknown =
        unknown.map(|name| CatalogError::Lock { command: spec.name.clone(), argument: name.to_owned() });
    let secrets = pattern.arguments().iter().filter(|argument| argument.kind == Kind::Secret);
    let shown = secrets.filter(|secret| {
        let in_lock = spec.lock.iter().any(|lock| lock.arguments().any(|name| *name == *secret.name));
        let is_typed = spec.risk == Risk::Destructive
            && pattern.arguments().first().is_some_and(|first| first.name == secret.name);
        in_lock || is_typed
    });
    let shown = shown
        .map(|secret| CatalogError::Secret { command: spec.name.clone(), argument: secret.name.to_string() });
    reserved.chain(blind).chain(unknown).chain(shown).collect()
}

fn can_begin_with(pattern: &Pattern, word: &str) -> bool {
    pattern.expansions.iter().any(|atoms| match atoms.first() {
        Some(Atom::Word(first)) => fold(first) == word,
        Some(Atom::Hole(index)) => pattern.arguments().get(*index).is_some_and(|argument| {
            let place = if atoms.len() == 1 { Place::Last } else { Place::Inside };
            Shape::of(&argument.kind, place).accepts(word)
        }),
        None => false,
    })
}

fn is_measurable(pattern: &Pattern, escalation: &Escalation) -> bool {
    let mut named = pattern.arguments().iter().filter(|known| *known.name == *escalation.argument);
    named.any(|known| escalation.bound.measures(&known.kind))
}

/// Examples that do not run their own command. Commands that clash with another are told so already.
pub(super) fn examples(catalog: &Catalog, errors: &[CatalogError]) -> Vec<CatalogError> {
    let sound = |command: &&Command| !errors.iter().any(|error| error.clashes(&command.spec.name));
    catalog.commands.iter().filter(sound).flat_map(|command| examples_of(catalog, command)).collect()
}

fn examples_of<'a>(catalog: &'a Catalog, command: &'a Command) -> impl Iterator<Item = CatalogError> + 'a {
    command.spec.examples.iter().filter_map(|example| {
        let reason = instead(catalog, command, example)?;
        Some(CatalogError::Example { command: command.spec.name.clone(), example: example.clone(), reason })
    })
}

/// What `example` does, unless it runs its own command.
fn instead(catalog: &Catalog, command: &Command, example: &str) -> Option<String> {
    match catalog.route(example) {
        Routing::Route { command: found, .. } if std::ptr::eq(found, command) => None,
        Routing::Route { command: found, .. } => Some(format!("it runs `{}`", found.spec.name)),
        Routing::TooLong(limit) => Some(limit.to_string()),
        Routing::Unknown => Some("it fits no command; bring example and pattern together".to_owned()),
        Routing::Malformed { candidates } => {
            let own = candidates.iter().find(|candidate| std::ptr::eq(candidate.command, command));
            let problem = own.or(candidates.first()).and_then(|candidate| candidate.problems.first());
            problem.map(|problem| format!("column {}, {}", problem.column, problem.rule))
        }
    }
}

impl CatalogError {
    fn clashes(&self, name: &CommandName) -> bool {
        match self {
            Self::Ambiguous { first, second, .. } => first == name || second == name,
            Self::SameName { command } => command == name,
            Self::MoreAmbiguous(_) => true,
            _ => false,
        }
    }
}
