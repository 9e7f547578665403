//! What people want of an operation that is there, beside voting, and how they say it in its thread:
//!
//! ```text
//! cancel
//! resolve as succeeded: the row is there
//! resolve as failed because nothing arrived
//! reviewed: it was right
//! ```
//!
//! Elsewhere the operation is named after the first word: `cancel op_01JD3V5Y8Z4QK2M7N9P0R1S2T3`.

use super::Found;
use crate::ids::OperationId;

/// The longest reason that is kept, in characters.
const LONGEST: usize = 300;

/// What a person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// It is not to run.
    Cancel,
    /// It is known now what became of it.
    Resolve {
        /// What the person found.
        found: Found,
        /// How they know.
        reason: String,
    },
    /// What was done in an emergency has been looked at.
    Review {
        /// What the person says of it.
        note: String,
    },
}

/// A wish, and the operation that it names; `None`: the one in whose thread it is said.
pub type Named = (Option<OperationId>, Wish);

impl Wish {
    /// The wish that a sentence is; `None` when it is none, and may be a command.
    pub fn read(sentence: &str) -> Option<Named> {
        let (first, rest) = word(sentence);
        let (id, rest) = match word(rest) {
            (second, after) if second.starts_with("op_") => (Some(second.parse().ok()?), after),
            _ => (None, rest),
        };
        let wish = match first.trim_end_matches([':', ',']).to_lowercase().as_str() {
            "cancel" if rest.is_empty() => Self::Cancel,
            "resolve" => Self::resolution(rest)?,
            "reviewed" => Self::review(rest),
            _ => return None,
        };
        Some((id, wish))
    }

    /// A resolution with its reason cut to what is kept.
    pub fn resolve(found: Found, why: &str) -> Self {
        Self::Resolve { found, reason: reason(why) }
    }

    /// A review with its note cut to what is kept.
    pub fn review(note: &str) -> Self {
        Self::Review { note: reason(note) }
    }

    fn resolution(rest: &str) -> Option<Self> {
        let (marker, rest) = word(rest);
        let (outcome, rest) = word(rest);
        let found = match outcome.trim_end_matches([':', ',', '.']).to_lowercase().as_str() {
            "succeeded" | "done" => Found::Succeeded,
            "failed" => Found::Failed,
            _ => return None,
        };
        marker.eq_ignore_ascii_case("as").then(|| Self::resolve(found, rest))
    }
}

/// The first word, and what comes after it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.trim())
}

/// What a person says after a colon, or after "because".
fn reason(text: &str) -> String {
    let text = text.trim_start_matches([':', ',', ' ']);
    let text = match word(text) {
        (first, rest) if first.eq_ignore_ascii_case("because") => rest,
        _ => text,
    };
    text.trim().chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(found: Found, reason: &str) -> Option<Named> {
        Some((None, Wish::Resolve { found, reason: reason.to_owned() }))
    }

    #[test]
    fn wishes_are_read_as_they_are_said() {
        assert_eq!(Wish::read("cancel"), Some((None, Wish::Cancel)));
        assert_eq!(Wish::read(" Cancel "), Some((None, Wish::Cancel)));
        assert_eq!(
            Wish::read("resolve as succeeded: the row is there"),
            resolved(Found::Succeeded, "the row is there")
        );
        assert_eq!(
            Wish::read("resolve as failed because nothing arrived"),
            resolved(Found::Failed, "nothing arrived")
        );
        assert_eq!(
            Wish::read("reviewed: it was right"),
            Some((None, Wish::Review { note: "it was right".to_owned() }))
        );
    }

    #[test]
    fn an_operation_can_be_named() {
        let id = OperationId::from_parts(1_700_000_000_000, 7);
        assert_eq!(Wish::read(&format!("cancel {id}")), Some((Some(id.clone()), Wish::Cancel)));
        let (named, _) = Wish::read(&format!("resolve {id} as failed: no")).unwrap();
        assert_eq!(named, Some(id));
    }

    #[test]
    fn what_may_be_a_command_is_no_wish() {
        for sentence in [
            "cancel subscription of acme",
            "cancel op_x",
            "resolve ticket 7",
            "resolve as good as new",
            "resolve",
            "show account acme",
            "",
        ] {
            assert_eq!(Wish::read(sentence), None, "{sentence}");
        }
    }

    #[test]
    fn a_reason_has_an_end() {
        let (_, wish) = Wish::read(&format!("reviewed {}", "x".repeat(1_000))).unwrap();
        assert_eq!(wish, Wish::Review { note: "x".repeat(LONGEST) });
    }
}
