use super::*;

fn hidden() -> Hidden {
    let mut hidden = Hidden::new([7; 32]);
    hidden.keep_secret("correct horse");
    hidden
}

#[test]
fn what_was_hidden_comes_back_where_it_is_known_and_nowhere_else() {
    let value = json!({"password": "correct horse", "note": ["the correct horse!", 3], "plain": "acme"});
    let mut here = hidden();
    let written = here.hide(&value);
    assert!(hides(&written) && !written.to_string().contains("horse"), "{written}");
    assert_eq!(written["plain"], "acme");
    assert_eq!(here.reveal(&written), Some(value.clone()));
    assert_eq!(
        here.hide(&value),
        written,
        "the same value has the same marker, so that a second plan is the same"
    );
    assert_eq!(hidden().reveal(&written), None, "another process does not know it");
    assert_eq!(hidden().reveal(&json!({"plain": "acme"})), Some(json!({"plain": "acme"})));

    let mut other = Hidden::new([8; 32]);
    other.keep_secret("correct horse");
    assert_ne!(other.hide(&value), written, "nobody can try out values against a digest");
}

#[test]
fn no_text_shows_it() {
    let hidden = hidden();
    assert_eq!(hidden.mask("set password of acme to \"correct horse\""), "set password of acme to \"•••\"");
    assert!(!format!("{hidden:?} {:?} {}", Secret::new("horse"), Secret::new("horse")).contains("horse"));
}
