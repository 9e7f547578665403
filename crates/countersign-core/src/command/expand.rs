//! From a pattern with options and choices to the plain sequences that it stands for.

use super::kind::Kind;
use super::pattern::{Argument, Atom, Hole, Item, MAX_EXPANSIONS, PatternError, PatternFault, at};

/// Every sequence of words and arguments that `items` can be, each once.
pub(super) fn expand(items: &[Item], arguments: &[Argument]) -> Result<Vec<Vec<Atom>>, PatternError> {
    if count(items) > MAX_EXPANSIONS {
        return Err(at(1, PatternFault::TooManySentences));
    }
    let mut expansions: Vec<Vec<Atom>> = Vec::new();
    for sequence in sequences(items) {
        check(&sequence, arguments)?;
        let atoms = sequence.iter().map(atom).collect();
        if !expansions.contains(&atoms) {
            expansions.push(atoms);
        }
    }
    Ok(expansions)
}

/// A word or a hole inside one sequence.
#[derive(Clone, Copy)]
enum Leaf<'a> {
    Word(&'a str),
    Hole(Hole),
}

fn count(items: &[Item]) -> usize {
    items.iter().fold(1_usize, |product, item| product.saturating_mul(count_item(item)))
}

fn count_item(item: &Item) -> usize {
    match item {
        Item::Word(_) | Item::Hole(_) => 1,
        Item::Optional(part) => count(part).saturating_add(1),
        Item::Either(alternatives) => {
            alternatives.iter().fold(0_usize, |sum, part| sum.saturating_add(count(part)))
        }
    }
}

fn sequences(items: &[Item]) -> Vec<Vec<Leaf<'_>>> {
    items.iter().fold(vec![Vec::new()], |heads, item| {
        let tails = item_sequences(item);
        heads.iter().flat_map(|head| tails.iter().map(|tail| joined(head, tail))).collect()
    })
}

fn item_sequences(item: &Item) -> Vec<Vec<Leaf<'_>>> {
    match item {
        Item::Word(word) => vec![vec![Leaf::Word(word)]],
        Item::Hole(hole) => vec![vec![Leaf::Hole(*hole)]],
        Item::Optional(part) => sequences(part).into_iter().chain([Vec::new()]).collect(),
        Item::Either(alternatives) => alternatives.iter().flat_map(|part| sequences(part)).collect(),
    }
}

fn joined<'a>(head: &[Leaf<'a>], tail: &[Leaf<'a>]) -> Vec<Leaf<'a>> {
    head.iter().chain(tail).copied().collect()
}

fn atom(leaf: &Leaf<'_>) -> Atom {
    match leaf {
        Leaf::Word(word) => Atom::Word((*word).to_owned()),
        Leaf::Hole(hole) => Atom::Hole(hole.argument),
    }
}

/// No argument stands twice, and what takes the rest of the line stands last.
fn check(sequence: &[Leaf<'_>], arguments: &[Argument]) -> Result<(), PatternError> {
    if sequence.is_empty() {
        return Err(at(1, PatternFault::AllOptional));
    }
    let mut seen = Vec::new();
    for (place, leaf) in sequence.iter().enumerate() {
        let Leaf::Hole(hole) = leaf else { continue };
        let Some(argument) = arguments.get(hole.argument) else { continue };
        let name = || argument.name.to_string();
        if seen.contains(&hole.argument) {
            return Err(at(hole.column, PatternFault::Twice(name())));
        }
        if argument.kind == Kind::Rest && place + 1 < sequence.len() {
            return Err(at(hole.column, PatternFault::RestNotLast(name())));
        }
        seen.push(hole.argument);
    }
    Ok(())
}
