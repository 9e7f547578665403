//! From the text of a pattern to its pieces.

use super::fault::at;
use super::{Argument, Hole, Item, MAX_NAME_CHARS, MAX_NESTING, PatternError, PatternFault, is_special};
use crate::command::kind::{Kind, Vocabulary};
use crate::router::tokens::tidy;

/// Reads a pattern character by character.
pub(super) struct Parser<'a> {
    rest: &'a str,
    column: usize,
    pub arguments: Vec<Argument>,
    vocabulary: &'a Vocabulary,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, vocabulary: &'a Vocabulary) -> Self {
        Self { rest: text, column: 1, arguments: Vec::new(), vocabulary }
    }

    /// Everything up to the end of the text.
    pub fn whole(&mut self) -> Result<Vec<Item>, PatternError> {
        let items = self.sequence(0)?;
        match self.peek() {
            None if items.is_empty() => Err(at(1, PatternFault::Empty)),
            None => Ok(items),
            Some('|') => Err(self.fault(PatternFault::BareAlternative)),
            Some(c) => Err(self.fault(PatternFault::Stray(c))),
        }
    }

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
