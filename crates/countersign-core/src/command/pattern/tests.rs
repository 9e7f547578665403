use proptest::prelude::*;

use super::*;

fn fault(pattern: &str) -> String {
    let vocabulary = Vocabulary { environments: vec!["dev".to_owned()] };
    Pattern::parse(pattern, &vocabulary).map(|_| "fine".to_owned()).unwrap_or_else(|error| error.to_string())
}

fn expansions(pattern: &str) -> Vec<String> {
    let parsed = Pattern::parse(pattern, &Vocabulary::default()).unwrap();
    let text = |atom: &Atom| match atom {
        Atom::Word(word) => word.clone(),
        Atom::Hole(index) => format!("<{}>", parsed.arguments[*index].name),
    };
    parsed.expansions.iter().map(|atoms| atoms.iter().map(text).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn options_and_choices_are_spelled_out() {
    assert_eq!(expansions("a [b] c"), ["a b c", "a c"]);
    assert_eq!(expansions("(a|b c) <d>"), ["a <d>", "b c <d>"]);
    assert_eq!(expansions("a [b [c]]"), ["a b c", "a b", "a"]);
    assert_eq!(expansions("a (b|[c] d)"), ["a b", "a c d", "a d"]);
    assert_eq!(expansions("(add <ip:ip>|(drop|remove) <ip:ip>)"), ["add <ip>", "drop <ip>", "remove <ip>"]);
    assert_eq!(expansions("a [b] [b]"), ["a b b", "a b", "a"]);
}

#[test]
fn arguments_have_their_types() {
    let vocabulary = Vocabulary { environments: vec!["dev".to_owned()] };
    let parsed = Pattern::parse(
        "do <a> <b:int(1..90)> <c:int(-5..)> <d:int(..=-1)> \"<e>\" <f:one of { x | Y }> <g:environment> <h...>",
        &vocabulary,
    );
    let parsed = parsed.unwrap();
    let demands: Vec<String> =
        parsed.arguments().iter().map(|one| format!("{} must {}", one.name, one.kind.demand())).collect();
    insta::assert_snapshot!(demands.join("\n"), @r#"
    a must be one word, or several in double quotes
    b must be a whole number from 1 to 89
    c must be a whole number of at least -5
    d must be a whole number of at most -1
    e must be a text in double quotes, like "as agreed"
    f must be x or Y
    g must be an environment: dev
    h must not be empty
    "#);
}

#[test]
fn a_fault_in_the_brackets_has_its_column() {
    insta::assert_snapshot!(fault(""), @"column 1: the pattern is empty; write at least one word");
    insta::assert_snapshot!(fault("  "), @"column 1: the pattern is empty; write at least one word");
    insta::assert_snapshot!(fault("[a] [b]"), @"column 1: every part of this pattern may be left out; keep at least one word outside of `[…]`");
    insta::assert_snapshot!(fault("set [a"), @"column 5: `[` opens here and is never closed; add `]`");
    insta::assert_snapshot!(fault("set (a|b"), @"column 5: `(` opens here and is never closed; add `)`");
    insta::assert_snapshot!(fault("set <a"), @"column 5: `<` opens here and is never closed; add `>`");
    insta::assert_snapshot!(fault("set a]"), @"column 6: `]` closes nothing; remove it, or open it before");
    insta::assert_snapshot!(fault("set a>"), @"column 6: `>` closes nothing; remove it, or open it before");
    insta::assert_snapshot!(fault("(a]"), @"column 1: `(` opens here and is never closed; add `)`");
    insta::assert_snapshot!(fault("set a|b"), @"column 6: alternatives stand in parentheses; write `(one|other)`");
    insta::assert_snapshot!(fault("set [a|b]"), @"column 7: alternatives stand in parentheses; write `(one|other)`");
    insta::assert_snapshot!(fault("set[a]"), @"column 4: put a space before this: words, arguments and brackets stand apart from one another");
    insta::assert_snapshot!(fault("set <a>-<b>"), @"column 8: put a space before this: words, arguments and brackets stand apart from one another");
    insta::assert_snapshot!(fault("set []"), @"column 5: nothing stands between these brackets; write a word or an argument, or remove them");
    insta::assert_snapshot!(fault("set ( )"), @"column 5: nothing stands between these brackets; write a word or an argument, or remove them");
    insta::assert_snapshot!(fault("set (a|)"), @"column 8: this alternative is empty; to make a part optional write `[one|other]` as `[(one|other)]`");
}

#[test]
fn a_fault_in_an_argument_has_its_column() {
    insta::assert_snapshot!(fault("größe <Days>"), @"column 8: `Days` is no name for an argument; use lower-case letters, digits and `_`, begin with a letter, at most 40 characters");
    insta::assert_snapshot!(fault("set <>"), @"column 6: `` is no name for an argument; use lower-case letters, digits and `_`, begin with a letter, at most 40 characters");
    insta::assert_snapshot!(fault("set <days:integer>"), @"column 11: `integer` is no type; there are word, text, int, number, bool, slug, duration, date, ip, cidr, email, url, uuid, user, channel, environment and one of {a|b}");
    insta::assert_snapshot!(fault("set <days:int(90)>"), @"column 11: `90` is no range of whole numbers; write int(1..=90), int(1..) or int(..=90)");
    insta::assert_snapshot!(fault("set <days:int(9..9)>"), @"column 11: no whole number is in the range `9..9`; put the smaller number first");
    insta::assert_snapshot!(fault("set <x:one of a, b>"), @"column 8: write the choices as one of {a|b|c}, each a single word");
    insta::assert_snapshot!(fault("set <x:one of {a|b c}>"), @"column 8: write the choices as one of {a|b|c}, each a single word");
    insta::assert_snapshot!(fault("set <x:one of {a|A}>"), @"column 8: `A` is there twice; remove one (upper and lower case are the same)");
    insta::assert_snapshot!(fault("set <a> <b> <a>"), @"column 13: `a` can stand twice in one sentence; give the two different names");
    insta::assert_snapshot!(fault("(set <a:ip>|drop <a:cidr>)"), @"column 18: `a` has another type elsewhere in this pattern; give both the same type, or different names");
    insta::assert_snapshot!(fault("note <a...> now"), @"column 6: `<a...>` takes the rest of the line, so nothing can follow; move it to the end");
    insta::assert_snapshot!(fault("note \"word\""), @r#"column 6: quotes hold one argument; write `"<name>"`"#);
    insta::assert_snapshot!(fault("note \"<a>"), @r#"column 6: quotes hold one argument; write `"<name>"`"#);
    insta::assert_snapshot!(fault("note \"<a:int>\""), @r#"column 6: an argument in quotes is a text; write `"<a>"` without a type"#);
    insta::assert_snapshot!(fault("note it’s"), @"column 6: `it’s` is tidied before a sentence is read, so it would never be found; write `it's`");
}

#[test]
fn everything_has_a_bound() {
    insta::assert_snapshot!(fault(&"a ".repeat(300)), @"column 501: the pattern is longer than 500 characters; split it into several commands");
    insta::assert_snapshot!(fault(&format!("a {}b{}", "[".repeat(9), "]".repeat(9))), @"column 12: brackets stand in one another more than 8 deep; split the pattern into several commands");
    insta::assert_snapshot!(fault(&format!("a{}", " [b]".repeat(9))), @"column 1: options and choices make more than 256 sentences of this; split it into several commands");
    insta::assert_snapshot!(fault(&format!("a{}", " [b]".repeat(90))), @"column 1: options and choices make more than 256 sentences of this; split it into several commands");
    insta::assert_snapshot!(fault(&format!("a <{}>", "x".repeat(41))), @"column 4: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is no name for an argument; use lower-case letters, digits and `_`, begin with a letter, at most 40 characters");
    assert_eq!(fault(&format!("a{}", " [b]".repeat(8))), "fine");
}

#[test]
fn environments_come_from_the_configuration() {
    let parse = |names: &[&str]| {
        let environments = names.iter().map(|name| (*name).to_owned()).collect();
        Pattern::parse("stop <env:environment>", &Vocabulary { environments }).unwrap_err().to_string()
    };
    insta::assert_snapshot!(parse(&[]), @"column 11: the configuration names no environments; name at least one, or use another type");
    insta::assert_snapshot!(parse(&["dev", "the other"]), @"column 11: `the other` cannot be said as one word; give the environment a name without spaces, quotes and brackets");
}

proptest! {
    #[test]
    fn reading_never_panics(text in "[a-c <>\\[\\]()|:{}\".éA0=]{0,60}|.{0,40}") {
        if let Err(error) = Pattern::parse(&text, &Vocabulary::default()) {
            prop_assert!(error.column >= 1 && error.column <= text.chars().count() + 2, "{} {}", text, error);
        }
    }

    /// What usage shows is itself a pattern of the same form (types and spelled choices aside).
    #[test]
    fn usage_reads_like_the_pattern(text in "a( b| \\[c\\]| <x>| \\(d\\|e f\\)){0,4}") {
        if let Ok(pattern) = Pattern::parse(&text, &Vocabulary::default()) {
            prop_assert_eq!(pattern.usage(), text);
        }
    }
}
