//! One person's yes or no.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{MessageId, PersonId};
use crate::plan::Fingerprint;

/// One person's approval or objection, for one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Who voted.
    pub person: PersonId,
    /// How they expressed it.
    pub source: VoteSource,
    /// Yes or no.
    pub verdict: Verdict,
    /// The plan that they voted on.
    pub fingerprint: Fingerprint,
    /// When, by the chat product's clock (UTC).
    pub at: Timestamp,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Run exactly this plan.
    Approve,
    /// Do not run it.
    Object,
}

impl Verdict {
    /// What a reaction means, by the emoji's standard name; `None` for all the others.
    ///
    /// Only fixed standard names count: a member of a workspace can give a
    /// custom emoji any name and picture they like.
    pub fn of_reaction(emoji: &str) -> Option<Self> {
        match emoji {
            "white_check_mark" | "+1" | "thumbsup" => Some(Self::Approve),
            "x" | "-1" | "thumbsdown" => Some(Self::Object),
            _ => None,
        }
    }
}

/// How a vote was expressed. Taking it back the same way withdraws it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "lowercase")]
pub enum VoteSource {
    /// A reaction on the root message or on the card.
    Reaction {
        /// The message that carries it.
        message: MessageId,
        /// The emoji's standard name without skin tone.
        emoji: String,
    },
    /// The button on the card.
    Button,
    /// The target's name, typed into the dialog of a destructive command.
    Typed,
    /// At a terminal, by a person who proved there who they are.
    Terminal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reaction_is_a_vote_by_its_standard_name_alone() {
        for emoji in ["white_check_mark", "+1", "thumbsup"] {
            assert_eq!(Verdict::of_reaction(emoji), Some(Verdict::Approve), "{emoji}");
        }
        for emoji in ["x", "-1", "thumbsdown"] {
            assert_eq!(Verdict::of_reaction(emoji), Some(Verdict::Object), "{emoji}");
        }
        for emoji in ["eyes", "heavy_check_mark", "white_check_mark_2", "thumbs_up", "X", ""] {
            assert_eq!(Verdict::of_reaction(emoji), None, "{emoji}");
        }
    }
}
