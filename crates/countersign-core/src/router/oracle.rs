//! The oracle: on random catalogs and sentences, the tree and a list of the
//! equivalent regular expressions, tried in turn, find the same.

use std::cell::Cell;

use ::regex::Regex;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::tokens::tidy;
use super::trie::ExpansionId;
use super::*;
use crate::command::catalog::CatalogError;
use crate::command::fixture::{spec, vocabulary};
use crate::command::pattern::Pattern;
use crate::command::spec::Spec;

const WORDS: [&str; 9] = ["a", "b", "c", "Größe", "kilo", "7", "3h", "e.g.", "on"];
const KINDS: [&str; 19] = [
    "word",
    "text",
    "int",
    "int(1..=5)",
    "number",
    "bool",
    "slug",
    "duration",
    "date",
    "ip",
    "cidr",
    "email",
    "url",
    "uuid",
    "user",
    "channel",
    "environment",
    "one of {a|On|x}",
    "one of {7|größe}",
];
const TOKENS: [&str; 25] = [
    "a",
    "b",
    "c",
    "A",
    "GRÖßE",
    "größe",
    "\u{212a}ilo",
    "7",
    "3h",
    "E.G.",
    "on",
    "-1",
    "2.5",
    "dev",
    "acme-1",
    "\"\"",
    "\"a b\"",
    "“x”",
    "\"open",
    "\"glued\"x",
    "10.0.0.1",
    "2026-02-30",
    "<@U1>",
    "x\"y",
    "ana@example.com",
];

/// One piece of a pattern; names are given when it is written down.
#[derive(Debug, Clone)]
enum Piece {
    Word(&'static str),
    Hole(&'static str),
    Quoted,
    Rest,
    Optional(Vec<Piece>),
    Either(Vec<Vec<Piece>>),
}

fn piece() -> impl Strategy<Value = Piece> {
    let leaf = prop_oneof![
        6 => select(&WORDS[..]).prop_map(Piece::Word),
        4 => select(&KINDS[..]).prop_map(Piece::Hole),
        1 => Just(Piece::Quoted),
        1 => Just(Piece::Rest),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(Piece::Optional),
            prop::collection::vec(prop::collection::vec(inner, 1..3), 2..3).prop_map(Piece::Either),
        ]
    })
}

fn pattern() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(piece(), 0..4);
    (select(&["go", "run"][..]), pieces).prop_map(|(verb, pieces)| {
        let names = Cell::new(0);
        format!("{verb} {}", written(&pieces, &names)).trim().to_owned()
    })
}

