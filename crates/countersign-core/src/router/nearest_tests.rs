use proptest::prelude::*;

use super::*;
use crate::command::fixture::office;

fn near(sentence: &str) -> Vec<String> {
    office().nearest(sentence, &|_| true).iter().map(|command| command.usage().to_owned()).collect()
}

#[test]
fn slips_of_the_finger_are_understood() {
    for sentence in [
        "set acme trail remaning to 14 day",
        "Set trial of acme to 14",
        "sett acme trial remaining to 14 days",
    ] {
        assert_eq!(near(sentence), ["set <subdomain> trial remaining to <days> days"], "{sentence}");
    }
    assert_eq!(near("diagnostics acme"), ["show diagnostics for <subdomain>"]);
    assert_eq!(near("whitelst remove 1.2.3.4")[0], "whitelist remove <ip>");
    assert_eq!(near("bastion destroy dev").len(), 2);
}

#[test]
fn nothing_is_offered_when_nothing_is_near() {
    for sentence in
        ["", "good morning", "what is for lunch", "to", "14 minutes", "x \"set acme trial remaining\""]
    {
        assert_eq!(near(sentence), Vec::<String>::new(), "{sentence}");
    }
}

#[test]
fn hidden_commands_are_not_named() {
    let office = office();
    let named = office.nearest("bastion destroy dev", &|command| !command.usage().contains("extend"));
    assert_eq!(
        named.iter().map(|command| command.usage()).collect::<Vec<_>>(),
        ["bastion create <env> [for <ttl>]"]
    );
}

#[test]
fn distance_counts_letters() {
    let letters = |text: &str| text.chars().collect::<Vec<_>>();
    for (a, b, expected) in [
        ("", "", 0),
        ("abc", "", 3),
        ("", "ab", 2),
        ("trial", "trail", 1),
        ("kitten", "sitting", 3),
        ("ab", "ba", 1),
    ] {
        assert_eq!(distance(&letters(a), &letters(b)), expected, "{a} {b}");
    }
}

proptest! {
    #[test]
    fn distance_is_the_same_both_ways(a in "[abc]{0,6}", b in "[abc]{0,6}") {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        prop_assert_eq!(distance(&a, &b), distance(&b, &a));
        prop_assert_eq!(distance(&a, &b) == 0, a == b);
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        prop_assert!(office().nearest(&text, &|_| true).len() <= MAX_OFFERS);
    }
}
