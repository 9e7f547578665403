//! Characters that would draw something else than what stands there.

use super::budget::shortened;

/// Text of several lines, without characters that reorder or hide what follows them.
pub(super) fn text(typed: &str) -> String {
    typed.chars().filter(|c| *c == '\n' || is_harmless(*c)).collect()
}

/// Text of one line with at most `limit` characters.
pub(super) fn line(typed: &str, limit: usize) -> String {
    let spaced: String = typed.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    shortened(text(&spaced).trim(), limit)
}

/// Not a control character, and none of Unicode's switches of direction.
fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
}