fn written(pieces: &[Piece], names: &Cell<u32>) -> String {
    let name = || format!("n{}", names.replace(names.get() + 1));
    let one = |piece: &Piece| match piece {
        Piece::Word(word) => (*word).to_owned(),
        Piece::Hole(kind) => format!("<{}:{kind}>", name()),
        Piece::Quoted => format!("\"<{}>\"", name()),
        Piece::Rest => format!("<{}...>", name()),
        Piece::Optional(part) => format!("[{}]", written(part, names)),
        Piece::Either(parts) => {
            format!("({})", parts.iter().map(|part| written(part, names)).collect::<Vec<_>>().join("|"))
        }
    };
    pieces.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// As many of `patterns` as fit into one catalog.
fn sound(patterns: &[String]) -> Option<Catalog> {
    let mut kept: Vec<Spec> = Vec::new();
    let mut best = None;
    for pattern in patterns {
        let mut more = kept.clone();
        more.push(spec(&format!("c{}", kept.len()), pattern));
        if let Ok(catalog) = Catalog::compile(more.clone(), &vocabulary()) {
            (kept, best) = (more, Some(catalog));
        }
    }
    best
}

/// A sentence near `catalog`: one that an expansion fits, with some tokens changed.
fn sentence(catalog: &Catalog, seed: &Seed) -> String {
    let expansions: Vec<_> = catalog.commands().iter().flat_map(|one| catalog.expansions_of(one)).collect();
    let expansion = expansions[seed.expansion.index(expansions.len())];
    let command = &catalog.commands()[expansion.command as usize];
    let mut tokens: Vec<String> = Vec::new();
    for (step, pick) in catalog.steps(expansion).iter().zip(seed.picks.iter().cycle()) {
        tokens.push(match step {
            Step::Word(word) => catalog.words.text(*word).to_owned(),
            Step::Hole(index) => {
                let kind = &command.argument(*index).unwrap().kind;
                let shape = crate::command::shape::Shape::of(kind, crate::command::shape::Place::Inside);
                let fitting: Vec<String> = shape.samples().map(|sample| sample.into_owned()).collect();
                fitting[pick.index(fitting.len())].clone()
            }
        });
    }
    for (at, token) in &seed.changes {
        let at = at.index(tokens.len() + 1);
        match token {
            Some(token) if at % 2 == 0 => tokens.insert(at, (*token).to_owned()),
            Some(token) => tokens[at - 1] = (*token).to_owned(),
            None => drop(tokens.drain(at.min(tokens.len().saturating_sub(1))..)),
        }
    }
    tokens.join(if seed.picks.len().is_multiple_of(3) { "  " } else { " " })
}

/// What [`sentence`] makes its choices from.
#[derive(Debug, Clone)]
struct Seed {
    expansion: Index,
    picks: Vec<Index>,
    changes: Vec<(Index, Option<&'static str>)>,
}

fn seed() -> impl Strategy<Value = Seed> {
    let change = (any::<Index>(), prop::option::weighted(0.8, select(&TOKENS[..])));
    let picks = prop::collection::vec(any::<Index>(), 1..6);
    (any::<Index>(), picks, prop::collection::vec(change, 0..3))
        .prop_map(|(expansion, picks, changes)| Seed { expansion, picks, changes })
}

/// Command and raw arguments by the list of regular expressions: every match there is.
fn by_regexes(
    catalog: &Catalog,
    list: &[(usize, Regex)],
    sentence: &str,
) -> Vec<(String, Vec<(String, String)>)> {
    let tidied = tidy(sentence);
    let found = list.iter().filter_map(|(command, regex)| Some((command, regex, regex.captures(&tidied)?)));
    found
        .map(|(command, regex, captures)| {
            let named = regex.capture_names().flatten();
            let group =
                |name: &str| captures.name(name).map(|group| (name.to_owned(), group.as_str().to_owned()));
            (catalog.commands()[*command].spec().name.to_string(), named.filter_map(group).collect())
        })
        .collect()
}

/// The same by the tree.
fn by_tree(catalog: &Catalog, text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let sentence = Sentence::read(text).unwrap();
    let found: Option<ExpansionId> = catalog.trie.find(&catalog.words, &sentence);
    let Some((expansion, command)) = found.and_then(|id| catalog.expansion(id)) else { return Vec::new() };
    let last = catalog.steps(expansion).len() - 1;
    let holes = catalog.steps(expansion).iter().zip(sentence.tokens()).enumerate().filter_map(
        |(place, (step, token))| {
            let Step::Hole(index) = step else { return None };
            let more = place == last && place + 1 < sentence.tokens().len();
            let raw = if more { sentence.tail(*token) } else { sentence.raw(*token) };
            Some((command.argument(*index)?.name.to_string(), raw.to_owned()))
        },
    );
    vec![(command.spec().name.to_string(), holes.collect())]
}

fn regexes(catalog: &Catalog) -> Vec<(usize, Regex)> {
    let commands = catalog.commands().iter().enumerate();
    commands
        .flat_map(|(at, command)| catalog.regexes(command).into_iter().map(move |regex| (at, regex)))
        .map(|(at, regex)| (at, Regex::new(&regex).unwrap()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn tree_and_regular_expressions_agree(
        patterns in prop::collection::vec(pattern(), 1..6),
        seeds in prop::collection::vec(seed(), 40),
    ) {
        let Some(catalog) = sound(&patterns) else { return Ok(()) };
        let list = regexes(&catalog);
        for seed in &seeds {
            let sentence = sentence(&catalog, seed);
            let by_regexes = by_regexes(&catalog, &list, &sentence);
            prop_assert!(by_regexes.len() <= 1, "ambiguous: {:?} {:?}", sentence, by_regexes);
            prop_assert_eq!(by_tree(&catalog, &sentence), by_regexes, "{:?}", sentence);
        }
    }

    #[test]
    fn an_unchanged_sentence_leads_to_its_command(
        patterns in prop::collection::vec(pattern(), 1..6),
        seed in seed(),
    ) {
        let Some(catalog) = sound(&patterns) else { return Ok(()) };
        let sentence = sentence(&catalog, &Seed { changes: Vec::new(), ..seed });
        prop_assert!(!by_tree(&catalog, &sentence).is_empty(), "{:?}", sentence);
    }

    #[test]
    fn a_witness_has_the_form_of_both(first in pattern(), second in pattern()) {
        let specs = vec![spec("one", &first), spec("two", &second)];
        let Err(errors) = Catalog::compile(specs, &vocabulary()) else { return Ok(()) };
        let matching = |pattern: &str, sentence: &str| {
            let pattern = Pattern::parse(pattern, &vocabulary()).unwrap();
            pattern.regexes().iter().filter(|regex| Regex::new(regex).unwrap().is_match(sentence)).count()
        };
        for error in errors.iter() {
            let CatalogError::Ambiguous { first: a, second: b, sentence } = error else { continue };
            let of = |name: &str| matching(if name == "one" { &first } else { &second }, sentence);
            if a == b {
                prop_assert!(of(a.as_str()) >= 2, "{}", error);
            } else {
                prop_assert!(of(a.as_str()) >= 1 && of(b.as_str()) >= 1, "{}", error);
            }
        }
    }

    #[test]
    fn any_text_is_survived(patterns in prop::collection::vec(pattern(), 1..4), text in "(go|run)?.{0,60}") {
        let Some(catalog) = sound(&patterns) else { return Ok(()) };
        if let Routing::Malformed { candidates } = catalog.route(&text) {
            prop_assert!((1..=MAX_OFFERS).contains(&candidates.len()));
            prop_assert!(candidates.iter().all(|one| !one.problems.is_empty()));
        }
    }

    #[test]
    fn a_changed_sentence_is_routed_or_explained(
        patterns in prop::collection::vec(pattern(), 1..6),
        seeds in prop::collection::vec(seed(), 10),
    ) {
        let Some(catalog) = sound(&patterns) else { return Ok(()) };
        for seed in &seeds {
            let sentence = sentence(&catalog, seed);
            if let Routing::Malformed { candidates } = catalog.route(&sentence) {
                let end = tidy(&sentence).chars().count() + 1;
                for problem in candidates.iter().flat_map(|one| &one.problems) {
                    prop_assert!((1..=end).contains(&problem.column), "{:?} {:?}", sentence, problem);
                }
            }
        }
    }

    #[test]
    fn hidden_commands_change_no_answer(
        patterns in prop::collection::vec(pattern(), 2..7),
        seeds in prop::collection::vec(seed(), 20),
    ) {
        let Some(catalog) = sound(&patterns) else { return Ok(()) };
        let visible = |command: &Command| !command.spec().name.as_str().ends_with(['1', '3', '5']);
        let shown = catalog.commands().iter().filter(|one| visible(one)).map(|one| one.spec().clone()).collect();
        let shown = Catalog::compile(shown, &vocabulary()).unwrap();
        for seed in &seeds {
            let sentence = sentence(&catalog, seed);
            let filtered = catalog.route_visible(&sentence, &visible);
            let hidden_in_full = matches!(&filtered, Routing::Route { command, .. } if !visible(command));
            if !hidden_in_full {
                prop_assert_eq!(answer(&filtered), answer(&shown.route(&sentence)), "{:?}", sentence);
            }
        }
    }
}

/// All that a person could tell from an answer.
fn answer(routing: &Routing<'_>) -> String {
    match routing {
        Routing::Route { command, args } => format!("{} {args}", command.spec().name),
        Routing::Malformed { candidates } => {
            candidates.iter().map(|one| format!("{} {:?}\n", one.usage(), one.problems)).collect()
        }
        other => format!("{other:?}"),
    }
}
