//! What the file says about AWS in several places.

/// What is wrong with the name of a DynamoDB table, if it is none.
pub(super) fn table_name(name: &str) -> Option<String> {
    let is_name = (3..=255).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    (!is_name).then(|| {
        format!("`{name}` is no name of a DynamoDB table: it has 3 to 255 letters, digits, `_`, `-` and `.`.")
    })
}

/// What is wrong with an emulator's address, if it is not on this machine.
pub(super) fn on_this_machine(endpoint: &str) -> Option<String> {
    let here = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    (!here.iter().any(|here| endpoint.starts_with(here))).then(|| {
        format!(
            "`{endpoint}` is no address of an emulator on this machine; for AWS itself leave `endpoint` out."
        )
    })
}
