//! From a sentence to a command with its arguments, in one pass.
//!
//! ```text
//! text ─> tidy, tokens ─> tree of tokens ─> values ─> Route
//!                              └─ no path ─> lenient pass ─> Malformed, with usage, column and rule
//!                                                 └─ nothing near ─> Unknown; `nearest` may know what was meant
//! ```
//!
//! Words match in upper and lower case; arguments keep theirs. An argument is
//! found by its shape alone and its value checked after that, so that a number
//! out of range is told to the person and never leads to another command.

mod lenient;
pub(crate) mod nearest;
pub mod tokens;
pub(crate) mod trie;
pub(crate) mod words;

use serde::{Deserialize, Serialize};

use self::lenient::value_of;
use self::tokens::{Sentence, TooLong};
use self::trie::ExpansionId;
use crate::command::args::Args;
use crate::command::catalog::{Catalog, Command, Step};

/// At most so many commands are offered when a sentence fits none.
pub const MAX_OFFERS: usize = 3;

/// What a sentence means.
#[derive(Debug)]
pub enum Routing<'c> {
    /// One command, with all its arguments.
    Route {
        /// The command. Whether the person may run it is policy's question.
        command: &'c Command,
        /// The values of the arguments that the sentence has.
        args: Args,
    },
    /// The words lead to a command, but something is wrong or missing.
    Malformed {
        /// The commands that may have been meant, the likeliest first: at least one, at most [`MAX_OFFERS`].
        candidates: Vec<Malformed<'c>>,
    },
    /// The sentence is longer than any command.
    TooLong(TooLong),
    /// No command begins like this. [`Catalog::nearest`] may know what was meant.
    Unknown,
}

/// A command that was nearly said.
#[derive(Debug)]
pub struct Malformed<'c> {
    /// The command.
    pub command: &'c Command,
    /// What is wrong, in the order of the sentence; at least one thing.
    pub problems: Vec<Problem>,
}

impl Malformed<'_> {
    /// The sentence to type.
    pub fn usage(&self) -> &str {
        self.command.usage()
    }
}

/// One thing that is wrong with a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The character of the tidied sentence ([`tokens::tidy`]) at which it is wrong, counted from 1.
    pub column: usize,
    /// The argument that it concerns.
    pub argument: Option<String>,
    /// What stands there; empty where something is missing.
    pub found: String,
    /// The rule that is broken, as a sentence without a full stop.
    pub rule: String,
}

impl Catalog {
    /// What `sentence` means. Any command may be offered where it fits none;
    /// where people are not to learn of some, use [`Catalog::route_visible`].
    pub fn route(&self, sentence: &str) -> Routing<'_> {
        self.route_visible(sentence, &|_| true)
    }

    /// What `sentence` means, without revealing commands for which `visible` is
    /// false to someone who did not write one in full: those are found only by
    /// a sentence that is right in every part ([`Routing::Route`], on which
    /// policy decides). Every other answer is as if they did not exist.
    pub fn route_visible(&self, sentence: &str, visible: &dyn Fn(&Command) -> bool) -> Routing<'_> {
        let sentence = match Sentence::read(sentence) {
            Ok(sentence) => sentence,
            Err(limit) => return Routing::TooLong(limit),
        };
        let found = self.trie.find(&self.words, &sentence);
        if let Some((command, args)) = found.and_then(|id| self.fill(id, &sentence)) {
            return Routing::Route { command, args };
        }
        let wrong_value = found.and_then(|id| self.explain(id, &sentence)).filter(|one| visible(one.command));
        let candidates = wrong_value.map_or_else(|| self.candidates(&sentence, visible), |one| vec![one]);
        if candidates.is_empty() { Routing::Unknown } else { Routing::Malformed { candidates } }
    }

    /// The command of an expansion with its values, unless one of them is wrong.
    fn fill(&self, id: ExpansionId, sentence: &Sentence<'_>) -> Option<(&Command, Args)> {
        let (expansion, command) = self.expansion(id)?;
        let mut args = Args::with_capacity(command.arguments().len());
        for (step, token) in self.steps(expansion).iter().zip(sentence.tokens()) {
            if let Step::Hole(index) = step {
                let argument = command.argument(*index)?;
                let value = value_of(&argument.kind, sentence, *token).ok()?;
                args.push(argument.name.clone(), value);
            }
        }
        Some((command, args))
    }
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
