//! One line of `mrkdwn`: styles, code, emoji and tokens.

use super::{emoji_text, token, unescape};
use crate::page::html::{Html, el};
use crate::page::names::Names;

/// Draws one line (or a part of one).
pub(super) fn html(line: &str, names: &Names) -> Html {
    Line { names, open: Open::default() }.draw(line)
}

/// Which styles we are inside of; none of them nests in itself, so that the depth is at most three.
#[derive(Clone, Copy, Default)]
struct Open {
    bold: Style,
    italic: Style,
    strike: Style,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Style {
    #[default]
    Allowed,
    /// Already inside of it, or its mark has no partner in the rest of this text.
    Literal,
}

struct Line<'a> {
    names: &'a Names,
    open: Open,
}

impl Line<'_> {
    fn draw(mut self, text: &str) -> Html {
        let mut out = Html::new();
        let mut rest = text;
        let mut plain = 0;
        let mut before = None;
        while let Some(next) = rest.get(plain..).and_then(|t| t.chars().next()) {
            let (head, tail) = rest.split_at(plain);
            match self.special(tail, head.chars().next_back().or(before)) {
                Some((piece, length)) => {
                    out.push(emoji_text(&unescape(head)));
                    out.push(piece);
                    before = tail.get(..length).and_then(|t| t.chars().next_back());
                    rest = tail.get(length..).unwrap_or_default();
                    plain = 0;
                }
                None => plain += next.len_utf8(),
            }
        }
        out.push(emoji_text(&unescape(rest)));
        out
    }

    /// What starts at `text`, if it is more than text, and how many bytes it takes.
    fn special(&mut self, text: &str, before: Option<char>) -> Option<(Html, usize)> {
        match text.chars().next()? {
            '<' => {
                // A token holds no other `<`, so that a row of them is read once.
                let end = text.get(1..)?.find(['<', '>'])? + 1;
                let piece = token::html(text.get(1..end)?, self.names)?;
                text.get(end..)?.starts_with('>').then_some((piece, end + 1))
            }
            '`' => {
                let end = text.get(1..)?.find('`').filter(|length| *length > 0)? + 1;
                let code = text.get(1..end)?;
                Some((el("code").child(code_with_tokens(code, self.names)).into(), end + 1))
            }
            mark @ ('*' | '_' | '~') if !before.is_some_and(char::is_alphanumeric) => self.styled(mark, text),
            _ => None,
        }
    }

    fn styled(&mut self, mark: char, text: &str) -> Option<(Html, usize)> {
        let (name, state): (_, fn(&mut Open) -> &mut Style) = match mark {
            '*' => ("strong", |open| &mut open.bold),
            '_' => ("em", |open| &mut open.italic),
            _ => ("s", |open| &mut open.strike),
        };
        if *state(&mut self.open) == Style::Literal || text.chars().nth(1).is_none_or(char::is_whitespace) {
            return None;
        }
        let Some(end) = closing(mark, text) else {
            // What has no partner from here has none further on: looking once keeps long lines linear.
            *state(&mut self.open) = Style::Literal;
            return None;
        };
        let mut open = self.open;
        *state(&mut open) = Style::Literal;
        let inside = Line { names: self.names, open }.draw(text.get(1..end)?);
        Some((el(name).child(inside).into(), end + 1))
    }
}

/// Where the mark that `text` starts with is closed: after a non-space, before something that is not a word.
fn closing(mark: char, text: &str) -> Option<usize> {
    let mut previous = mark;
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        let follows_word = characters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if character == mark && at > 1 && !previous.is_whitespace() && !follows_word {
            return Some(at);
        }
        previous = character;
    }
    None
}

/// Code shows links as their text and everything else as it is.
fn code_with_tokens(code: &str, names: &Names) -> Html {
    let mut out = Html::new();
    let mut rest = code;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((piece, tail)) =
            after.split_once('>').and_then(|(inside, tail)| Some((token::html(inside, names)?, tail)))
        else {
            break;
        };
        out.text(&unescape(before));
        out.push(piece);
        rest = tail;
    }
    out.text(&unescape(rest));
    out
}
