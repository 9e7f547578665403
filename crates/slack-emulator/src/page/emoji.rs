//! Emoji by Slack's short names, with skin tones: `white_check_mark` → ✅, `+1::skin-tone-2` → 👍🏻.
//!
//! The names are those of the emoji-data set that Slack uses. A name that is not in the table is shown as `:name:`,
//! like a custom emoji of a workspace that has none.

mod table;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::html::{Html, el};
use table::TABLE;

static BY_NAME: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    all().flat_map(|(names, symbol)| names.split(' ').map(move |name| (name, symbol))).collect()
});

/// The emoji called `name` (without colons, perhaps with `::skin-tone-2` … `::skin-tone-6`), if it is known.
pub fn unicode(name: &str) -> Option<String> {
    let (base, tone) = match name.split_once("::") {
        Some((base, tone)) => (base, Some(tone)),
        None => (name, None),
    };
    let symbol = *BY_NAME.get(base)?;
    match tone {
        None => Some(symbol.to_owned()),
        Some(tone) => Some(format!("{}{}", symbol.trim_end_matches('\u{fe0f}'), skin_tone(tone)?)),
    }
}

/// The emoji as a labelled piece of HTML; an unknown one as `:name:`.
pub fn html(name: &str) -> Html {
    match unicode(name) {
        Some(symbol) => {
            let label = format!(":{name}:");
            el("span")
                .class("emoji")
                .attr("role", "img")
                .attr("aria-label", spoken(name))
                .attr("title", label)
                .text(symbol)
                .into()
        }
        None => Html::escaped(&format!(":{name}:")),
    }
}

/// How a screen reader says the name: words instead of underscores.
pub fn spoken(name: &str) -> String {
    name.replace("::", ", ").replace(['_', '-'], " ")
}

/// Every emoji of the table with its names (space separated, the usual one first), in the order of the picker.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.iter().copied()
}

/// Splits plain text at `:name:` emoji. Returns the pieces in order: text as it is, or a known emoji's name.
pub fn split(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut plain_from = text;
    while let Some(colon) = rest.find(':') {
        let after = rest.get(colon + 1..).unwrap_or_default();
        match name_at(after) {
            Some(name) => {
                let plain_length = plain_from.len() - rest.len() + colon;
                pieces.extend(plain_from.get(..plain_length).filter(|t| !t.is_empty()).map(Piece::Text));
                pieces.push(Piece::Emoji(name));
                rest = after.get(name.len() + 1..).unwrap_or_default();
                plain_from = rest;
            }
            None => rest = after,
        }
    }
    if !plain_from.is_empty() {
        pieces.push(Piece::Text(plain_from));
    }
    pieces
}

/// A piece of text around emoji; see [`split`].
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// The name of a known emoji, perhaps with its skin tone.
    Emoji(&'a str),
}

/// The known emoji name that starts at `text` (just after a colon) and is closed by a colon.
fn name_at(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !is_name_character(c))?;
    let base = text.get(..end)?;
    if base.is_empty() || !text.get(end..)?.starts_with(':') {
        return None;
    }
    let toned = text.get(end..)?.strip_prefix("::").and_then(|tone| {
        let length = tone.find(':')?;
        text.get(..end + 2 + length).filter(|name| length <= 11 && unicode(name).is_some())
    });
    toned.or_else(|| Some(base).filter(|name| unicode(name).is_some()))
}

fn is_name_character(character: char) -> bool {
    matches!(character, 'a'..='z' | '0'..='9' | '_' | '+' | '-' | '\'')
}

fn skin_tone(name: &str) -> Option<char> {
    match name {
        "skin-tone-2" => Some('\u{1f3fb}'),
        "skin-tone-3" => Some('\u{1f3fc}'),
        "skin-tone-4" => Some('\u{1f3fd}'),
        "skin-tone-5" => Some('\u{1f3fe}'),
        "skin-tone-6" => Some('\u{1f3ff}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_aliases_and_skin_tones() {
        assert_eq!(unicode("white_check_mark").as_deref(), Some("✅"));
        assert_eq!(unicode("thumbsup"), unicode("+1"));
        assert_eq!(unicode("+1::skin-tone-2").as_deref(), Some("👍🏻"));
        assert_eq!(unicode("+1::skin-tone-9"), None);
        assert_eq!(unicode("no_such_emoji"), None);
        assert_eq!(unicode(""), None);
    }

    #[test]
    fn unknown_names_are_shown_with_colons_and_escaped() {
        assert_eq!(html("spacelift").as_str(), ":spacelift:");
        assert_eq!(html("<b>").as_str(), ":&lt;b&gt;:");
    }

    #[test]
    fn splits_text_at_emoji() {
        use Piece::{Emoji, Text};
        assert_eq!(split("a :tada: b"), [Text("a "), Emoji("tada"), Text(" b")]);
        assert_eq!(split(":+1::skin-tone-3:"), [Emoji("+1::skin-tone-3")]);
        assert_eq!(split(":+1::tada:"), [Emoji("+1"), Emoji("tada")]);
        assert_eq!(split("at 10:30:00 :nope:"), [Text("at 10:30:00 :nope:")]);
        assert_eq!(split("::"), [Text("::")]);
        assert_eq!(split("é:tada"), [Text("é:tada")]);
        assert_eq!(split(""), []);
    }

    #[test]
    fn no_name_stands_twice() {
        let mut seen = BTreeSet::new();
        for name in all().flat_map(|(names, _)| names.split(' ')) {
            assert!(seen.insert(name), "{name} stands twice");
            assert!(name.chars().all(is_name_character), "{name}");
        }
        assert!(seen.len() >= 150);
    }
}
