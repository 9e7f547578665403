//! All commands, compiled together.
//!
//! Compiling reads every pattern, refuses what could mislead (two commands
//! that fit one sentence, a command that hides `help`, an example that runs
//! something else) and builds the tree that [`crate::router`] walks. All that
//! is wrong is reported at once.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::kind::{Kind, Vocabulary};
use super::pattern::{Argument, Atom, Pattern};
use super::shape::{Place, Shape};
use super::spec::Spec;
use super::usage::{Quotes, argument_usage, joined};
use crate::router::nearest::Keywords;
use crate::router::trie::{Edge, ExpansionId, Trie, TrieBuilder};
use crate::router::words::{WordId, Words};

mod ambiguity;
mod check;
mod errors;

pub use errors::{CatalogError, CatalogErrors};

/// First words that belong to the bot itself: a sentence that begins with one is never a command.
pub const RESERVED_WORDS: [&str; 2] = ["help", "hello"];

/// All commands of a configuration.
#[derive(Debug)]
pub struct Catalog {
    commands: Vec<Command>,
    expansions: Vec<Expansion>,
    /// The steps of all expansions, one after the other.
    steps: Vec<Step>,
    vocabulary: Vocabulary,
    pub(crate) words: Words,
    pub(crate) trie: Trie,
    pub(crate) keywords: Keywords,
}

/// One command of a catalog.
#[derive(Debug)]
pub struct Command {
    spec: Spec,
    usage: Box<str>,
    arguments: Box<[Argument]>,
    expansions: Range<u32>,
}

/// One sequence of words and arguments that a command can be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expansion {
    pub command: u32,
    /// Where its steps begin.
    first: u32,
    count: u16,
}

/// One place of an expansion, packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Word(WordId),
    /// The index of one of the command's arguments.
    Hole(u16),
}

impl Command {
    /// What its author declared.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The sentence to type: `set <subdomain> trial remaining to <days> days`.
    pub fn usage(&self) -> &str {
        &self.usage
    }

    /// The arguments with their types, in the order of the pattern.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }

    pub(crate) fn argument(&self, index: u16) -> Option<&Argument> {
        self.arguments.get(usize::from(index))
    }
}

impl Catalog {
    /// Compiles all commands of a configuration.
    ///
    /// # Errors
    /// Everything that is wrong with them, in their order.
    pub fn compile(commands: Vec<Spec>, vocabulary: &Vocabulary) -> Result<Self, CatalogErrors> {
        let mut errors = check::names(&commands);
        let mut draft = Draft::new(commands.len());
        for spec in commands {
            match Pattern::parse(&spec.pattern, vocabulary) {
                Ok(pattern) => {
                    errors.extend(check::one(&spec, &pattern));
                    draft.add(spec, &pattern);
                }
                Err(error) => errors.push(CatalogError::Pattern { command: spec.name, error }),
            }
        }
        let catalog = draft.finish(vocabulary, &mut errors);
        errors.extend(check::examples(&catalog, &errors));
        if errors.is_empty() { Ok(catalog) } else { Err(CatalogErrors::new(errors)) }
    }

    /// All commands, in the order of the configuration.
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// The command with this name.
    pub fn command(&self, name: &str) -> Option<&Command> {
        self.commands.iter().find(|command| command.spec.name.as_str() == name)
    }

    /// The words that a command can begin with, each with what may follow it, as usage shows it. A command that
    /// begins with an argument has none.
    pub fn openings(&self, command: &Command) -> Vec<(&str, String)> {
        let mut openings: Vec<(&str, String)> = Vec::new();
        for expansion in self.expansions_of(command) {
            let Some(Step::Word(word)) = self.steps(expansion).first() else { continue };
            let word = self.words.text(*word);
            if openings.iter().all(|(known, _)| *known != word) {
                let whole = command.usage.split_once(' ').unwrap_or((&command.usage, ""));
                let rest = match whole {
                    (first, rest) if first.eq_ignore_ascii_case(word) => rest.to_owned(),
                    _ => self.usage_from(expansion, 1),
                };
                openings.push((word, rest));
            }
        }
        openings
    }

    /// The regular expressions that a command is equivalent to, see [`super::regex`].
    pub fn regexes(&self, command: &Command) -> Vec<String> {
        let pattern = Pattern::parse(&command.spec.pattern, &self.vocabulary);
        pattern.map(|pattern| pattern.regexes()).unwrap_or_default()
    }

    pub(crate) fn expansion(&self, id: ExpansionId) -> Option<(&Expansion, &Command)> {
        let expansion = self.expansions.get(id.index())?;
        Some((expansion, self.commands.get(expansion.command as usize)?))
    }

    /// The places of an expansion.
    pub(crate) fn steps(&self, expansion: &Expansion) -> &[Step] {
        steps_of(&self.steps, expansion)
    }

