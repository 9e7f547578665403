//! The regular expressions that a pattern is equivalent to.
//!
//! There is one for each expansion, so that every named group is there once
//! and means the same. They apply to the tidied sentence ([`crate::router::tokens::tidy`]).
//! A group holds what the person typed, quotes included.

use std::borrow::Cow;

use super::kind::Choices;
use super::pattern::{Argument, Atom, Pattern};
use super::shape::{Place, Shape};
use crate::router::words::fold;

impl Pattern {
    /// One anchored regular expression with named groups for each sentence that the pattern stands for.
    pub fn regexes(&self) -> Vec<String> {
        self.expansions.iter().map(|atoms| expansion_regex(atoms, &self.arguments)).collect()
    }
}

fn expansion_regex(atoms: &[Atom], arguments: &[Argument]) -> String {
    let mut regex = String::from("^");
    for (place, atom) in atoms.iter().enumerate() {
        if place > 0 {
            regex.push_str(" +");
        }
        let last = if place + 1 == atoms.len() { Place::Last } else { Place::Inside };
        regex.push_str(&atom_regex(atom, arguments, last));
    }
    regex.push('$');
    regex
}

fn atom_regex(atom: &Atom, arguments: &[Argument], place: Place) -> String {
    match atom {
        Atom::Word(word) => format!("(?i:{})", escaped(&fold(word))),
        Atom::Hole(index) => arguments.get(*index).map_or_else(String::new, |argument| {
            format!("(?P<{}>{})", argument.name, Shape::of(&argument.kind, place).regex())
        }),
    }
}

/// Any of the choices, in upper or lower case.
pub(super) fn choices_regex(choices: &Choices) -> String {
    let words: Vec<String> = choices.iter().map(|choice| escaped(&fold(choice)).into_owned()).collect();
    format!("(?i:{})", words.join("|"))
}

fn escaped(word: &str) -> Cow<'_, str> {
    let special = |c: char| c.is_ascii_punctuation() && c != '_';
    if !word.contains(special) {
        return Cow::Borrowed(word);
    }
    let mut escaped = String::with_capacity(word.len() + 4);
    for c in word.chars() {
        if special(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::kind::Vocabulary;

    fn regexes(pattern: &str) -> String {
        Pattern::parse(pattern, &Vocabulary::default()).unwrap().regexes().join("\n")
    }

    #[test]
    fn arguments_become_named_groups() {
        insta::assert_snapshot!(
            regexes("set <subdomain:slug> trial remaining to <days:int(1..=90)> days"),
            @"^(?i:set) +(?P<subdomain>[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*) +(?i:trial) +(?i:remaining) +(?i:to) +(?P<days>[+-]?[0-9]+) +(?i:days)$"
        );
    }

    #[test]
    fn each_expansion_has_its_own() {
        insta::assert_snapshot!(regexes("show c++ [of <verb:one of {start|e.g.}>] [<why...>]"), @r"
        ^(?i:show) +(?i:c\+\+) +(?i:of) +(?P<verb>(?i:start|e\.g\.)) +(?P<why>[^ ].*)$
        ^(?i:show) +(?i:c\+\+) +(?i:of) +(?P<verb>(?i:start|e\.g\.))$
        ^(?i:show) +(?i:c\+\+) +(?P<why>[^ ].*)$
        ^(?i:show) +(?i:c\+\+)$
        ");
    }
}
