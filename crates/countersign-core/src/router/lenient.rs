//! The second pass, for sentences that fit no command: which commands do the
//! words lead to, and what is wrong?
//!
//! It follows words exactly and lets any token stand for any argument, so that
//! place by place a sentence can be laid beside an expansion.

use super::tokens::{Form, Sentence, Token};
use super::trie::{ExpansionId, NodeId, Trie};
use super::{MAX_OFFERS, Malformed, Problem};
use crate::command::args::Value;
use crate::command::catalog::{Catalog, Command, Expansion, Step};
use crate::command::kind::Kind;
use crate::command::pattern::Argument;
use crate::command::shape::{Place, Shape};
use crate::command::usage::{Quotes, argument_usage};
use crate::secret::MASK;

/// How many places of the tree one sentence may visit.
const MAX_VISITS: usize = 100_000;
/// An offer that is this much worse than the best is not made.
const WORST_MARGIN: i32 = 4;

impl Catalog {
    /// The commands that `sentence` nearly is, the likeliest first.
    pub(super) fn candidates(
        &self,
        sentence: &Sentence<'_>,
        visible: &dyn Fn(&Command) -> bool,
    ) -> Vec<Malformed<'_>> {
        let mut search = Search { catalog: self, sentence, visits: 0, found: Vec::new() };
        search.walk(Trie::ROOT, 0, Score::default());
        let mut found = search.found;
        found.sort_by_key(|(cost, id)| (*cost, *id));
        let mut best: Vec<(i32, Malformed<'_>)> = Vec::new();
        for (cost, id) in found {
            if best.first().is_some_and(|(least, _)| cost > least + WORST_MARGIN) {
                break;
            }
            let Some((_, command)) = self.expansion(id) else { continue };
            if let Some((known, one)) = best.iter_mut().find(|(_, one)| std::ptr::eq(one.command, command)) {
                if *known == cost {
                    one.or(self.explain(id, sentence));
                }
            } else if best.len() == MAX_OFFERS {
                break;
            } else if visible(command) {
                best.extend(self.explain(id, sentence).map(|one| (cost, one)));
            }
        }
        best.into_iter().map(|(_, one)| one).collect()
    }

    /// What keeps `sentence` from being this expansion; `None` where nothing does.
    pub(super) fn explain(&self, id: ExpansionId, sentence: &Sentence<'_>) -> Option<Malformed<'_>> {
        let (expansion, command) = self.expansion(id)?;
        let problems = Beside { catalog: self, sentence, expansion, command }.problems();
        (!problems.is_empty()).then_some(Malformed { command, problems })
    }
}

impl Malformed<'_> {
    /// Another reading of the same command is just as likely: where the two
    /// differ in what one place must be, the place may be either.
    fn or(&mut self, other: Option<Self>) {
        let other = other.map(|other| other.problems).unwrap_or_default();
        if let ([one], [other]) = (self.problems.as_mut_slice(), other.as_slice())
            && one.column == other.column
            && one.argument != other.argument
            && !one.rule.contains(&other.rule)
        {
            one.rule = format!("{}; or {}", one.rule, other.rule);
        }
    }
}

/// How well a sentence and a path of the tree agree so far.
#[derive(Debug, Clone, Copy, Default)]
struct Score {
    /// Words of the path that the sentence has.
    words: i32,
    /// Arguments that do not have their shape.
    wrong: i32,
}

impl Score {
    /// Lower is better. Each kind of fault weighs as much as a word that agrees.
    fn cost(self, missing: i32, surplus: i32) -> i32 {
        let some = |count: i32| if count == 0 { 0 } else { 3 + count };
        3 * self.wrong + some(missing) + some(surplus) - 3 * self.words
    }
}

struct Search<'a, 'c> {
    catalog: &'c Catalog,
    sentence: &'a Sentence<'a>,
    visits: usize,
    found: Vec<(i32, ExpansionId)>,
}

impl Search<'_, '_> {
    fn walk(&mut self, node: NodeId, index: usize, score: Score) {
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return;
        }
        let trie = &self.catalog.trie;
        let Some(token) = self.sentence.token(index) else { return self.missing(node, 0, score) };
        if let Some(end) = trie.end(node) {
            self.offer(end, score, score.cost(0, count(self.sentence.tokens().len() - index)));
        }
        let raw = self.sentence.raw(token);
        let child = (token.form == Form::Plain).then(|| trie.child(node, raw, &self.catalog.words)).flatten();
        if let Some(child) = child {
            self.walk(child, index + 1, Score { words: score.words + 1, ..score });
        }
        for (shape, child) in trie.holes(node) {
            self.hole(shape, child, index, score);
        }
    }

    fn hole(&mut self, shape: &Shape, child: NodeId, index: usize, score: Score) {
        let Some(token) = self.sentence.token(index) else { return };
        let wrong = score.wrong + i32::from(!fits(shape, self.sentence, index));
        let end = self.sentence.tokens().len();
        let next = if shape.is_tail() || throws_out_of_step(shape, token) { end } else { index + 1 };
        self.walk(child, next, Score { wrong, ..score });
    }

    /// The sentence is at its end: every expansion from here on lacks something.
    fn missing(&mut self, node: NodeId, missing: i32, score: Score) {
        self.visits += 1;
        if self.visits > MAX_VISITS || score.words == 0 {
            return;
        }
        let trie = &self.catalog.trie;
        if let Some(end) = trie.end(node) {
            self.offer(end, score, score.cost(missing, 0));
        }
        let children = trie.words(node).iter().map(|(_, child)| *child);
        for child in children.chain(trie.holes(node).map(|(_, child)| child)) {
            self.missing(child, missing + 1, score);
        }
    }

    /// A path without a single word of the sentence is no guess worth making.
    fn offer(&mut self, end: ExpansionId, score: Score, cost: i32) {
        if score.words > 0 {
            self.found.push((cost, end));
        }
    }
}