    /// The expansions of a command.
    pub(crate) fn expansions_of(&self, command: &Command) -> &[Expansion] {
        let Range { start, end } = command.expansions;
        self.expansions.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The places of an expansion from `from` on, as usage shows them.
    pub(crate) fn usage_from(&self, expansion: &Expansion, from: usize) -> String {
        let Some(command) = self.commands.get(expansion.command as usize) else { return String::new() };
        let steps = self.steps(expansion);
        let last = steps.len().saturating_sub(1);
        let texts = steps.iter().enumerate().skip(from).map(|(place, step)| match step {
            Step::Word(word) => self.words.text(*word).to_owned(),
            Step::Hole(index) => command.argument(*index).map_or_else(String::new, |argument| {
                let inside = argument.kind == Kind::Text && place < last;
                let quotes =
                    if inside || argument.kind == Kind::Quoted { Quotes::Needed } else { Quotes::Free };
                argument_usage(argument, quotes)
            }),
        });
        joined(texts, " ")
    }
}

/// A catalog that grows command by command.
struct Draft {
    commands: Vec<Command>,
    expansions: Vec<Expansion>,
    steps: Vec<Step>,
    words: Words,
    /// Names of arguments, each kept once for all commands.
    names: HashSet<Arc<str>>,
    trie: TrieBuilder,
    clashes: Vec<(ExpansionId, ExpansionId)>,
}

impl Draft {
    fn new(commands: usize) -> Self {
        Self {
            commands: Vec::with_capacity(commands),
            expansions: Vec::with_capacity(commands),
            steps: Vec::with_capacity(commands.saturating_mul(8)),
            words: Words::default(),
            names: HashSet::new(),
            trie: TrieBuilder::with_capacity(commands),
            clashes: Vec::new(),
        }
    }

    fn add(&mut self, spec: Spec, pattern: &Pattern) {
        let arguments = pattern.arguments().iter().map(|one| self.argument(one)).collect::<Box<[Argument]>>();
        let first = self.expansions.len();
        for atoms in &pattern.expansions {
            self.add_expansion(atoms, &arguments);
        }
        let expansions = small(first)..small(self.expansions.len());
        self.commands.push(Command { spec, usage: pattern.usage().into(), arguments, expansions });
    }

    fn argument(&mut self, argument: &Argument) -> Argument {
        let Argument { name, kind } = argument.clone();
        let known = self.names.get(&name).cloned();
        let name = known.unwrap_or_else(|| {
            self.names.insert(Arc::clone(&name));
            name
        });
        Argument { name, kind }
    }

    fn add_expansion(&mut self, atoms: &[Atom], arguments: &[Argument]) {
        let id = ExpansionId::new(self.expansions.len());
        let first = self.steps.len();
        let mut edges = Vec::with_capacity(atoms.len());
        for (count, atom) in (1..).zip(atoms) {
            let place = if count == atoms.len() { Place::Last } else { Place::Inside };
            let step = self.step(atom);
            self.steps.push(step);
            edges.extend(edge(step, arguments, place));
        }
        if let Err(known) = self.trie.insert(&edges, id) {
            self.clashes.push((known, id));
        }
        let count = u16::try_from(atoms.len()).unwrap_or(u16::MAX);
        self.expansions.push(Expansion { command: small(self.commands.len()), first: small(first), count });
    }

    fn step(&mut self, atom: &Atom) -> Step {
        match atom {
            Atom::Word(word) => Step::Word(self.words.intern(word)),
            Atom::Hole(index) => Step::Hole(u16::try_from(*index).unwrap_or(u16::MAX)),
        }
    }

    fn finish(self, vocabulary: &Vocabulary, errors: &mut Vec<CatalogError>) -> Catalog {
        let steps = |expansion: &Expansion| steps_of(&self.steps, expansion);
        let keywords =
            Keywords::new(self.expansions.iter().map(|one| (one.command, steps(one))), &self.words);
        let catalog = Catalog {
            commands: self.commands,
            expansions: self.expansions,
            steps: self.steps,
            vocabulary: vocabulary.clone(),
            words: self.words,
            trie: self.trie.build(),
            keywords,
        };
        errors.extend(ambiguity::find(&catalog, &self.clashes));
        catalog
    }
}

fn edge(step: Step, arguments: &[Argument], place: Place) -> Option<Edge> {
    match step {
        Step::Word(word) => Some(Edge::Word(word)),
        Step::Hole(index) => {
            arguments.get(usize::from(index)).map(|argument| Edge::Hole(Shape::of(&argument.kind, place)))
        }
    }
}

fn steps_of<'a>(steps: &'a [Step], expansion: &Expansion) -> &'a [Step] {
    let first = expansion.first as usize;
    steps.get(first..first + usize::from(expansion.count)).unwrap_or_default()
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "catalog_tests.rs"]
mod tests;
