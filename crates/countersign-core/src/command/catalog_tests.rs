use super::*;
use crate::command::escalation::{Bound, Escalation};
use crate::command::fixture::{catalog, office, spec, vocabulary};

fn errors(specs: Vec<Spec>) -> String {
    Catalog::compile(specs, &vocabulary())
        .map(|_| "fine".to_owned())
        .unwrap_or_else(|errors| errors.to_string())
}

fn clash(first: &str, second: &str) -> String {
    errors(vec![spec("one", first), spec("two", second)])
}

#[test]
fn a_catalog_knows_its_commands() {
    let office = office();
    assert_eq!(office.commands().len(), 10);
    let command = office.command("show-diagnostics-for").unwrap();
    assert_eq!(command.usage(), "show diagnostics for <subdomain>");
    assert_eq!(office.regexes(command).len(), 1);
    assert!(office.command("nothing").is_none());
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let mut measured = spec("measured", "wait <ttl:duration> for <name>");
    measured.escalations = ["ttl", "name", "tll"]
        .map(|name| Escalation { argument: name.to_owned(), bound: Bound::Number(1), others: 1 })
        .into();
    let all = vec![
        spec("broken", "set <a"),
        spec("twice", "first"),
        spec("twice", "second"),
        spec("greedy", "<anything> now"),
        spec("helpful", "(Help|aid) me"),
        measured,
        spec("early", "pause <n:int>"),
        spec("late", "pause <n:number>"),
    ];
    insta::assert_snapshot!(errors(all), @"
    command `twice`: another command has the same name; give one of them another `name`
    command `broken`, pattern, column 5: `<` opens here and is never closed; add `>`
    command `greedy`: `help …` is answered by the bot itself; begin the pattern with another word
    command `greedy`: `hello …` is answered by the bot itself; begin the pattern with another word
    command `helpful`: `help …` is answered by the bot itself; begin the pattern with another word
    command `measured`: an escalation looks at `name`, which is no argument of its pattern that has such a bound; correct the name or the type
    command `measured`: an escalation looks at `tll`, which is no argument of its pattern that has such a bound; correct the name or the type
    commands `early` and `late`: `pause 7` has the form of both; change a word or a type of one of them
    ");
}

#[test]
fn two_commands_for_one_sentence_are_shown_the_sentence() {
    insta::assert_snapshot!(clash("a <x:slug> c", "a b <y>"), @"commands `one` and `two`: `a b c` has the form of both; change a word or a type of one of them");
    insta::assert_snapshot!(clash("stop <x:slug>", "Stop <y:slug>"), @"commands `one` and `two`: `stop acme` has the form of both; change a word or a type of one of them");
    insta::assert_snapshot!(clash("show [the] list", "show <x:slug> list"), @"commands `one` and `two`: `show the list` has the form of both; change a word or a type of one of them");
    insta::assert_snapshot!(clash("a <x:ip>", "a <x:cidr> [b]"), @"commands `one` and `two`: `a 203.0.113.7` has the form of both; change a word or a type of one of them");
    insta::assert_snapshot!(clash("a <x:one of {On|7}>", "a <x:int>"), @"commands `one` and `two`: `a 7` has the form of both; change a word or a type of one of them");
    insta::assert_snapshot!(clash("a <x:one of {On|7}>", "a <x:bool>"), @"commands `one` and `two`: `a on` has the form of both; change a word or a type of one of them");
    insta::assert_snapshot!(clash("a <x:environment>", "a <x:one of {test|PROD}>"), @"commands `one` and `two`: `a prod` has the form of both; change a word or a type of one of them");
}

#[test]
fn the_rest_of_a_line_clashes_with_longer_commands() {
    insta::assert_snapshot!(clash("note <x...>", "note a <y:int> [b]"), @"commands `one` and `two`: `note a 7` has the form of both; change a word or a type of one of them");
    insta::assert_snapshot!(clash("note <x:text>", "note <y> done"), @"commands `one` and `two`: `note acme done` has the form of both; change a word or a type of one of them");
    insta::assert_snapshot!(clash("note <x:text>", "note \"<y>\""), @r#"commands `one` and `two`: `note "as agreed"` has the form of both; change a word or a type of one of them"#);
    insta::assert_snapshot!(clash("note <x:text>", "note <x...>"), @"commands `one` and `two`: `note acme` has the form of both; change a word or a type of one of them");
    insta::assert_snapshot!(clash("note <x:word> <y...>", "note a b <z:text>"), @"commands `one` and `two`: `note a b acme` has the form of both; change a word or a type of one of them");
    assert_eq!(clash("note <x:text>", "note \"<y>\" done"), "fine");
    assert_eq!(clash("note <x...>", "note"), "fine");
}

#[test]
fn one_command_that_reads_in_two_ways_is_told() {
    insta::assert_snapshot!(errors(vec![spec("one", "a [<x:slug>] [<y:slug>]")]), @"command `one`: `a acme` can be read in two ways; change a word or a type so that only one fits");
    insta::assert_snapshot!(errors(vec![spec("one", "a (<x:int>|<y:number> b|7)")]), @"command `one`: `a 7` can be read in two ways; change a word or a type so that only one fits");
    assert_eq!(errors(vec![spec("one", "a (b|b) [c] [c]")]), "fine");
}

#[test]
fn different_sentences_do_not_clash() {
    for (first, second) in [
        ("a <x:int>", "a <x:duration>"),
        ("a <x:ip>", "a <x:int>"),
        ("a <x:user>", "a <x:slug>"),
        ("a <x:date>", "a <x:number>"),
        ("a <x:one of {on|off}>", "a (up|down)"),
        ("a <x> b", "a <x> c"),
        ("a <x>", "a <x> b"),
        ("a \"<x>\"", "a <x:slug>"),
    ] {
        assert_eq!(clash(first, second), "fine", "{first} / {second}");
    }
}

#[test]
fn the_list_of_clashes_has_an_end() {
    let many = (0..60).map(|n| spec(&format!("c{n}"), "same <x>")).collect();
    let told = errors(many);
    assert_eq!(told.lines().count(), 51);
    assert_eq!(
        told.lines().last(),
        Some("more commands fit the same sentences; only the first 50 pairs are listed")
    );
}

#[test]
fn examples_run_their_own_command() {
    let mut trial = spec("trial", "set <subdomain:slug> trial to <days:int(1..=90)> days");
    let examples = [
        "set acme trial to 14 days",
        "set acme trial to 91 days",
        "set acme trial",
        "stop acme",
        "good morning",
    ];
    trial.examples = examples.map(str::to_owned).into();
    trial.examples.push("x".repeat(4_001));
    let told = errors(vec![trial, spec("stop", "stop <subdomain:slug>")]);
    insta::assert_snapshot!(told.replace(&"x".repeat(4_001), "x…"), @"
    command `trial`: the example `set acme trial to 91 days` does not run it: column 19, days must be a whole number from 1 to 90
    command `trial`: the example `set acme trial` does not run it: column 15, something is missing after `trial`: `to <days> days`
    command `trial`: the example `stop acme` does not run it: it runs `stop`
    command `trial`: the example `good morning` does not run it: it fits no command; bring example and pattern together
    command `trial`: the example `x…` does not run it: a command has at most 4000 characters
    ");
}

#[test]
fn many_commands_compile() {
    let patterns: Vec<String> = (0..2_000)
        .map(|n| format!("verb{} noun{} <a:slug> to <b:int> [for <c:duration>]", n % 40, n / 40))
        .collect();
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let catalog = catalog_of(&patterns);
    assert_eq!(catalog.commands().len(), 2_000);
}

/// Like [`catalog`], with numbers for names.
fn catalog_of(patterns: &[&str]) -> Catalog {
    let specs = patterns.iter().enumerate().map(|(n, pattern)| spec(&format!("c{n}"), pattern));
    Catalog::compile(specs.collect(), &vocabulary()).unwrap()
}

#[test]
fn a_single_word_is_a_command() {
    assert_eq!(catalog(&["status"]).commands().len(), 1);
}

#[test]
fn the_words_that_a_command_begins_with() {
    let openings = |pattern: &str| {
        let catalog = catalog(&[pattern]);
        let openings = catalog.openings(&catalog.commands()[0]);
        openings.into_iter().map(|(word, rest)| format!("{word}: {rest}")).collect::<Vec<_>>()
    };
    assert_eq!(openings("Stop <name:slug> [now]"), ["stop: <name> [now]"]);
    assert_eq!(openings("status"), ["status: "]);
    assert_eq!(openings("(grow|shrink) <n:int>"), ["grow: <n>", "shrink: <n>"]);
    assert_eq!(openings("[please] stop now"), ["please: stop now", "stop: now"]);
    assert!(openings("<n:int> more").is_empty());
}
