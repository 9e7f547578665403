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

use super::expand;
use super::kind::{Kind, Vocabulary};
use crate::router::tokens::tidy;

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

/// Why a pattern cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {fault}")]
pub struct PatternError {
    /// The character of the pattern, counted from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub fault: PatternFault,
}

/// What can be wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each says it")]
pub enum PatternFault {
    #[error("the pattern is empty; write at least one word")]
    Empty,
    #[error("the pattern is longer than {MAX_PATTERN_CHARS} characters; split it into several commands")]
    TooLong,
    #[error(
        "brackets stand in one another more than {MAX_NESTING} deep; split the pattern into several commands"
    )]
    TooDeep,
    #[error(
        "options and choices make more than {MAX_EXPANSIONS} sentences of this; split it into several commands"
    )]
    TooManySentences,
    #[error("every part of this pattern may be left out; keep at least one word outside of `[…]`")]
    AllOptional,
    #[error("`{0}` opens here and is never closed; add `{1}`")]
    Unclosed(char, char),
    #[error("`{0}` closes nothing; remove it, or open it before")]
    Stray(char),
    #[error("alternatives stand in parentheses; write `(one|other)`")]
    BareAlternative,
    #[error("put a space before this: words, arguments and brackets stand apart from one another")]
    NeedsSpace,
    #[error("nothing stands between these brackets; write a word or an argument, or remove them")]
    EmptyPart,
    #[error("this alternative is empty; to make a part optional write `[one|other]` as `[(one|other)]`")]
    EmptyAlternative,
    #[error("`{0}` is tidied before a sentence is read, so it would never be found; write `{1}`")]
    Untidy(String, String),
    #[error("quotes hold one argument; write `\"<name>\"`")]
    BadQuotes,
    #[error("an argument in quotes is a text; write `\"<{0}>\"` without a type")]
    QuotedType(String),
    #[error(
        "`{0}` is no name for an argument; use lower-case letters, digits and `_`, begin with a letter, at most {MAX_NAME_CHARS} characters"
    )]
    BadName(String),
    #[error("`{0}` has another type elsewhere in this pattern; give both the same type, or different names")]
    TwoTypes(String),
    #[error("`{0}` can stand twice in one sentence; give the two different names")]
    Twice(String),
    #[error("`<{0}...>` takes the rest of the line, so nothing can follow; move it to the end")]
    RestNotLast(String),
    #[error(
        "`{0}` is no type; there are word, text, int, number, bool, slug, duration, date, ip, cidr, email, url, uuid, user, channel, environment and one of {{a|b}}"
    )]
    UnknownType(String),
    #[error("`{0}` is no range of whole numbers; write int(1..=90), int(1..) or int(..=90)")]
    BadRange(String),
    #[error("no whole number is in the range `{0}`; put the smaller number first")]
    EmptyRange(String),
    #[error("write the choices as one of {{a|b|c}}, each a single word")]
    BadChoices,
    #[error("`{0}` is there twice; remove one (upper and lower case are the same)")]
    SameChoice(String),
    #[error("the configuration names no environments; name at least one, or use another type")]
    NoEnvironments,
    #[error(
        "`{0}` cannot be said as one word; give the environment a name without spaces, quotes and brackets"
    )]
    BadEnvironment(String),
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
        let mut parser = Parser { rest: text, column: 1, arguments: Vec::new(), vocabulary };
        let items = parser.sequence(0)?;
        match parser.peek() {
            None => {}
            Some('|') => return Err(parser.fault(PatternFault::BareAlternative)),
            Some(c) => return Err(parser.fault(PatternFault::Stray(c))),
        }
        if items.is_empty() {
            return Err(at(1, PatternFault::Empty));
        }
        let expansions = expand::expand(&items, &parser.arguments)?;
        Ok(Self { items, arguments: parser.arguments, expansions })
    }

    /// The arguments, in the order in which the pattern first names them.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }
}

pub(super) fn at(column: usize, fault: PatternFault) -> PatternError {
    PatternError { column, fault }
}

/// May `word` stand in a pattern or in a list of choices, and be found in a tidied sentence?
pub(super) fn is_plain_word(word: &str) -> bool {
    !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || is_special(c)) && tidy(word) == word
}

fn is_special(c: char) -> bool {
    matches!(c, '<' | '>' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '"')
}

