//! Reading a sentence from left to right: tokens in angle brackets, names after `@` and `#`, and text between them.

use super::super::state::State;
use super::link::linkify;
use super::{Piece, unescape};
use crate::seed::ChannelKind;

/// What kind of text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    /// As typed: nothing is escaped, and every known name is a mention.
    Typed,
    /// Slack mrkdwn: escaped, and only a name at the beginning is a mention.
    Mrkdwn,
}

/// The names that can be mentioned, longest first, in small letters.
pub(super) struct Names(Vec<(String, Piece)>);

impl Names {
    /// Everybody, the user groups, public channels, and Slack's own `@here` and its like.
    pub(super) fn everybody(state: &State) -> Self {
        let mut names = Vec::new();
        for person in &state.people {
            for name in [&person.real_name, &person.name] {
                names.push((format!("@{}", name.to_lowercase()), Piece::User(person.id.to_string())));
            }
        }
        for group in &state.usergroups {
            names.push((format!("@{}", group.handle.to_lowercase()), Piece::Group(group.id.clone())));
        }
        for range in ["here", "channel", "everyone"] {
            names.push((format!("@{range}"), Piece::Broadcast(range.into())));
        }
        for channel in state.channels.iter().filter(|channel| channel.kind != ChannelKind::Direct) {
            let piece = Piece::Channel { id: channel.id.to_string(), name: channel.name.clone() };
            names.push((format!("#{}", channel.name), piece));
        }
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Self(names)
    }

    /// The mention at the beginning of `text`, and how many bytes it takes.
    fn at_start(&self, text: &str) -> Option<(Piece, usize)> {
        self.0.iter().find_map(|(name, piece)| Some((piece.clone(), matched(text, name)?)))
    }
}

/// How many bytes of `text` are `name` in any case, if a word ends there.
fn matched(text: &str, name: &str) -> Option<usize> {
    let mut wanted = name.chars();
    for (place, letter) in text.char_indices() {
        match wanted.next() {
            None => {
                let inside = letter.is_alphanumeric() || matches!(letter, '_' | '-');
                return (!inside).then_some(place);
            }
            Some(expected) if letter.to_lowercase().eq(std::iter::once(expected)) => {}
            Some(_) => return None,
        }
    }
    wanted.next().is_none().then_some(text.len())
}

/// Takes a sentence apart.
pub(super) fn pieces(names: &Names, text: &str, input: Input) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    let mut last = None;
    while let Some(letter) = rest.chars().next() {
        let at_word = !last.is_some_and(|c: char| c.is_alphanumeric());
        let at_beginning = pieces.is_empty() && plain.trim().is_empty();
        let found = match letter {
            '<' => token(rest),
            '@' if at_word && (input == Input::Typed || at_beginning) => names.at_start(rest),
            '#' if at_word && input == Input::Typed => names.at_start(rest),
            _ => None,
        };
        let taken = match found {
            Some((piece, taken)) => {
                flush(&mut pieces, &mut plain, input);
                pieces.push(piece);
                taken
            }
            None => {
                plain.push(letter);
                letter.len_utf8()
            }
        };
        last = Some(letter);
        rest = rest.get(taken..).unwrap_or_default();
    }
    flush(&mut pieces, &mut plain, input);
    pieces
}

fn token(rest: &str) -> Option<(Piece, usize)> {
    let end = rest.find('>')?;
    Some((Piece::from_token(rest.get(1..end)?)?, end + 1))
}

fn flush(pieces: &mut Vec<Piece>, plain: &mut String, input: Input) {
    let text = std::mem::take(plain);
    if text.is_empty() {
        return;
    }
    let text = if input == Input::Mrkdwn { unescape(&text) } else { text };
    pieces.extend(linkify(&text));
}
