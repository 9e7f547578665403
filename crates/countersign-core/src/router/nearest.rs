//! "Did you mean": the commands whose words are nearest to those of a sentence.

use super::MAX_OFFERS;
use super::tokens::{Form, Sentence};
use super::words::{WordId, Words, fold};
use crate::command::catalog::{Catalog, Command, Step};

/// Only so many words of a sentence are compared.
const MAX_COMPARED: usize = 24;
/// A command needs this share of its words, or a word of its own, to be near.
const NEAR: u32 = 450;
/// A word that at most so many commands have says which is meant.
const RARE: usize = 3;
/// Words that stand in so many sentences that they say little.
const SMALL_WORDS: [&str; 16] =
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "until", "with"];

/// What the words of a catalog are worth.
#[derive(Debug)]
pub(crate) struct Keywords(Vec<Keyword>);

#[derive(Debug, Clone)]
struct Keyword {
    chars: Box<[char]>,
    /// Small words weigh less.
    weight: u32,
    /// How many commands have it.
    commands: usize,
}

impl Keywords {
    /// The words of expansions, which come with the number of their command and sorted by it.
    pub fn new<'a>(expansions: impl Iterator<Item = (u32, &'a [Step])>, words: &Words) -> Self {
        let mut keywords: Vec<Keyword> = words.iter().map(|(_, word)| Keyword::new(word)).collect();
        let mut last = vec![None; keywords.len()];
        for (command, steps) in expansions {
            for index in literals(steps).map(WordId::index) {
                let (Some(keyword), Some(last)) = (keywords.get_mut(index), last.get_mut(index)) else {
                    continue;
                };
                if last.replace(command) != Some(command) {
                    keyword.commands += 1;
                }
            }
        }
        Self(keywords)
    }

    /// How near each word is to any word of the sentence, from 0 to 100.
    fn similarities(&self, sentence: &Sentence<'_>) -> Vec<u32> {
        let plain = sentence.tokens().iter().filter(|token| token.form == Form::Plain);
        let heard: Vec<Vec<char>> =
            plain.take(MAX_COMPARED).map(|token| fold(sentence.raw(*token)).chars().collect()).collect();
        let nearest = |keyword: &Keyword| heard.iter().map(|word| similarity(&keyword.chars, word)).max();
        self.0.iter().map(|keyword| nearest(keyword).unwrap_or(0)).collect()
    }
}

impl Keyword {
    fn new(word: &str) -> Self {
        let weight = if SMALL_WORDS.contains(&word) { 1 } else { 4 };
        Self { chars: word.chars().collect(), weight, commands: 0 }
    }

    /// Does the word alone say which command is meant?
    fn is_telling(&self, similarity: u32) -> bool {
        self.weight > 1 && self.chars.len() >= 4 && self.commands <= RARE && similarity >= 80
    }
}

impl Catalog {
    /// Up to [`MAX_OFFERS`] commands that `sentence` may have meant, the
    /// nearest first; none where nothing is near. Only commands for which
    /// `allowed` holds are named.
    pub fn nearest(&self, sentence: &str, allowed: &dyn Fn(&Command) -> bool) -> Vec<&Command> {
        let Ok(sentence) = Sentence::read(sentence) else { return Vec::new() };
        let similarities = self.keywords.similarities(&sentence);
        let mut near: Vec<(u32, &Command)> = Vec::new();
        for command in self.commands() {
            let expansions = self.expansions_of(command).iter();
            let score =
                expansions.filter_map(|one| self.keywords.score(self.steps(one), &similarities)).max();
            near.extend(score.map(|score| (score, command)));
        }
        near.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let mut allowed =
            near.into_iter().filter(|(_, command)| allowed(command)).take(MAX_OFFERS).peekable();
        let best = allowed.peek().map_or(0, |(score, _)| *score);
        allowed.take_while(|(score, _)| score * 10 >= best * 6).map(|(_, command)| command).collect()
    }
}

impl Keywords {
    /// How much of an expansion's words the sentence has, from 0 to 1000, if it is near at all.
    fn score(&self, steps: &[Step], similarities: &[u32]) -> Option<u32> {
        let (mut all, mut heard, mut telling) = (0, 0, false);
        for index in literals(steps).map(WordId::index) {
            let (Some(keyword), Some(similarity)) = (self.0.get(index), similarities.get(index)) else {
                continue;
            };
            all += keyword.weight;
            heard += keyword.weight * similarity;
            telling |= keyword.is_telling(*similarity);
        }
        let score = (heard * 10).checked_div(all)?;
        (score >= NEAR || telling).then_some(score)
    }
}

fn literals(steps: &[Step]) -> impl Iterator<Item = WordId> {
    steps.iter().filter_map(|step| match step {
        Step::Word(word) => Some(*word),
        Step::Hole(_) => None,
    })
}

/// 100 for the same word, less for slips of the finger, 0 for another word.
fn similarity(known: &[char], heard: &[char]) -> u32 {
    if known == heard {
        return 100;
    }
    let allowed = match known.len().min(heard.len()) {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    if known.len().abs_diff(heard.len()) > allowed {
        return if heard.len() >= 4 && known.starts_with(heard) { 60 } else { 0 };
    }
    match distance(known, heard) {
        slips if slips > allowed => 0,
        1 => 80,
        _ => 60,
    }
}

/// How many letters to insert, remove, replace or swap with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (row, x) in (1..).zip(a) {
        let mut line = vec![row];
        let mut left_letter = None;
        for (column, y) in (1..).zip(b) {
            let cell = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX / 2);
            let replaced = cell(&above, column - 1) + usize::from(x != y);
            let moved = cell(&above, column).min(cell(&line, column - 1)) + 1;
            let swapped = if previous == Some(y) && left_letter == Some(x) {
                cell(&before, column.wrapping_sub(2)) + 1
            } else {
                usize::MAX
            };
            line.push(replaced.min(moved).min(swapped));
            left_letter = Some(y);
        }
        previous = Some(x);
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
#[path = "nearest_tests.rs"]
mod tests;
