//! A message as its author would type it again, for editing: mentions by name, links by what was shown.

use crate::page::mrkdwn::unescape;
use crate::page::names::Names;

/// The text that goes into the box when its author edits a message.
pub(super) fn source(text: &str, names: &Names) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(&unescape(before));
        match after.split_once('>') {
            Some((inside, tail)) => {
                out.push_str(&token(inside, names));
                rest = tail;
            }
            None => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(&unescape(rest));
    out
}

fn token(inside: &str, names: &Names) -> String {
    let (target, label) = inside.split_once('|').unwrap_or((inside, ""));
    match (target.chars().next(), target.get(1..)) {
        (Some('@'), Some(id)) => format!("@{}", names.person(id)),
        (Some('#'), Some(id)) => {
            names.channel(id).map_or_else(|| label.to_owned(), |name| format!("#{name}"))
        }
        (Some('!'), Some(group)) => match group.strip_prefix("subteam^") {
            Some(id) => format!("@{}", names.group(id)),
            None => format!("@{group}"),
        },
        _ if label.is_empty() => unescape(target),
        _ => unescape(label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_become_what_was_typed() {
        let names = Names {
            people: [("U0BOT".to_owned(), "Backoffice Bot".to_owned())].into(),
            channels: [("C1".to_owned(), "general".to_owned())].into(),
            ..Names::default()
        };
        let sent = "<@U0BOT> stop &lt;dev&gt; at <http://acme.example.com|acme.example.com> in <#C1|x> <!here> a < b";
        assert_eq!(
            source(sent, &names),
            "@Backoffice Bot stop <dev> at acme.example.com in #general @here a < b"
        );
    }
}
