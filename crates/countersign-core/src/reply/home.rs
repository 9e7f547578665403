//! The bot's home, as one person sees it.

use jiff::Timestamp;

use super::{Block, HelpEntry, Reply, Span};
use crate::ids::{ChannelId, UserId};

/// So many operations are listed.
const MOST_WAITING: usize = 10;
/// So many channels are listed, and so many sentences under each.
const MOST_CHANNELS: usize = 10;
const MOST_SENTENCES: usize = 8;

/// What stands in a home.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home {
    /// Operations that wait for this person's signature, the oldest first.
    pub waiting: Vec<Waiting>,
    /// What the person may ask for, channel by channel.
    pub offers: Vec<(ChannelId, Vec<HelpEntry>)>,
}

/// An operation that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What was asked for.
    pub sentence: String,
    /// By whom.
    pub caller: UserId,
    /// Where.
    pub channel: ChannelId,
    /// Until when it waits (UTC).
    pub until: Option<Timestamp>,
}

/// A person's home. `bot` is the bot's name.
pub fn home(bot: &str, home: &Home) -> Reply {
    let mut blocks = vec![Block::Heading("Waits for your signature".to_owned())];
    blocks.extend(waiting(&home.waiting));
    blocks.push(Block::Divider);
    blocks.push(Block::Heading("What you can ask for".to_owned()));
    blocks.extend(offers(bot, &home.offers));
    Reply { summary: format!("What waits for you, and what you can ask {bot} for."), blocks }
}

fn waiting(waiting: &[Waiting]) -> Vec<Block> {
    if waiting.is_empty() {
        return vec![Block::Text(vec![Span::text("Nothing. Whatever needs you will stand here.")])];
    }
    let lines = waiting.iter().take(MOST_WAITING).map(|one| {
        let mut line = vec![
            Span::code(&one.sentence),
            Span::text(", asked for by "),
            Span::Person(one.caller.clone()),
            Span::text(" in "),
            Span::Channel(one.channel.clone()),
        ];
        if let Some(until) = one.until {
            line.extend([Span::text(", until "), Span::Time(until)]);
        }
        line
    });
    let mut blocks = vec![Block::List(lines.collect())];
    let rest = waiting.len().saturating_sub(MOST_WAITING);
    if rest > 0 {
        blocks.push(Block::Note(vec![Span::text(format!("and {rest} more, newer ones"))]));
    }
    blocks
        .push(Block::Note(vec![Span::text("Look at the plan in the channel's thread, and sign it there.")]));
    blocks
}

fn offers(bot: &str, offers: &[(ChannelId, Vec<HelpEntry>)]) -> Vec<Block> {
    if offers.is_empty() {
        return vec![Block::Text(vec![Span::text(
            "Nothing yet: you are in no channel where I have something for you. If you expected something here, \
             ask the people who look after the bot.",
        )])];
    }
    let mut blocks = Vec::new();
    for (channel, entries) in offers.iter().take(MOST_CHANNELS) {
        let heading = vec![Span::text("In "), Span::Channel(channel.clone()), Span::text(":")];
        blocks.push(Block::Text(heading));
        let mut lines: Vec<Vec<Span>> = entries
            .iter()
            .take(MOST_SENTENCES)
            .map(|entry| vec![Span::code(&entry.usage), Span::text(format!(" {}", entry.description))])
            .collect();
        let rest = entries.len().saturating_sub(MOST_SENTENCES);
        if rest > 0 {
            lines.push(vec![Span::text(format!("and {rest} more: write "))]);
            if let Some(line) = lines.last_mut() {
                line.extend([Span::code(format!("@{bot} help")), Span::text(" there")]);
            }
        }
        blocks.push(Block::List(lines));
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::spec::Risk;

    fn entry(usage: &str) -> HelpEntry {
        HelpEntry {
            usage: usage.to_owned(),
            description: "Does it.".to_owned(),
            example: None,
            quorum: Risk::High.quorum(),
        }
    }

    #[test]
    fn a_home_says_what_waits_and_what_can_be_asked_for() {
        let waiting = Waiting {
            sentence: "set acme trial remaining to 14 days".to_owned(),
            caller: UserId::new("U0ANA"),
            channel: ChannelId::new("C0BACKOFFICE"),
            until: "2026-11-20T10:00:00Z".parse().ok(),
        };
        let entries: Vec<HelpEntry> = (0..9).map(|n| entry(&format!("do thing {n}"))).collect();
        let offers = vec![(ChannelId::new("C0BACKOFFICE"), entries)];
        insta::assert_snapshot!(home("Backoffice Bot", &Home { waiting: vec![waiting], offers }), @"
        # Waits for your signature
        • `set acme trial remaining to 14 days`, asked for by @U0ANA in #C0BACKOFFICE, until 2026-11-20 10:00 UTC
        (Look at the plan in the channel's thread, and sign it there.)
        ---
        # What you can ask for
        In #C0BACKOFFICE:
        • `do thing 0` Does it.
        • `do thing 1` Does it.
        • `do thing 2` Does it.
        • `do thing 3` Does it.
        • `do thing 4` Does it.
        • `do thing 5` Does it.
        • `do thing 6` Does it.
        • `do thing 7` Does it.
        • and 1 more: write `@Backoffice Bot help` there
        ");
    }

    #[test]
    fn an_empty_home_says_what_will_stand_there() {
        insta::assert_snapshot!(home("Backoffice Bot", &Home::default()), @"
        # Waits for your signature
        Nothing. Whatever needs you will stand here.
        ---
        # What you can ask for
        Nothing yet: you are in no channel where I have something for you. If you expected something here, ask the people who look after the bot.
        ");
    }
}
