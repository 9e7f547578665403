//! Short texts around an operation.

use super::refusal::sentence;
use super::{Block, Reply, Span};
use crate::ids::UserId;
use crate::policy::Refusal;

/// What a person hears, alone, when their vote does not count.
pub fn vote_refused(refusal: &Refusal) -> Reply {
    Reply::line(format!("Your signature does not count. {}", sentence(refusal)))
}

/// What the caller of a slash command hears in a channel that the bot is not in.
pub fn invite_me(bot: &str) -> Reply {
    Reply::line(format!(
        "I am not in this channel, so that nobody could sign here. Type /invite @{bot}, then try again."
    ))
}

/// The root message of a slash command, which leaves none of its own.
pub fn slash_root(caller: &UserId, said: &str) -> Reply {
    Reply {
        summary: format!("ran {said}"),
        blocks: vec![Block::Text(vec![Span::Person(caller.clone()), Span::text(" ran "), Span::code(said)])],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Standing;

    #[test]
    fn a_vote_that_does_not_count() {
        let reply = vote_refused(&Refusal::NotYou { standing: Standing::Guest });
        insta::assert_snapshot!(reply, @"Your signature does not count. Guests of this workspace cannot run or sign anything. Ask a full member.");
    }

    #[test]
    fn where_the_bot_is_not() {
        insta::assert_snapshot!(invite_me("Backoffice Bot"), @"I am not in this channel, so that nobody could sign here. Type /invite @Backoffice Bot, then try again.");
    }

    #[test]
    fn the_root_of_a_slash_command() {
        insta::assert_snapshot!(slash_root(&UserId::new("U1"), "/infra stop dev"), @"@U1 ran `/infra stop dev`");
    }
}
