//! Sentences that two commands fit, found by walking the tree against itself.
//!
//! The walk follows pairs of different paths that a common token can take.
//! Two nodes are paired at most once, as each has one path from the root.

use std::collections::HashSet;

use super::{Catalog, CatalogError, Step};
use crate::command::shape::{More, Place, Shape};
use crate::router::trie::{Edge, ExpansionId, NodeId, Trie};
use crate::router::words::WordId;

/// How many pairs of commands are told.
const MAX_TOLD: usize = 50;

/// All pairs of commands that fit the same sentence, up to a bound.
/// `clashes` are expansions of the very same form, of which the tree holds but the first.
pub(super) fn find(catalog: &Catalog, clashes: &[(ExpansionId, ExpansionId)]) -> Vec<CatalogError> {
    let mut search = Search { catalog, sentence: Vec::new(), told: HashSet::new(), errors: Vec::new() };
    for (first, second) in clashes {
        search.sentence = search.example(*first);
        search.tell(*first, *second);
    }
    search.sentence.clear();
    search.same(Trie::ROOT);
    search.errors
}

struct Search<'c> {
    catalog: &'c Catalog,
    /// Tokens that lead to the pair of nodes at hand.
    sentence: Vec<String>,
    told: HashSet<(u32, u32)>,
    errors: Vec<CatalogError>,
}

