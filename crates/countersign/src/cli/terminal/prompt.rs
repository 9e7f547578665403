//! Asking the person at the keyboard.

use std::io::{IsTerminal as _, Write as _};

use crate::terminal::protocol::View;

/// Does somebody sit at a keyboard?
pub(super) fn is_somebody_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// What is asked before a plan is signed.
pub(super) fn question(view: &View) -> String {
    match &view.to_type {
        Some(name) => format!("This cannot be undone easily. Type {name} to sign this plan: "),
        None => "Type yes to sign this plan: ".to_owned(),
    }
}

/// Does what was typed sign the plan?
pub(super) fn signs(view: &View, typed: &str) -> bool {
    let typed = typed.trim();
    match &view.to_type {
        Some(name) => typed == name,
        None => typed.eq_ignore_ascii_case("yes"),
    }
}

/// Asks, and gives what is typed; nothing, when nothing more can come.
pub(super) async fn ask(question: String) -> String {
    let read = tokio::task::spawn_blocking(move || {
        let _ = write!(std::io::stderr(), "{question}");
        let _ = std::io::stderr().flush();
        let mut typed = String::new();
        let _ = std::io::stdin().read_line(&mut typed);
        typed
    });
    read.await.unwrap_or_default()
}
