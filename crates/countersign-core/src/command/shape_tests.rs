use proptest::prelude::*;
use regex_automata::dfa::{Automaton, dense};
use regex_automata::util::start;
use regex_automata::{Anchored, util::primitives::StateID};

use super::*;
use crate::command::kind::Vocabulary;

/// Every shape of one token.
fn token_shapes() -> Vec<Shape> {
    let vocabulary = Vocabulary { environments: vec!["dev".to_owned(), "Prod-2".to_owned()] };
    let kinds = [
        "word",
        "int",
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
        "one of {7|3H|yes|Größe|e.g.}",
    ];
    let kinds = kinds.map(|kind| Kind::parse(kind, &vocabulary).unwrap());
    kinds.iter().map(|kind| Shape::of(kind, Place::Inside)).chain([Shape::Quoted]).collect()
}

fn anchored(shape: &Shape) -> ::regex::Regex {
    ::regex::Regex::new(&format!("^(?:{})$", shape.regex())).unwrap()
}

/// A token near the samples: one of them, changed a little, or something made of their characters.
fn token() -> impl Strategy<Value = String> {
    let samples: Vec<&'static str> = SAMPLES
        .into_iter()
        .chain([
            "dev",
            "PROD-2",
            "größe",
            "GRÖSSE",
            "E.G.",
            "True",
            "oFF",
            "-7",
            "+0.5e-3",
            "1h30m",
            "1.2.3.4.5",
            "::1",
            "1:2.3:4",
            "::ffff:1.2.3.4",
            "fe80::/10",
            "HTTPS://x",
            "http://",
            "a--b",
            "_a",
            "ſlug",
            "ye\u{17f}",
            "\"\"",
            "\"a\"b",
            "\"a",
        ])
        .collect();
    let sample = prop::sample::select(samples);
    let change = (sample.clone(), any::<prop::sample::Index>(), "[-+_.:/@<>#\"a7eZé]{0,2}", 0..3_usize);
    prop_oneof![
        sample.prop_map(str::to_owned),
        "[-+_.:/@<>#\"0-9a-fZé]{1,8}",
        change.prop_map(|(sample, at, inserted, removed)| {
            let mut chars: Vec<char> = sample.chars().collect();
            let at = at.index(chars.len());
            let end = (at + removed).min(chars.len());
            chars.splice(at..end, inserted.chars());
            chars.into_iter().collect()
        }),
    ]
    .prop_filter("a token is not empty", |token: &String| !token.is_empty() && !token.contains(' '))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn the_shape_and_its_regular_expression_agree(token in token()) {
        thread_local!(static PAIRS: Vec<(Shape, ::regex::Regex)> =
            token_shapes().into_iter().map(|shape| (shape.clone(), anchored(&shape))).collect());
        PAIRS.with(|pairs| {
            for (shape, regex) in pairs {
                prop_assert_eq!(shape.accepts(&token), regex.is_match(&token), "{:?} {}", shape, token);
            }
            Ok(())
        })?;
    }
}

#[test]
fn every_sample_has_its_shape_by_regular_expression_too() {
    for shape in token_shapes() {
        let regex = anchored(&shape);
        assert!(shape.samples().count() > 0, "{shape:?}");
        for sample in shape.samples() {
            assert!(regex.is_match(&sample), "{shape:?} {sample}");
        }
    }
}

/// Two shapes have a token in common exactly if a sample is in both: what the
/// catalog's search for ambiguities rests on.
#[test]
fn samples_decide_whether_two_shapes_have_a_token_in_common() {
    let shapes: Vec<_> = token_shapes().into_iter().map(|shape| (automaton(&shape), shape)).collect();
    for (a, shape_a) in &shapes {
        for (b, shape_b) in &shapes {
            let sampled = shape_a.samples().chain(shape_b.samples());
            let common = sampled.into_iter().any(|token| shape_a.accepts(&token) && shape_b.accepts(&token));
            assert_eq!(common, intersect(a, b), "{shape_a:?} {shape_b:?}");
        }
    }
}

/// Samples decide also which tokens can begin the rest of a line.
#[test]
fn every_shape_but_a_quoted_text_has_a_plain_sample() {
    for shape in token_shapes() {
        let plain = shape.samples().any(|sample| !sample.starts_with('"'));
        assert_eq!(plain, shape != Shape::Quoted, "{shape:?}");
        let quoted = shape.samples().any(|sample| sample.starts_with('"'));
        assert_eq!(quoted, matches!(shape, Shape::Quoted | Shape::Word), "{shape:?}");
    }
}

fn automaton(shape: &Shape) -> dense::DFA<Vec<u32>> {
    dense::DFA::new(&format!("^(?:{})$", shape.regex())).unwrap()
}

/// Is some text accepted by both automata?
fn intersect(a: &dense::DFA<Vec<u32>>, b: &dense::DFA<Vec<u32>>) -> bool {
    let start = start::Config::new().anchored(Anchored::Yes);
    let mut todo = vec![(a.start_state(&start).unwrap(), b.start_state(&start).unwrap())];
    let mut seen: std::collections::HashSet<(StateID, StateID)> = todo.iter().copied().collect();
    while let Some((x, y)) = todo.pop() {
        if a.is_match_state(a.next_eoi_state(x)) && b.is_match_state(b.next_eoi_state(y)) {
            return true;
        }
        for byte in 0..=u8::MAX {
            let next = (a.next_state(x, byte), b.next_state(y, byte));
            if !a.is_dead_state(next.0) && !b.is_dead_state(next.1) && seen.insert(next) {
                todo.push(next);
            }
        }
    }
    false
}
