//! A pattern as people read it: words and names, without types.

use std::fmt::Write as _;

use super::kind::Kind;
use super::pattern::{Argument, Atom, Item, Pattern};

/// Up to this many choices are written out instead of the argument's name.
const SPELLED_CHOICES: usize = 6;

impl Pattern {
    /// The sentence to type: `set <subdomain> trial remaining to <days> days`.
    ///
    /// Optional parts keep their `[…]`, choices their `(…|…)`; an argument with
    /// a few words to choose from shows them, and a text that must be quoted
    /// shows its quotes.
    pub fn usage(&self) -> String {
        self.sequence(&self.items)
    }

    fn sequence(&self, items: &[Item]) -> String {
        joined(items.iter().map(|item| self.item(item)), " ")
    }

    fn item(&self, item: &Item) -> String {
        match item {
            Item::Word(word) => word.clone(),
            Item::Optional(part) => format!("[{}]", self.sequence(part)),
            Item::Either(parts) => format!("({})", joined(parts.iter().map(|part| self.sequence(part)), "|")),
            Item::Hole(hole) => self.arguments.get(hole.argument).map_or_else(String::new, |argument| {
                argument_usage(argument, self.is_quoted(hole.argument, argument))
            }),
        }
    }

    /// A text that never stands last must always be quoted.
    fn is_quoted(&self, index: usize, argument: &Argument) -> Quotes {
        let last = |expansion: &Vec<Atom>| expansion.last() == Some(&Atom::Hole(index));
        match argument.kind {
            Kind::Quoted => Quotes::Needed,
            Kind::Text if !self.expansions.iter().any(last) => Quotes::Needed,
            _ => Quotes::Free,
        }
    }
}

/// Must the sentence quote an argument?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quotes {
    Needed,
    Free,
}

/// One argument as usage shows it.
pub(crate) fn argument_usage(argument: &Argument, quotes: Quotes) -> String {
    let name = &argument.name;
    match &argument.kind {
        Kind::OneOf(choices) if choices.iter().count() <= SPELLED_CHOICES => {
            format!("<{}>", joined(choices.iter().map(str::to_owned), "|"))
        }
        Kind::Rest => format!("<{name}...>"),
        _ if quotes == Quotes::Needed => format!("\"<{name}>\""),
        _ => format!("<{name}>"),
    }
}

pub(crate) fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.enumerate().fold(String::new(), |mut all, (place, part)| {
        let between = if place == 0 { "" } else { between };
        _ = write!(all, "{between}{part}");
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::kind::Vocabulary;

    fn usage(pattern: &str) -> String {
        let vocabulary = Vocabulary { environments: vec!["dev".to_owned(), "prod".to_owned()] };
        Pattern::parse(pattern, &vocabulary).unwrap().usage()
    }

    #[test]
    fn types_are_left_out() {
        insta::assert_snapshot!(
            usage("set  <subdomain:slug> trial remaining to <days:int(1..=90)> days"),
            @"set <subdomain> trial remaining to <days> days"
        );
        insta::assert_snapshot!(
            usage("whitelist add <ip:cidr> [ \"<description>\" ] [<env:environment>] [for <ttl:duration>]"),
            @r#"whitelist add <ip> ["<description>"] [<env>] [for <ttl>]"#
        );
    }

    #[test]
    fn what_must_be_quoted_or_chosen_shows() {
        insta::assert_snapshot!(
            usage("(note|remark) <what:text> for <verb:one of {start|stop}> [<why...>]"),
            @r#"(note|remark) "<what>" for <start|stop> [<why...>]"#
        );
        insta::assert_snapshot!(usage("note <what:text>"), @"note <what>");
    }
}
