//! Short texts around an operation.

use super::missing;
use super::refusal::sentence;
use super::{Block, Reply, Span};
use crate::approval::Tally;
use crate::ids::UserId;
use crate::operation::Operation;
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

/// A word to those whose signatures are missing, in the thread under the plan.
pub fn reminder(tally: &Tally, operation: &Operation) -> Reply {
    let mut spans = vec![Span::Emoji("bell"), Span::text(" Still waiting for ")];
    spans.extend(missing(tally, &operation.request.caller));
    if let Some(until) = operation.proposal.as_ref().and_then(|proposal| proposal.approve_by) {
        spans.extend([Span::text(", until "), Span::Time(until)]);
    }
    spans.push(Span::text(". The plan is in the card above; a ✅ there signs it, a ❌ stops it."));
    Reply {
        summary: format!("Still waiting for signatures: {}", operation.request.sentence),
        blocks: vec![Block::Text(spans)],
    }
}

/// What a person hears, alone, when a dialog could not be opened for them in time.
pub fn dialog_late() -> Reply {
    Reply::line("That took too long, so nothing happened. Please press the button once more.")
}

/// What a person hears, alone, when they explain an objection that is not theirs, or explain it twice.
pub fn not_yours_to_explain() -> Reply {
    Reply::line("Only the person who objected says why, once. You can answer in the thread.")
}

/// Why an operation stops whose secret this process does not know.
pub const SECRET_IS_GONE: &str = "Its secret was kept in memory alone, and the program has started anew since, or another \
                                  copy of it took over. Please say the sentence again.";

/// Why nothing is begun with a secret that would hide more than itself.
pub const SECRET_IS_ELSEWHERE: &str = "The secret also stands elsewhere in what you ask for, where people have to read it \
                                       before they sign. Please choose another one.";

/// What a second card says, after two processes had posted one at the same moment.
pub fn shown_elsewhere() -> Reply {
    Reply::line("This is shown in another message of this thread. What you do on this one does not count.")
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
    fn a_secret_that_is_gone() {
        insta::assert_snapshot!(SECRET_IS_GONE, @"Its secret was kept in memory alone, and the program has started anew since, or another copy of it took over. Please say the sentence again.");
    }

    #[test]
    fn a_secret_that_hides_too_much() {
        insta::assert_snapshot!(SECRET_IS_ELSEWHERE, @"The secret also stands elsewhere in what you ask for, where people have to read it before they sign. Please choose another one.");
    }

    #[test]
    fn where_the_bot_is_not() {
        insta::assert_snapshot!(invite_me("Backoffice Bot"), @"I am not in this channel, so that nobody could sign here. Type /invite @Backoffice Bot, then try again.");
    }

    #[test]
    fn a_second_card() {
        insta::assert_snapshot!(shown_elsewhere(), @"This is shown in another message of this thread. What you do on this one does not count.");
    }

    #[test]
    fn the_root_of_a_slash_command() {
        insta::assert_snapshot!(slash_root(&UserId::new("U1"), "/infra stop dev"), @"@U1 ran `/infra stop dev`");
    }
}