fn count(tokens: usize) -> i32 {
    i32::try_from(tokens).unwrap_or(i32::MAX)
}

/// A sentence laid beside an expansion, place by place.
struct Beside<'a, 'c> {
    catalog: &'c Catalog,
    sentence: &'a Sentence<'a>,
    expansion: &'c Expansion,
    command: &'c Command,
}

impl Beside<'_, '_> {
    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (place, step) in self.steps().iter().enumerate() {
            let Some(token) = self.sentence.token(place) else {
                problems.push(self.missing(place));
                return problems;
            };
            let Step::Hole(index) = step else { continue };
            let Some(argument) = self.command.argument(*index) else { continue };
            let shape = Shape::of(&argument.kind, self.place(place));
            if let Some(problem) = self.wrong(argument, &shape, place, token) {
                if self.is_next_word(place, token) {
                    problems.push(self.skipped(argument, token));
                    return problems;
                }
                problems.push(problem);
                if throws_out_of_step(&shape, token) {
                    return problems;
                }
            }
            if shape.is_tail() {
                return problems;
            }
        }
        problems.extend(self.sentence.token(self.steps().len()).map(|token| self.surplus(token)));
        problems
    }

    fn steps(&self) -> &[Step] {
        self.catalog.steps(self.expansion)
    }

    fn place(&self, place: usize) -> Place {
        if place + 1 == self.steps().len() { Place::Last } else { Place::Inside }
    }

    fn wrong(&self, argument: &Argument, shape: &Shape, place: usize, token: Token) -> Option<Problem> {
        let rule = if fits(shape, self.sentence, place) {
            let demand = value_of(&argument.kind, self.sentence, token).err()?;
            format!("{} must {demand}", argument.name)
        } else {
            broken_quote(token).unwrap_or_else(|| self.misfit(argument, shape, token))
        };
        let found = match &argument.kind {
            Kind::Secret => MASK,
            _ if shape.is_tail() => self.sentence.tail(token),
            _ => self.sentence.raw(token),
        };
        let (column, argument) = (self.sentence.column(token), Some(argument.name.to_string()));
        Some(Problem { column, argument, found: found.to_owned(), rule })
    }

    /// The rule for a token that does not have the argument's shape.
    fn misfit(&self, argument: &Argument, shape: &Shape, token: Token) -> String {
        let name = &argument.name;
        let bare = self.sentence.raw(token).trim_matches('"');
        match token.form {
            Form::Quoted if shape.is_tail() => format!("nothing can follow the quoted {name}"),
            Form::Quoted if shape.accepts(bare) => format!("{name} must stand without quotes"),
            _ => format!("{name} must {}", argument.kind.demand()),
        }
    }

    /// Is the token the word that follows this place?
    fn is_next_word(&self, place: usize, token: Token) -> bool {
        let word = self.catalog.words.find(self.sentence.raw(token));
        token.form == Form::Plain
            && word.is_some_and(|word| self.steps().get(place + 1) == Some(&Step::Word(word)))
    }

    fn skipped(&self, argument: &Argument, token: Token) -> Problem {
        let found = self.sentence.raw(token).to_owned();
        let rule =
            format!("something is missing before `{found}`: `{}`", argument_usage(argument, Quotes::Free));
        Problem {
            column: self.sentence.column(token),
            argument: Some(argument.name.to_string()),
            found,
            rule,
        }
    }

    fn missing(&self, place: usize) -> Problem {
        let last = self.sentence.tokens().last().map_or("", |token| self.sentence.raw(*token));
        let rest = self.catalog.usage_from(self.expansion, place);
        let rule = format!("something is missing after `{last}`: `{rest}`");
        Problem { column: self.sentence.end_column(), argument: None, found: String::new(), rule }
    }

    fn surplus(&self, token: Token) -> Problem {
        let found = self.sentence.tail(token).to_owned();
        let rule = broken_quote(token).unwrap_or_else(|| format!("the command ends before `{found}`"));
        Problem { column: self.sentence.column(token), argument: None, found, rule }
    }
}

fn broken_quote(token: Token) -> Option<String> {
    match token.form {
        Form::Plain | Form::Quoted => None,
        Form::Unclosed => Some("the quote that opens here is never closed".to_owned()),
        Form::Glued => Some("a space must follow the closing quote".to_owned()),
    }
}

/// Does the token with this index, with all that follows where the shape takes it, have the shape?
fn fits(shape: &Shape, sentence: &Sentence<'_>, index: usize) -> bool {
    let raw = sentence.token(index).map_or("", |token| sentence.raw(token));
    if shape.is_tail() { shape.accepts_tail(raw, sentence.more(index)) } else { shape.accepts(raw) }
}

/// After this the places of sentence and expansion no longer agree, and
/// whatever else seems wrong would only confuse.
fn throws_out_of_step(shape: &Shape, token: Token) -> bool {
    token.form == Form::Unclosed || (*shape == Shape::Quoted && token.form == Form::Plain)
}

/// The value of an argument that begins with `token`.
pub(super) fn value_of(kind: &Kind, sentence: &Sentence<'_>, token: Token) -> Result<Value, String> {
    let takes_tail = match kind {
        Kind::Rest => true,
        Kind::Text => token.form == Form::Plain,
        _ => false,
    };
    kind.value(if takes_tail { sentence.tail(token) } else { sentence.raw(token) })
}
