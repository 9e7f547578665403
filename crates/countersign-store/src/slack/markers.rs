//! The bot's reactions, read as what they say.

use countersign_slack::Me;
use serde_json::Value;

/// An operation has begun.
pub(super) const TAKEN: &str = "eyes";
/// One worker has it, and begins to apply it.
pub(super) const APPLYING: &str = "gear";
/// It was done.
pub(super) const DONE: &str = "white_check_mark";
/// It was not done, and will not be.
pub(super) const FAILED: &str = "x";
/// Nobody knows whether it was done.
pub(super) const UNKNOWN: &str = "question";

/// What the bot's own markers on a message say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) taken: bool,
    pub(super) applying: bool,
    pub(super) end: Option<End>,
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Done,
    Failed,
    Unknown,
}

impl End {
    pub(super) fn emoji(self) -> &'static str {
        match self {
            Self::Done => DONE,
            Self::Failed => FAILED,
            Self::Unknown => UNKNOWN,
        }
    }
}

impl Standing {
    /// Of reactions as Slack lists them. Everybody can put these emoji there: only the bot's own count.
    pub(super) fn of(reactions: &[Value], me: &Me) -> Self {
        let marked = |emoji: &str| {
            let it = reactions.iter().find(|one| one.get("name").and_then(Value::as_str) == Some(emoji));
            let users = it.and_then(|one| one.get("users")).and_then(Value::as_array);
            users.into_iter().flatten().any(|user| user.as_str() == Some(me.user.as_str()))
        };
        // A known end outweighs an unknown one, which may have been written by whoever waited for it.
        let end = [End::Done, End::Failed, End::Unknown].into_iter().find(|end| marked(end.emoji()));
        Self { taken: marked(TAKEN), applying: marked(APPLYING), end }
    }

    /// Is there nothing to look for behind it?
    pub(super) fn is_settled(self) -> bool {
        matches!(self.end, Some(End::Done | End::Failed))
    }
}

#[cfg(test)]
mod tests {
    use countersign_core::ids::{OrgId, UserId};
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_bots_own_markers_count() {
        let me = Me {
            team: OrgId::new("T1"),
            enterprise: None,
            user: UserId::new("UBOT"),
            bot_id: "B1".to_owned(),
        };
        let reactions = json!([
            {"name": "eyes", "users": ["U1", "UBOT"]},
            {"name": "white_check_mark", "users": ["U1", "U2"]},
            {"name": "gear", "users": ["UBOT"]},
            {"name": "question"},
        ]);
        let standing = Standing::of(reactions.as_array().unwrap(), &me);
        assert_eq!(standing, Standing { taken: true, applying: true, end: None });
        let both = json!([{"name": "question", "users": ["UBOT"]}, {"name": "x", "users": ["UBOT"]}]);
        assert_eq!(Standing::of(both.as_array().unwrap(), &me).end, Some(End::Failed));
    }
}
