//! All expansions of all commands as one tree of tokens.
//!
//! A node has edges for words and edges for arguments, by shape. Following a
//! sentence visits a node at most once, so that the cost is bounded by the
//! tree and, for ordinary catalogs, by the length of the sentence.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::tokens::{Form, Sentence};
use super::words::{WordHasher, WordId, Words};
use crate::command::shape::{More, Shape};

/// A node of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(u32);

/// The expansion that ends at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ExpansionId(u32);

impl ExpansionId {
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The step from one token to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Edge {
    Word(WordId),
    Hole(Shape),
}

/// A tree that is complete.
#[derive(Debug)]
pub(crate) struct Trie {
    nodes: Box<[Node]>,
    words: Box<[(WordId, NodeId)]>,
    holes: Box<[(ShapeId, NodeId)]>,
    /// The shapes of all edges, each once.
    shapes: Box<[Shape]>,
}

/// The number of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ShapeId(u32);

/// Where a node's edges begin; they end where the next node's begin.
#[derive(Debug, Clone, Copy)]
struct Node {
    words: u32,
    holes: u32,
    end: Option<ExpansionId>,
}

impl Trie {
    pub const ROOT: NodeId = NodeId(0);

    /// The expansion that the whole sentence has the shape of.
    pub fn find(&self, words: &Words, sentence: &Sentence<'_>) -> Option<ExpansionId> {
        self.walk(&Walk { words, sentence }, Self::ROOT, 0)
    }

    fn walk(&self, on: &Walk<'_>, node: NodeId, index: usize) -> Option<ExpansionId> {
        let Some(token) = on.sentence.token(index) else { return self.end(node) };
        let raw = on.sentence.raw(token);
        let child = (token.form == Form::Plain).then(|| self.child(node, raw, on.words)).flatten();
        if let Some(found) = child.and_then(|child| self.walk(on, child, index + 1)) {
            return Some(found);
        }
        self.holes(node).find_map(|(shape, child)| {
            if shape.is_tail() {
                return shape.accepts_tail(raw, on.sentence.more(index)).then(|| self.end(child)).flatten();
            }
            shape.accepts(raw).then(|| self.walk(on, child, index + 1)).flatten()
        })
    }

    /// Where the word `raw` leads from `node`.
    pub fn child(&self, node: NodeId, raw: &str, words: &Words) -> Option<NodeId> {
        let edges = self.words(node);
        if edges.is_empty() {
            return None;
        }
        self.word_child(node, words.find(raw)?)
    }

    /// Where the word with a number leads from `node`.
    pub fn word_child(&self, node: NodeId, word: WordId) -> Option<NodeId> {
        let edges = self.words(node);
        let at = edges.binary_search_by_key(&word, |(word, _)| *word).ok()?;
        edges.get(at).map(|(_, child)| *child)
    }

    /// The edges of words, sorted by their numbers.
    pub fn words(&self, node: NodeId) -> &[(WordId, NodeId)] {
        let (from, to) = self.span(node, |node| node.words, self.words.len());
        self.words.get(from..to).unwrap_or_default()
    }

    /// The edges of arguments.
    pub fn holes(&self, node: NodeId) -> impl Iterator<Item = (&Shape, NodeId)> {
        let (from, to) = self.span(node, |node| node.holes, self.holes.len());
        let edges = self.holes.get(from..to).unwrap_or_default();
        edges.iter().filter_map(|(shape, child)| Some((self.shapes.get(shape.0 as usize)?, *child)))
    }

    /// The expansion that ends at `node`.
    pub fn end(&self, node: NodeId) -> Option<ExpansionId> {
        self.nodes.get(node.0 as usize)?.end
    }

    fn span(&self, node: NodeId, start: fn(&Node) -> u32, all: usize) -> (usize, usize) {
        let at = node.0 as usize;
        let from = self.nodes.get(at).map_or(all, |node| start(node) as usize);
        let to = self.nodes.get(at + 1).map_or(all, |node| start(node) as usize);
        (from, to)
    }
}

/// What one walk needs to know of the sentence.
struct Walk<'a> {
    words: &'a Words,
    sentence: &'a Sentence<'a>,
}

impl Sentence<'_> {
    /// Does anything follow the token with this index?
    pub fn more(&self, index: usize) -> More {
        if self.token(index + 1).is_some() { More::Tokens } else { More::Nothing }
    }
}

/// A tree that grows.
#[derive(Debug)]
pub(crate) struct TrieBuilder {
    ends: Vec<Option<ExpansionId>>,
    edges: HashMap<(NodeId, Key), NodeId, BuildHasherDefault<WordHasher>>,
    shapes: HashMap<Shape, ShapeId>,
}

/// An edge by numbers; those of words sort before those of arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key {
    Word(WordId),
    Hole(ShapeId),
}

impl TrieBuilder {
    /// A tree with a root and nothing else, with space for so many commands of
    /// ordinary length: tables that grow leave holes in memory behind.
    pub fn with_capacity(commands: usize) -> Self {
        let nodes = commands.saturating_mul(6);
        let mut ends = Vec::with_capacity(nodes);
        ends.push(None);
        Self {
            ends,
            edges: HashMap::with_capacity_and_hasher(nodes, Default::default()),
            shapes: HashMap::new(),
        }
    }

    /// Adds an expansion.
    ///
    /// # Errors
    /// An expansion of the same words and shapes is there already; it stays.
    pub fn insert(&mut self, edges: &[Edge], expansion: ExpansionId) -> Result<(), ExpansionId> {
        let node = edges.iter().fold(Trie::ROOT, |node, edge| self.step(node, edge));
        match self.ends.get_mut(node.0 as usize) {
            Some(Some(known)) => Err(*known),
            Some(end) => {
                *end = Some(expansion);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn step(&mut self, node: NodeId, edge: &Edge) -> NodeId {
        let key = match edge {
            Edge::Word(word) => Key::Word(*word),
            Edge::Hole(shape) => Key::Hole(self.shape(shape)),
        };
        let new = NodeId(packed(self.ends.len()));
        let child = *self.edges.entry((node, key)).or_insert(new);
        if child == new {
            self.ends.push(None);
        }
        child
    }

    fn shape(&mut self, shape: &Shape) -> ShapeId {
        let new = ShapeId(packed(self.shapes.len()));
        match self.shapes.get(shape) {
            Some(known) => *known,
            None => *self.shapes.entry(shape.clone()).or_insert(new),
        }
    }

    /// The complete tree, its edges packed side by side.
    pub fn build(self) -> Trie {
        let mut edges: Vec<_> = self.edges.into_iter().collect();
        edges.sort_unstable();
        let mut edges = edges.into_iter().peekable();
        let mut nodes = Vec::with_capacity(self.ends.len());
        let (mut words, mut holes) = (Vec::new(), Vec::new());
        for (id, end) in (0..).map(NodeId).zip(self.ends) {
            nodes.push(Node { words: packed(words.len()), holes: packed(holes.len()), end });
            while let Some(((_, key), child)) = edges.next_if(|((node, _), _)| *node == id) {
                match key {
                    Key::Word(word) => words.push((word, child)),
                    Key::Hole(shape) => holes.push((shape, child)),
                }
            }
        }
        let mut shapes: Vec<_> = self.shapes.into_iter().collect();
        shapes.sort_unstable_by_key(|(_, id)| *id);
        let shapes = shapes.into_iter().map(|(shape, _)| shape).collect();
        Trie { nodes: nodes.into(), words: words.into(), holes: holes.into(), shapes }
    }
}

fn packed(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