impl<'c> Search<'c> {
    fn trie(&self) -> &'c Trie {
        &self.catalog.trie
    }

    fn is_full(&self) -> bool {
        self.told.len() > MAX_TOLD
    }

    /// Both paths are still the same one: they part here, or further on.
    fn same(&mut self, node: NodeId) {
        let edges = edges(self.trie(), node);
        let words = self.trie().words(node).len();
        for (place, (edge, child)) in edges.iter().enumerate() {
            if self.is_full() {
                return;
            }
            self.with(sample(self.catalog, edge), |search| search.same(*child));
            // Two different words never fit the same token.
            let others = edges.iter().skip((place + 1).max(words));
            for other in others {
                self.edges((edge, *child), (&other.0, other.1));
            }
        }
    }

    /// The paths are different: what can follow both?
    fn pair(&mut self, a: NodeId, b: NodeId) {
        if self.is_full() {
            return;
        }
        if let (Some(first), Some(second)) = (self.trie().end(a), self.trie().end(b)) {
            self.tell(first, second);
        }
        self.common_words(a, b);
        let (holes_a, holes_b) = (hole_edges(self.trie(), a), hole_edges(self.trie(), b));
        for (edge, child) in &holes_a {
            for (other, other_child) in edges(self.trie(), b) {
                self.edges((edge, *child), (&other, other_child));
            }
        }
        for (edge, child) in &holes_b {
            for (word, word_child) in self.trie().words(a) {
                self.edges((&Edge::Word(*word), *word_child), (edge, *child));
            }
        }
    }

    fn common_words(&mut self, a: NodeId, b: NodeId) {
        let (words_a, words_b) = (self.trie().words(a), self.trie().words(b));
        let (fewer, more) = if words_a.len() <= words_b.len() { (words_a, b) } else { (words_b, a) };
        for (word, child) in fewer {
            if let Some(other) = self.trie().word_child(more, *word) {
                self.with(self.text(*word), |search| search.pair(*child, other));
            }
        }
    }

    /// Two different edges: follow them where one token takes both.
    fn edges(&mut self, a: (&Edge, NodeId), b: (&Edge, NodeId)) {
        match (tail(a.0), tail(b.0)) {
            (None, None) => {
                if let Some(token) = self.common(a.0, b.0) {
                    self.with(token, |search| search.pair(a.1, b.1));
                }
            }
            (Some(shape), _) => self.tail(shape, a.1, b),
            (_, Some(shape)) => self.tail(shape, b.1, a),
        }
    }

    /// One side takes all that remains: everything behind the other edge is at stake.
    fn tail(&mut self, tail: &Shape, end: NodeId, other: (&Edge, NodeId)) {
        let Some(expansion) = self.trie().end(end) else { return };
        let tokens: Vec<String> = tokens(self.catalog, other.0);
        let long = tokens.iter().find(|token| tail.accepts_tail(token, More::Tokens)).cloned();
        let short = tokens.into_iter().find(|token| tail.accepts_tail(token, More::Nothing));
        if let Some(token) = long {
            self.with(token, |search| search.all_ends(other.1, expansion));
        } else if let (Some(token), Some(second)) = (short, self.trie().end(other.1)) {
            self.with(token, |search| search.tell(expansion, second));
        }
    }

    fn all_ends(&mut self, node: NodeId, first: ExpansionId) {
        if self.is_full() {
            return;
        }
        if let Some(second) = self.trie().end(node) {
            self.tell(first, second);
        }
        for (edge, child) in edges(self.trie(), node) {
            self.with(sample(self.catalog, &edge), |search| search.all_ends(child, first));
        }
    }

    /// A token that takes both edges.
    fn common(&self, a: &Edge, b: &Edge) -> Option<String> {
        let takes = |edge: &Edge, token: &str| match edge {
            Edge::Word(word) => self.catalog.words.text(*word) == token,
            Edge::Hole(shape) => shape.accepts(token),
        };
        let both = tokens(self.catalog, a).into_iter().chain(tokens(self.catalog, b));
        both.into_iter().find(|token| takes(a, token) && takes(b, token))
    }

    fn text(&self, word: WordId) -> String {
        self.catalog.words.text(word).to_owned()
    }

    fn with(&mut self, token: String, go_on: impl FnOnce(&mut Self)) {
        self.sentence.push(token);
        go_on(self);
        self.sentence.pop();
    }

    /// Tells of a pair of commands, once.
    fn tell(&mut self, first: ExpansionId, second: ExpansionId) {
        let command = |id| self.catalog.expansion(id).map(|(expansion, _)| expansion.command);
        let (Some(a), Some(b)) = (command(first), command(second)) else { return };
        let (a, b) = (a.min(b), a.max(b));
        if self.is_full() || !self.told.insert((a, b)) {
            return;
        }
        if self.is_full() {
            self.errors.push(CatalogError::MoreAmbiguous(MAX_TOLD));
            return;
        }
        let name =
            |index: u32| self.catalog.commands.get(index as usize).map(|command| command.spec.name.clone());
        if let (Some(first), Some(second)) = (name(a), name(b)) {
            self.errors.push(CatalogError::Ambiguous { first, second, sentence: self.sentence.join(" ") });
        }
    }

    /// The tokens of a sentence that an expansion fits.
    fn example(&self, id: ExpansionId) -> Vec<String> {
        let Some((expansion, command)) = self.catalog.expansion(id) else { return Vec::new() };
        let steps = self.catalog.steps(expansion);
        (1..)
            .zip(steps)
            .filter_map(|(count, step)| match step {
                Step::Word(word) => Some(self.text(*word)),
                Step::Hole(index) => {
                    let place = if count == steps.len() { Place::Last } else { Place::Inside };
                    let shape = Shape::of(&command.argument(*index)?.kind, place);
                    Some(sample(self.catalog, &Edge::Hole(shape)))
                }
            })
            .collect()
    }
}

fn tail(edge: &Edge) -> Option<&Shape> {
    match edge {
        Edge::Hole(shape) if shape.is_tail() => Some(shape),
        _ => None,
    }
}

fn edges(trie: &Trie, node: NodeId) -> Vec<(Edge, NodeId)> {
    let words = trie.words(node).iter().map(|(word, child)| (Edge::Word(*word), *child));
    words.chain(hole_edges(trie, node)).collect()
}

fn hole_edges(trie: &Trie, node: NodeId) -> Vec<(Edge, NodeId)> {
    trie.holes(node).map(|(shape, child)| (Edge::Hole(shape.clone()), child)).collect()
}

/// Tokens that stand for all that an edge takes.
fn tokens(catalog: &Catalog, edge: &Edge) -> Vec<String> {
    match edge {
        Edge::Word(word) => vec![catalog.words.text(*word).to_owned()],
        Edge::Hole(shape) => shape.samples().map(|sample| sample.into_owned()).collect(),
    }
}

fn sample(catalog: &Catalog, edge: &Edge) -> String {
    tokens(catalog, edge).into_iter().next().unwrap_or_default()
}
