use super::*;

fn hidden() -> Hidden {
    let mut hidden = Hidden::new([7; 32], OperationId::from_parts(0, 1));
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

    for (key, operation, why) in
        [(8, 1, "nobody can try out values"), (7, 2, "nobody sees that it is the same one")]
    {
        let mut other = Hidden::new([key; 32], OperationId::from_parts(0, operation));
        other.keep_secret("correct horse");
        assert_ne!(other.hide(&value), written, "{why}");
    }
}

#[test]
fn no_text_shows_it() {
    let hidden = hidden();
    assert_eq!(hidden.mask("set password of acme to \"correct horse\""), "set password of acme to \"•••\"");
    assert!(!format!("{hidden:?} {:?} {}", Secret::new("horse"), Secret::new("horse")).contains("horse"));
}
