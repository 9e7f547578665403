//! What people are told of the whitelist, outside of any command.

use countersign_core::ids::UserId;
use countersign_core::reply::{Block, Button, Reply, Span, Style, actions};

use crate::domain::Entry;
use crate::ports::Notice;

/// A notice as a message. A time that is nearly over comes with a button that extends it.
pub fn reply(notice: &Notice) -> Reply {
    match notice {
        Notice::Added(entry) => about(entry, ("is let through to", ""), Some(" until ")),
        Notice::Removed(entry) => about(entry, ("is not let through to", " any more"), None),
        Notice::Expired(entry) => {
            about(entry, ("is not let through to", " any more: its time is over"), None)
        }
        Notice::Ending(entry) => ending(entry),
        Notice::Quarantined { row, why } => {
            let (network, environment) = (&row.ip_address, &row.environment);
            with_blocks(
                format!("A row of the whitelist is not let through: {network} in {environment}"),
                vec![
                    Span::Text("A row was written for ".to_owned()),
                    Span::Code(network.clone()),
                    Span::Text(" in ".to_owned()),
                    Span::Code(environment.clone()),
                    Span::Text(format!(", and is not let through: {why}. Correct the row, or remove it.")),
                ],
            )
        }
        Notice::Behind { group, why } => with_blocks(
            format!("The security group {group} is not as the whitelist says"),
            vec![
                Span::Text("The security group ".to_owned()),
                Span::Code(group.clone()),
                Span::Text(format!(" is not as the whitelist says: {why}.")),
            ],
        ),
    }
}

/// The sentence that extends an entry.
pub fn extend_sentence(entry: &Entry) -> String {
    format!("whitelist extend {} {}", entry.cidr, entry.environment)
}

fn about(entry: &Entry, (what, how): (&str, &str), until: Option<&str>) -> Reply {
    let summary = format!("{} {what} {}{how}", entry.cidr, entry.environment);
    let mut spans = vec![
        Span::Code(entry.cidr.to_string()),
        Span::Text(format!(" {what} ")),
        Span::Code(entry.environment.to_string()),
        Span::Text(how.to_owned()),
    ];
    if let Some(until) = until {
        spans.extend([Span::Text(until.to_owned()), Span::Time(entry.expires_at)]);
    }
    spans.extend(words(entry));
    with_blocks(summary, spans)
}

fn ending(entry: &Entry) -> Reply {
    let mut spans = person(entry);
    spans.extend([
        Span::Code(entry.cidr.to_string()),
        Span::Text(" is let through to ".to_owned()),
        Span::Code(entry.environment.to_string()),
        Span::Text(" until ".to_owned()),
        Span::Time(entry.expires_at),
        Span::Text(" only".to_owned()),
    ]);
    spans.extend(words(entry));
    let mut reply = with_blocks(
        format!("{} is let through to {} for less than a day more", entry.cidr, entry.environment),
        spans,
    );
    reply.blocks.push(Block::Buttons(vec![Button {
        action: actions::SAY,
        label: "Extend".to_owned(),
        value: extend_sentence(entry),
        style: Style::Plain,
    }]));
    let sentence = vec![
        Span::Text("Or say ".to_owned()),
        Span::Code(extend_sentence(entry)),
        Span::Text(" with a time of your own, like ".to_owned()),
        Span::Code("by 3d".to_owned()),
    ];
    reply.blocks.push(Block::Note(sentence));
    reply
}

/// Whoever added it is called by name, so that they see it.
fn person(entry: &Entry) -> Vec<Span> {
    let user = entry.person.as_ref().and_then(|person| person.split_once('/'));
    user.map_or_else(Vec::new, |(_, user)| vec![Span::Person(UserId::new(user)), Span::Text(": ".to_owned())])
}

fn words(entry: &Entry) -> Vec<Span> {
    let by = (!entry.added_by.is_empty()).then(|| format!(" Added by {}.", entry.added_by));
    let what =
        (!entry.description.is_empty()).then(|| format!(" {}.", entry.description.trim_end_matches('.')));
    let tail: String = [Some(".".to_owned()), what, by].into_iter().flatten().collect();
    vec![Span::Text(tail)]
}

fn with_blocks(summary: String, spans: Vec<Span>) -> Reply {
    Reply { summary, blocks: vec![Block::Text(spans)] }
}

#[cfg(test)]
mod tests {
    use countersign_core::ids::ChannelId;
    use countersign_core::reply::{Names, plain};
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Environment, Row};

    fn entry() -> Entry {
        Entry {
            cidr: "203.0.113.7/32".parse().unwrap(),
            environment: Environment::new("dev"),
            description: "John\u{2019}s office".to_owned(),
            added_by: "ana".to_owned(),
            person: Some("T1/U0ANA".to_owned()),
            added_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::from_second(1_800_000_000).unwrap(),
        }
    }

    struct Nameless;

    impl Names for Nameless {
        fn person(&self, _user: &UserId) -> Option<&str> {
            None
        }

        fn channel(&self, _channel: &ChannelId) -> Option<&str> {
            None
        }
    }

    fn said(notice: &Notice) -> String {
        plain(&reply(notice), &Nameless)
    }

    #[test]
    fn people_are_told_what_happened() {
        insta::assert_snapshot!(said(&Notice::Added(entry())), @"`203.0.113.7/32` is let through to `dev` until 2027-01-15 08:00 UTC. John’s office. Added by ana.");
        insta::assert_snapshot!(said(&Notice::Removed(entry())), @"`203.0.113.7/32` is not let through to `dev` any more. John’s office. Added by ana.");
        insta::assert_snapshot!(said(&Notice::Expired(entry())), @"`203.0.113.7/32` is not let through to `dev` any more: its time is over. John’s office. Added by ana.");
        insta::assert_snapshot!(said(&Notice::Ending(entry())), @"
U0ANA: `203.0.113.7/32` is let through to `dev` until 2027-01-15 08:00 UTC only. John’s office. Added by ana.
Or say `whitelist extend 203.0.113.7/32 dev` with a time of your own, like `by 3d`
");
        let row = Row { ip_address: "1.2.3.4".to_owned(), environment: "dev".to_owned(), ..Row::default() };
        let why = "`ip_address`: 1.2.3.4 is written 1.2.3.4/32".to_owned();
        insta::assert_snapshot!(said(&Notice::Quarantined { row, why }), @"A row was written for `1.2.3.4` in `dev`, and is not let through: `ip_address`: 1.2.3.4 is written 1.2.3.4/32. Correct the row, or remove it.");
        let (group, why) = ("web (sg-1)".to_owned(), "it has as many rules as it may have".to_owned());
        insta::assert_snapshot!(said(&Notice::Behind { group, why }), @"The security group `web (sg-1)` is not as the whitelist says: it has as many rules as it may have.");
    }
}