struct Parser<'a> {
    rest: &'a str,
    column: usize,
    arguments: Vec<Argument>,
    vocabulary: &'a Vocabulary,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        self.column += 1;
        Some(c)
    }

    fn fault(&self, fault: PatternFault) -> PatternError {
        at(self.column, fault)
    }

    /// Takes everything up to a character for which `stop` holds.
    fn until(&mut self, stop: impl Fn(char) -> bool) -> &'a str {
        let taken = self.rest.split(stop).next().unwrap_or_default();
        self.rest = self.rest.get(taken.len()..).unwrap_or_default();
        self.column += taken.chars().count();
        taken
    }

    fn sequence(&mut self, depth: usize) -> Result<Vec<Item>, PatternError> {
        if depth > MAX_NESTING {
            return Err(self.fault(PatternFault::TooDeep));
        }
        let mut items = Vec::new();
        loop {
            self.until(|c| !c.is_whitespace());
            let Some(c) = self.peek().filter(|c| !closes_part(*c)) else { return Ok(items) };
            items.push(self.item(c, depth)?);
            match self.peek().filter(|c| !c.is_whitespace() && !closes_part(*c)) {
                None => {}
                Some(c @ ('>' | '{' | '}')) => return Err(self.fault(PatternFault::Stray(c))),
                Some(_) => return Err(self.fault(PatternFault::NeedsSpace)),
            }
        }
    }

    fn item(&mut self, first: char, depth: usize) -> Result<Item, PatternError> {
        match first {
            '[' => self.optional(depth),
            '(' => self.either(depth),
            '<' => self.hole(),
            '"' => self.quoted_hole(),
            '>' | '{' | '}' => Err(self.fault(PatternFault::Stray(first))),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Item, PatternError> {
        let column = self.column;
        let word = self.until(|c| c.is_whitespace() || is_special(c));
        let tidied = tidy(word);
        if tidied == word {
            return Ok(Item::Word(word.to_owned()));
        }
        Err(at(column, PatternFault::Untidy(word.to_owned(), tidied.into_owned())))
    }

    fn optional(&mut self, depth: usize) -> Result<Item, PatternError> {
        let column = self.column;
        self.next();
        let part = self.sequence(depth + 1)?;
        match self.peek() {
            Some(']') if part.is_empty() => Err(at(column, PatternFault::EmptyPart)),
            Some(']') => {
                self.next();
                Ok(Item::Optional(part))
            }
            Some('|') => Err(self.fault(PatternFault::BareAlternative)),
            _ => Err(at(column, PatternFault::Unclosed('[', ']'))),
        }
    }

    fn either(&mut self, depth: usize) -> Result<Item, PatternError> {
        let column = self.column;
        self.next();
        let mut alternatives = Vec::new();
        loop {
            let start = self.column;
            let alternative = self.sequence(depth + 1)?;
            let empty = alternative.is_empty();
            alternatives.push(alternative);
            match self.peek() {
                Some(')') if empty && alternatives.len() == 1 => {
                    return Err(at(column, PatternFault::EmptyPart));
                }
                Some('|' | ')') if empty => return Err(at(start, PatternFault::EmptyAlternative)),
                Some('|') => _ = self.next(),
                Some(')') => break,
                _ => return Err(at(column, PatternFault::Unclosed('(', ')'))),
            }
        }
        self.next();
        Ok(Item::Either(alternatives))
    }

    fn quoted_hole(&mut self) -> Result<Item, PatternError> {
        let column = self.column;
        self.next();
        if self.peek() != Some('<') {
            return Err(at(column, PatternFault::BadQuotes));
        }
        let body = self.hole_body()?;
        if self.next() != Some('"') {
            return Err(at(column, PatternFault::BadQuotes));
        }
        let (name, kind) = body.split_once(':').unwrap_or((body, "text"));
        if kind.trim() != "text" {
            return Err(at(column, PatternFault::QuotedType(name.trim().to_owned())));
        }
        self.argument(name, Kind::Quoted, column)
    }

    fn hole(&mut self) -> Result<Item, PatternError> {
        let column = self.column;
        let body = self.hole_body()?;
        if let Some(name) = body.strip_suffix("...") {
            return self.argument(name, Kind::Rest, column);
        }
        let (name, kind) = body.split_once(':').unwrap_or((body, "word"));
        let kind = Kind::parse(kind.trim(), self.vocabulary)
            .map_err(|fault| at(column + 1 + name.chars().count() + 1, fault))?;
        self.argument(name, kind, column)
    }

    fn hole_body(&mut self) -> Result<&'a str, PatternError> {
        let column = self.column;
        self.next();
        let body = self.until(|c| matches!(c, '<' | '>'));
        if self.peek() != Some('>') {
            return Err(at(column, PatternFault::Unclosed('<', '>')));
        }
        self.next();
        Ok(body)
    }

    fn argument(&mut self, name: &str, kind: Kind, column: usize) -> Result<Item, PatternError> {
        let name = name.trim();
        if !is_argument_name(name) {
            return Err(at(column + 1, PatternFault::BadName(name.to_owned())));
        }
        let known = self.arguments.iter().position(|argument| &*argument.name == name);
        let same = known.and_then(|at| self.arguments.get(at)).is_none_or(|argument| argument.kind == kind);
        if !same {
            return Err(at(column, PatternFault::TwoTypes(name.to_owned())));
        }
        let argument = known.unwrap_or_else(|| {
            self.arguments.push(Argument { name: name.into(), kind });
            self.arguments.len() - 1
        });
        Ok(Item::Hole(Hole { argument, column }))
    }
}

fn closes_part(c: char) -> bool {
    matches!(c, ']' | ')' | '|')
}

fn is_argument_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= MAX_NAME_CHARS
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
#[path = "pattern_tests.rs"]
mod tests;
