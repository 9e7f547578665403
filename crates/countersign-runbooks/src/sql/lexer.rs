//! As much of SQL's tokens as it takes to find `:name`, and nothing inside strings, names or comments.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

/// A token and where it stands, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) span: Range<usize>,
}

/// What a token is. White space and comments are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// A keyword, a bare name or a number.
    Word(&'a str),
    /// A quoted name, without its quotes.
    Name(&'a str),
    /// A string.
    Text,
    /// `:name`, without its colon.
    Parameter(&'a str),
    /// Any other character; `::` is two.
    Symbol(char),
}

/// The text has no tokens. The sentence says where SQL stops making sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum LexError {
    #[error("the {0} that begins at character {1} has no end")]
    Open(&'static str, usize),
    #[error("`{0}` at character {1} is no way to write an argument here; write `:name`")]
    OtherParameter(char, usize),
}

/// All tokens of `sql`.
pub(super) fn tokens(sql: &str) -> Result<Vec<Token<'_>>, LexError> {
    let mut lexer = Lexer { sql, chars: sql.char_indices().peekable() };
    let mut tokens = Vec::new();
    while let Some((start, c)) = lexer.chars.next() {
        if let Some(kind) = lexer.token(start, c)? {
            tokens.push(Token { kind, span: start..lexer.position() });
        }
    }
    Ok(tokens)
}

struct Lexer<'a> {
    sql: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

impl<'a> Lexer<'a> {
    /// The token that begins with `c`; `None` for what is none.
    fn token(&mut self, start: usize, c: char) -> Result<Option<Kind<'a>>, LexError> {
        let kind = match c {
            c if c.is_whitespace() => return Ok(None),
            '-' if self.eat('-') => return Ok(self.line_comment()),
            '/' if self.eat('*') => return self.block_comment(start).map(|()| None),
            '\'' => {
                self.quoted(start, '\'', "string")?;
                Kind::Text
            }
            '"' => Kind::Name(self.quoted(start, '"', "quoted name")?),
            '`' => Kind::Name(self.quoted(start, '`', "quoted name")?),
            '[' => Kind::Name(self.bracketed(start)?),
            ':' if self.eat(':') => Kind::Symbol(':'),
            ':' => self.parameter(start)?,
            '?' | '@' | '$' => return Err(LexError::OtherParameter(c, self.column(start))),
            c if is_word(c) => Kind::Word(self.word(start)),
            c => Kind::Symbol(c),
        };
        Ok(Some(kind))
    }

    fn parameter(&mut self, start: usize) -> Result<Kind<'a>, LexError> {
        match self.chars.peek() {
            Some((_, c)) if c.is_numeric() => Err(LexError::OtherParameter(':', self.column(start))),
            Some((_, c)) if is_word(*c) => {
                let name = self.word(start);
                Ok(Kind::Parameter(name.strip_prefix(':').unwrap_or(name)))
            }
            _ => Ok(Kind::Symbol(':')),
        }
    }

    /// A word goes on over digits, and over `$` as names do.
    fn word(&mut self, start: usize) -> &'a str {
        while self.chars.next_if(|(_, c)| is_word(*c) || *c == '$').is_some() {}
        let end = self.position();
        self.slice(start..end)
    }

    /// Up to the closing quote; two in a row stand for one inside.
    fn quoted(&mut self, start: usize, quote: char, what: &'static str) -> Result<&'a str, LexError> {
        while let Some((end, c)) = self.chars.next() {
            if c == quote && !self.eat(quote) {
                return Ok(self.slice(start + 1..end));
            }
        }
        Err(LexError::Open(what, self.column(start)))
    }

    fn bracketed(&mut self, start: usize) -> Result<&'a str, LexError> {
        let end = self.chars.by_ref().find(|(_, c)| *c == ']');
        let (end, _) = end.ok_or_else(|| LexError::Open("quoted name", self.column(start)))?;
        Ok(self.slice(start + 1..end))
    }

    fn line_comment(&mut self) -> Option<Kind<'a>> {
        let _end = self.chars.by_ref().find(|(_, c)| *c == '\n');
        None
    }

    fn block_comment(&mut self, start: usize) -> Result<(), LexError> {
        while let Some((_, c)) = self.chars.next() {
            if c == '*' && self.eat('/') {
                return Ok(());
            }
        }
        Err(LexError::Open("comment", self.column(start)))
    }

    fn eat(&mut self, wanted: char) -> bool {
        self.chars.next_if(|(_, c)| *c == wanted).is_some()
    }

    fn position(&mut self) -> usize {
        self.chars.peek().map_or(self.sql.len(), |(position, _)| *position)
    }

    fn slice(&self, span: Range<usize>) -> &'a str {
        self.sql.get(span).unwrap_or_default()
    }

    /// Characters from 1, as an editor counts.
    fn column(&self, position: usize) -> usize {
        self.slice(0..position).chars().count() + 1
    }
}

