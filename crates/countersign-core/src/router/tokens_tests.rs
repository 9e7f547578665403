use proptest::prelude::*;

use super::*;

fn tokens(text: &str) -> String {
    let sentence = Sentence::read(text).unwrap();
    let tokens = sentence.tokens().iter();
    let one =
        |token: &Token| format!("{} {:?} {}", sentence.column(*token), token.form, sentence.raw(*token));
    tokens.map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn typography_becomes_plain() {
    for (typed, tidied) in [
        ("say “hi” „there“ «you»", "say \"hi\" \"there\" \"you\""),
        ("ana’s ‘x’", "ana's 'x'"),
        ("2026–01‑31 −5", "2026-01-31 -5"),
        ("a — b ―c", "a -- b --c"),
        ("a\u{a0}b\u{2003}c\u{3000}d\te\nf\r\ng", "a b c d e f  g"),
        ("ac\u{200b}me\u{feff} \u{202e}x\u{ad}y", "acme xy"),
        ("bell\u{7} null\u{0} esc\u{1b}[0m", "bell null esc[0m"),
        ("hid\u{3164}den \u{e0041}tag \u{61c}mark", "hidden tag mark"),
        ("  both ends\u{a0} ", "both ends"),
        ("Grüße, 東京 🎉", "Grüße, 東京 🎉"),
    ] {
        assert_eq!(tidy(typed), tidied, "{typed:?}");
    }
}

#[test]
fn plain_text_is_not_copied() {
    assert!(matches!(tidy("  set acme trial "), Cow::Borrowed("set acme trial")));
}

#[test]
fn tokens_know_their_column_and_how_they_are_written() {
    insta::assert_snapshot!(tokens("  größer  \"in quotes\" x\"y\" \"\" end"), @r#"
    1 Plain größer
    9 Quoted "in quotes"
    21 Plain x"y"
    26 Quoted ""
    29 Plain end
    "#);
}

#[test]
fn quotes_in_the_wrong_place_are_seen() {
    insta::assert_snapshot!(tokens("a \"b\"c d"), @r#"
    1 Plain a
    3 Glued "b"c
    8 Plain d
    "#);
    insta::assert_snapshot!(tokens("a \"b c d"), @r#"
    1 Plain a
    3 Unclosed "b c d
    "#);
    insta::assert_snapshot!(tokens("a \""), @r#"
    1 Plain a
    3 Unclosed "
    "#);
    insta::assert_snapshot!(tokens("a \"b\"\"c d\" e"), @r#"
    1 Plain a
    3 Glued "b""c
    9 Plain d"
    12 Plain e
    "#);
}

#[test]
fn long_sentences_are_refused() {
    assert_eq!(Sentence::read(&"ü".repeat(MAX_CHARS + 1)).unwrap_err(), TooLong::Characters);
    assert_eq!(Sentence::read(&"ü".repeat(MAX_CHARS)).unwrap().tokens().len(), 1);
    assert_eq!(Sentence::read(&"ü ".repeat(MAX_TOKENS + 1)).unwrap_err(), TooLong::Words);
    assert_eq!(Sentence::read(&"ü ".repeat(MAX_TOKENS)).unwrap().tokens().len(), MAX_TOKENS);
}

proptest! {
    #[test]
    fn tidying_twice_changes_nothing(text in any::<String>()) {
        let once = tidy(&text).into_owned();
        prop_assert_eq!(tidy(&once), once.as_str());
    }

    #[test]
    fn tokens_and_spaces_are_the_whole_sentence(text in "[ ab\"ü“—\\u{200b}\\n]{0,40}") {
        let sentence = Sentence::read(&text).unwrap();
        let mut end = 0;
        for token in sentence.tokens() {
            prop_assert!(sentence.text[end..token.start].bytes().all(|b| b == b' '));
            prop_assert!(token.start < token.end);
            end = token.end;
        }
        prop_assert_eq!(end, sentence.text.len());
    }
}
