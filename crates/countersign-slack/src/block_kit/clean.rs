//! Characters that would draw something else than what stands there.

use countersign_core::router::tokens::is_invisible;

use super::budget::shortened;

/// Text of several lines, without characters that reorder or hide what follows them.
pub(super) fn text(typed: &str) -> String {
    typed.chars().filter(|c| *c == '\n' || is_harmless(*c)).collect()
}

/// Text of one line with at most `limit` characters.
pub(super) fn line(typed: &str, limit: usize) -> String {
    shortened(text(&one_line(typed)).trim(), limit)
}

/// `typed` with a space for everything that could begin a line of its own.
pub(super) fn one_line(typed: &str) -> String {
    typed.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

/// Neither a control character nor one that nobody sees, switches of direction among them. Joiners stay:
/// emoji are made with them.
fn is_harmless(c: char) -> bool {
    const JOINER: char = '\u{200d}';
    c == JOINER || !(c.is_control() || is_invisible(c))
}
