//! What a refusal and a failure say.

use std::collections::BTreeSet;

use super::{Block, Reply, Span};
use crate::ids::ChannelId;
use crate::operation::Reference;
use crate::policy::{Refusal, Standing};

/// How to sign once more.
const AGAIN: &str = "Then press its button, or take your reaction back and put it there again.";

/// A refusal, in words. `bot` is the bot's name.
pub fn refusal(refusal: &Refusal, bot: &str) -> Reply {
    match refusal {
        Refusal::Unknown { nearest } => unknown(nearest, bot),
        Refusal::NotHere => unknown(&[], bot),
        Refusal::Malformed { .. } => malformed(refusal),
        Refusal::WhichChannel { channels } => which_channel(channels),
        other => Reply::line(sentence(other)),
    }
}

/// A failure, in words: nothing internal, only what to do and a reference for the operator.
pub fn failure(reference: &Reference) -> Reply {
    Reply {
        summary: format!("That did not work, and nothing was changed ({reference})."),
        blocks: vec![Block::Text(vec![
            Span::text(
                "Something on our side did not work, and nothing was changed. Please try again in a minute; if it stays like this, give ",
            ),
            Span::code(reference.to_string()),
            Span::text(" to the people who look after the bot."),
        ])],
    }
}

/// A refusal as one sentence, for cards and whispers.
pub(super) fn sentence(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unknown { .. } | Refusal::NotHere => "There is no such command here.".to_owned(),
        Refusal::Malformed { problems, .. } => {
            problems.first().map_or_else(|| "That sentence does not fit.".to_owned(), |p| p.rule.clone())
        }
        Refusal::Unreadable { sentence } | Refusal::Blocked { sentence } => sentence.clone(),
        Refusal::SharedChannel => "This channel is shared with another organisation, so I do nothing here. If that is meant, ask \
             those who look after me to add the channel to shared_channels."
            .to_owned(),
        Refusal::UnseenChannel => {
            "I cannot see this channel, so I do nothing here. Invite me with /invite, then say it again.".to_owned()
        }
        Refusal::NotYou { standing } => not_you(*standing).to_owned(),
        Refusal::NotListed => {
            "You are not among the people who may use this bot. Ask those who look after it to add you."
                .to_owned()
        }
        Refusal::NotInGroup { groups } => {
            let names: Vec<&str> = groups.iter().map(crate::ids::GroupName::as_str).collect();
            format!("This is for members of {}, and you are not one of them.", names.join(" or "))
        }
        Refusal::TooLarge => {
            "This is more than one message can show, and nobody signs what they cannot see. Ask for less at once."
                .to_owned()
        }
        Refusal::Frozen { what, until, reason } => {
            let until = until.strftime("%Y-%m-%d %H:%M UTC");
            format!("Frozen until {until}: {what}. {}", ended(reason))
        }
        Refusal::NotOpen => "This does not wait for signatures any more.".to_owned(),
        Refusal::OutdatedPlan => {
            format!("The plan has changed since. Look at the new one in the card. {AGAIN}")
        }
        Refusal::MustType => "What you asked for cannot be undone easily, so a reaction of yours is not enough. \
             Press Sign this plan on the card, and type the target's name."
            .to_owned(),
        Refusal::TooEarly => format!("The plan was not there yet. Look at it in the card. {AGAIN}"),
        Refusal::NotYours => {
            "Only the person who asked for this can cancel it. To stop it, object with ❌.".to_owned()
        }
        Refusal::TooLate => "It is too late for that: this runs already, or it is over.".to_owned(),
        Refusal::NothingOpen => "Nothing is open here: what became of this is known.".to_owned(),
        Refusal::NotByItsCaller => {
            "The person who asked for this cannot say that alone. Ask somebody who could have signed it.".to_owned()
        }
        Refusal::NotAtTerminal => "This cannot be done at a terminal, or not by you. Ask those who look after the bot to add the channel \
             and you to [terminal]."
            .to_owned(),
        Refusal::WhichChannel { .. } => "This command belongs to several channels.".to_owned(),
        Refusal::NoBreakGlass => {
            "Nothing says that this may be done with fewer signatures: [break_glass] does not name it.".to_owned()
        }
        Refusal::NoReason => {
            "An emergency needs a reason that others understand: at least three words, at most 300 characters."
                .to_owned()
        }
        Refusal::WrongName { expected } => format!("To confirm, type exactly {expected}."),
    }
}

/// Somebody's words as a sentence.
pub(super) fn ended(words: &str) -> String {
    let mut letters = words.trim().chars();
    let first: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
    let sentence = format!("{first}{}", letters.as_str());
    if sentence.is_empty() || sentence.ends_with(['.', '!', '?']) { sentence } else { format!("{sentence}.") }
}

fn which_channel(channels: &BTreeSet<ChannelId>) -> Reply {
    let mut spans = vec![Span::text("This command belongs to several channels. Say which with --channel:")];
    for (number, channel) in channels.iter().enumerate() {
        spans.push(Span::text(if number == 0 { " " } else { ", " }));
        spans.push(Span::Channel(channel.clone()));
    }
    let summary = "This command belongs to several channels.".to_owned();
    Reply { summary, blocks: vec![Block::Text(spans)] }
}

fn not_you(standing: Standing) -> &'static str {
    match standing {
        Standing::Guest => "Guests of this workspace cannot run or sign anything. Ask a full member.",
        Standing::Foreign => {
            "People of other workspaces cannot run or sign anything here. Ask a member of this one."
        }
        Standing::Bot => "Bots and workflows cannot run or sign anything.",
        Standing::Deactivated => "This account is switched off, so it cannot run or sign anything.",
        Standing::Member | Standing::Unknown => {
            "I could not make sure who you are, so the answer is no. Please try again in a minute."
        }
    }
}

fn unknown(nearest: &[String], bot: &str) -> Reply {
    let mut spans = vec![Span::text("I do not know that sentence here.")];
    match nearest {
        [] => {
            spans.push(Span::text(" Write "));
            spans.push(Span::code(format!("@{bot} help")));
            spans.push(Span::text(" to see what you can ask me for in this channel."));
            Reply {
                summary: "I do not know that sentence here.".to_owned(),
                blocks: vec![Block::Text(spans)],
            }
        }
        usages => {
            spans.push(Span::text(" Did you mean:"));
            let list = usages.iter().map(|usage| vec![Span::code(usage)]).collect();
            Reply {
                summary: "I do not know that sentence here. Did you mean something like it?".to_owned(),
                blocks: vec![Block::Text(spans), Block::List(list)],
            }
        }
    }
}

fn malformed(refusal: &Refusal) -> Reply {
    let Refusal::Malformed { usage, example, problems } = refusal else {
        return Reply::line(sentence(refusal));
    };
    let lines = problems.iter().map(|problem| {
        let mut line = vec![Span::text(format!("At column {}", problem.column))];
        if !problem.found.is_empty() {
            line.push(Span::text(", "));
            line.push(Span::code(&problem.found));
        }
        line.push(Span::text(format!(": {}", problem.rule)));
        line
    });
    let mut how = vec![Span::text("Usage: "), Span::code(usage)];
    if let Some(example) = example {
        how.push(Span::text("\nFor example: "));
        how.push(Span::code(example));
    }
    Reply {
        summary: format!("Nearly: {}", sentence(refusal)),
        blocks: vec![
            Block::Text(vec![Span::text("Nearly, but I cannot run that yet. Nothing was changed.")]),
            Block::List(lines.collect()),
            Block::Text(how),
        ],
    }
}

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;