/// SQLite takes every character beyond ASCII as part of a name.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(sql: &str) -> Vec<Kind<'_>> {
        tokens(sql).unwrap().into_iter().map(|token| token.kind).collect()
    }

    fn parameters(sql: &str) -> Vec<&str> {
        let name = |kind| match kind {
            Kind::Parameter(name) => Some(name),
            _ => None,
        };
        kinds(sql).into_iter().filter_map(name).collect()
    }

    #[test]
    fn a_name_behind_a_colon_is_a_parameter() {
        assert_eq!(parameters("a=:a and b = :b_2||:a"), ["a", "b_2", "a"]);
        assert_eq!(parameters(":größe"), ["größe"]);
    }

    #[test]
    fn nothing_is_a_parameter_inside_strings_names_and_comments() {
        assert_eq!(parameters("':a' \":b\" `:c` [:d] -- :e\n /* :f ' */ :g"), ["g"]);
        assert_eq!(parameters("'it''s :a' \"a\"\":b\" `c``:c`"), Vec::<&str>::new());
        assert_eq!(parameters("'\\' || :a || '\\'"), ["a"], "a backslash is a character like any other");
        assert_eq!(parameters("/* /* :a */ :b"), ["b"], "comments do not nest");
        assert_eq!(parameters("-- :a"), Vec::<&str>::new());
    }

    #[test]
    fn a_cast_is_no_parameter() {
        assert_eq!(parameters("x::text, :a::int"), ["a"]);
        assert_eq!(kinds("a::b"), [Kind::Word("a"), Kind::Symbol(':'), Kind::Word("b")]);
    }

    #[test]
    fn what_has_no_end_is_said_with_its_place() {
        for (sql, what, column) in [
            ("a = 'b", "string", 5),
            ("ü = 'b", "string", 5),
            ("'a''", "string", 1),
            ("\"a", "quoted name", 1),
            ("[a", "quoted name", 1),
            ("`a", "quoted name", 1),
            ("1 /* a", "comment", 3),
            ("/*/", "comment", 1),
        ] {
            assert_eq!(tokens(sql), Err(LexError::Open(what, column)), "{sql}");
        }
    }

    #[test]
    fn other_parameters_are_refused() {
        for sql in ["?", "?1", "@a", "$a", "a = $1", ":1"] {
            assert!(matches!(tokens(sql), Err(LexError::OtherParameter(..))), "{sql}");
        }
        assert_eq!(kinds("a$1"), [Kind::Word("a$1")]);
    }

    #[test]
    fn names_come_without_their_quotes() {
        assert_eq!(kinds("\"a b\".[c]"), [Kind::Name("a b"), Kind::Symbol('.'), Kind::Name("c")]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(sql in "\\PC{0,40}|[-'\"`\\[\\]:;/*? \na]{0,30}") {
            for token in tokens(&sql).unwrap_or_default() {
                proptest::prop_assert!(sql.get(token.span).is_some_and(|text| !text.is_empty()));
            }
        }
    }
}
