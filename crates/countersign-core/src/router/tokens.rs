//! From the text of a message to tokens.
//!
//! The text is already free of the chat side's own notation: links stand as
//! their label, a mention of a person as `<@U123>`, of a channel as `<#C123>`.
//! What remains is typography: keyboards and editors put curly quotes, long
//! dashes and invisible characters where people meant plain ones.

use std::borrow::Cow;

/// The longest sentence, in characters.
pub const MAX_CHARS: usize = 4_000;
/// How many tokens a sentence may have.
pub const MAX_TOKENS: usize = 200;

/// The sentence is longer than any command; nothing was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooLong {
    /// It has more than [`MAX_CHARS`] characters.
    #[error("a command has at most {MAX_CHARS} characters")]
    Characters,
    /// It has more than [`MAX_TOKENS`] words.
    #[error("a command has at most {MAX_TOKENS} words")]
    Words,
}

/// `text` on one line, with plain quotes and dashes, without invisible
/// characters and without space around it. Doing it twice changes nothing.
///
/// Columns in answers count the characters of this text.
pub fn tidy(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Cow::Borrowed(text.trim_matches(' '));
    }
    let mut tidied = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if is_invisible(c) => {}
            _ if c.is_whitespace() => tidied.push(' '),
            _ if c.is_control() => {}
            '“' | '”' | '„' | '‟' | '«' | '»' => tidied.push('"'),
            '‘' | '’' | '‚' | '‛' => tidied.push('\''),
            '‐' | '‑' | '‒' | '–' | '−' => tidied.push('-'),
            '—' | '―' => tidied.push_str("--"),
            _ => tidied.push(c),
        }
    }
    Cow::Owned(tidied.trim_matches(' ').to_owned())
}

/// Zero-width characters, soft hyphens, fillers, tags and marks of writing
/// direction: a person who signs a text must see all of it, in its order.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// A tidied sentence and where its tokens are.
#[derive(Debug)]
pub(crate) struct Sentence<'a> {
    text: Cow<'a, str>,
    tokens: Vec<Token>,
}

/// One token: bytes `start..end` of the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    start: usize,
    end: usize,
    /// How it is written.
    pub form: Form,
}

/// How a token is written. The last two are slips that fit no argument of one
/// token; inside the rest of a line they are prose like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Without quotes around it.
    Plain,
    /// In double quotes.
    Quoted,
    /// A quote opens and never closes: the token runs to the end.
    Unclosed,
    /// Something follows the closing quote without a space.
    Glued,
}

impl<'a> Sentence<'a> {
    /// Tidies `text` and finds its tokens.
    pub fn read(text: &'a str) -> Result<Self, TooLong> {
        // A character has at most four bytes, so that most texts need no counting.
        if text.len() > MAX_CHARS && text.chars().count() > MAX_CHARS {
            return Err(TooLong::Characters);
        }
        let text = tidy(text);
        let mut tokens = Vec::with_capacity(12);
        let mut from = 0;
        while let Some(token) = next_token(&text, from) {
            if tokens.len() == MAX_TOKENS {
                return Err(TooLong::Words);
            }
            from = token.end;
            tokens.push(token);
        }
        Ok(Self { text, tokens })
    }

    /// The tokens in order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The token with this index.
    pub fn token(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).copied()
    }

    /// The text of a token, quotes included.
    pub fn raw(&self, token: Token) -> &str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    /// Everything from a token on, as it stands.
    pub fn tail(&self, token: Token) -> &str {
        self.text.get(token.start..).unwrap_or_default()
    }

    /// Where a token begins: characters of the tidied text, counted from 1.
    pub fn column(&self, token: Token) -> usize {
        self.text.get(..token.start).unwrap_or_default().chars().count() + 1
    }

    /// The column behind the last character.
    pub fn end_column(&self) -> usize {
        self.text.chars().count() + 1
    }
}

fn next_token(text: &str, from: usize) -> Option<Token> {
    let rest = text.get(from..)?;
    let start = from + rest.bytes().position(|b| b != b' ')?;
    let rest = text.get(start..)?;
    let until_space = |text: &str| text.bytes().position(|b| b == b' ').unwrap_or(text.len());
    let Some(quoted) = rest.strip_prefix('"') else {
        return Some(Token { start, end: start + until_space(rest), form: Form::Plain });
    };
    let Some(length) = quoted.bytes().position(|b| b == b'"') else {
        return Some(Token { start, end: text.len(), form: Form::Unclosed });
    };
    let closed = start + length + 2;
    let glued = until_space(text.get(closed..)?);
    let form = if glued == 0 { Form::Quoted } else { Form::Glued };
    Some(Token { start, end: closed + glued, form })
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;
