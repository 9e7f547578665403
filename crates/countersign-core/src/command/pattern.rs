//! The grammar of a command's sentence.
//!
//! ```text
//! set <subdomain:slug> trial remaining to <days:int(1..=90)> days
//! whitelist add <ip:cidr> ["<description>"] [for <ttl:duration>]
//! workers (start|stop) <pool> [note <why...>]
//! ```
//!
//! - a word stands for itself, in upper or lower case
//! - `<name>` or `<name:type>` is an argument; its types are in [`super::kind`]
//! - `"<name>"` is a text that the sentence must put in double quotes
//! - `<name...>` takes the rest of the line and stands last
//! - `[part]` may be left out, `(one|other)` is a choice; both may be nested
//!
//! A pattern stands for a finite number of plain sequences of words and
//! arguments, its expansions: these are what the router knows.

use std::sync::Arc;

use self::parser::Parser;
use super::expand;
use super::kind::{Kind, Vocabulary};
use crate::router::tokens::tidy;

mod fault;
mod parser;

pub(super) use self::fault::at;
pub use self::fault::{PatternError, PatternFault};

/// The longest pattern, in characters.
pub const MAX_PATTERN_CHARS: usize = 500;
/// How deep `[…]` and `(…)` may stand in one another.
pub const MAX_NESTING: usize = 8;
/// How many plain sentences one pattern may stand for.
pub const MAX_EXPANSIONS: usize = 256;
/// The longest name of an argument, in characters.
pub const MAX_NAME_CHARS: usize = 40;

/// A pattern that was read and found sound.
#[derive(Debug, Clone)]
pub struct Pattern {
    pub(super) items: Vec<Item>,
    pub(super) arguments: Vec<Argument>,
    pub(super) expansions: Vec<Vec<Atom>>,
}

/// A named and typed gap of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// The name: lower-case letters, digits and `_`.
    pub name: Arc<str>,
    /// What it may hold.
    pub kind: Kind,
}

/// One piece of a pattern as its author wrote it.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Word(String),
    Hole(Hole),
    Optional(Vec<Item>),
    Either(Vec<Vec<Item>>),
}

/// Where a pattern mentions an argument.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hole {
    pub argument: usize,
    pub column: usize,
}

/// One place of an expansion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Atom {
    /// A word that stands for itself.
    Word(String),
    /// The argument with this index.
    Hole(usize),
}

impl Pattern {
    /// Reads a pattern. The names of environments come from `vocabulary`.
    ///
    /// # Errors
    /// The first thing that is wrong, with its column.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self, PatternError> {
        if text.chars().count() > MAX_PATTERN_CHARS {
            return Err(at(MAX_PATTERN_CHARS + 1, PatternFault::TooLong));
        }
        let mut parser = Parser::new(text, vocabulary);
        let items = parser.whole()?;
        let expansions = expand::expand(&items, &parser.arguments)?;
        Ok(Self { items, arguments: parser.arguments, expansions })
    }

    /// The arguments, in the order in which the pattern first names them.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }
}

/// May `word` stand in a pattern or in a list of choices, and be found in a tidied sentence?
pub(super) fn is_plain_word(word: &str) -> bool {
    !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || is_special(c)) && tidy(word) == word
}

fn is_special(c: char) -> bool {
    matches!(c, '<' | '>' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '"')
}

#[cfg(test)]
mod tests;
