//! What can be wrong with a pattern, each as a sentence for its author.

use super::{MAX_EXPANSIONS, MAX_NAME_CHARS, MAX_NESTING, MAX_PATTERN_CHARS};

/// Why a pattern cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {fault}")]
pub struct PatternError {
    /// The character of the pattern, counted from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub fault: PatternFault,
}

/// What can be wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each says it")]
pub enum PatternFault {
    #[error("the pattern is empty; write at least one word")]
    Empty,
    #[error("the pattern is longer than {MAX_PATTERN_CHARS} characters; split it into several commands")]
    TooLong,
    #[error(
        "brackets stand in one another more than {MAX_NESTING} deep; split the pattern into several commands"
    )]
    TooDeep,
    #[error(
        "options and choices make more than {MAX_EXPANSIONS} sentences of this; split it into several commands"
    )]
    TooManySentences,
    #[error("every part of this pattern may be left out; keep at least one word outside of `[…]`")]
    AllOptional,
    #[error("`{0}` opens here and is never closed; add `{1}`")]
    Unclosed(char, char),
    #[error("`{0}` closes nothing; remove it, or open it before")]
    Stray(char),
    #[error("alternatives stand in parentheses; write `(one|other)`")]
    BareAlternative,
    #[error("put a space before this: words, arguments and brackets stand apart from one another")]
    NeedsSpace,
    #[error("nothing stands between these brackets; write a word or an argument, or remove them")]
    EmptyPart,
    #[error("this alternative is empty; to make a part optional write `[one|other]` as `[(one|other)]`")]
    EmptyAlternative,
    #[error("`{0}` is tidied before a sentence is read, so it would never be found; write `{1}`")]
    Untidy(String, String),
    #[error("quotes hold one argument; write `\"<name>\"`")]
    BadQuotes,
    #[error("an argument in quotes is a text; write `\"<{0}>\"` without a type")]
    QuotedType(String),
    #[error(
        "`{0}` is no name for an argument; use lower-case letters, digits and `_`, begin with a letter, at most {MAX_NAME_CHARS} characters"
    )]
    BadName(String),
    #[error("`{0}` has another type elsewhere in this pattern; give both the same type, or different names")]
    TwoTypes(String),
    #[error("`{0}` can stand twice in one sentence; give the two different names")]
    Twice(String),
    #[error("`<{0}...>` takes the rest of the line, so nothing can follow; move it to the end")]
    RestNotLast(String),
    #[error(
        "`{0}` is no type; there are word, text, int, number, bool, slug, duration, date, ip, cidr, email, url, uuid, user, channel, environment and one of {{a|b}}"
    )]
    UnknownType(String),
    #[error("`{0}` is no range of whole numbers; write int(1..=90), int(1..) or int(..=90)")]
    BadRange(String),
    #[error("no whole number is in the range `{0}`; put the smaller number first")]
    EmptyRange(String),
    #[error("write the choices as one of {{a|b|c}}, each a single word")]
    BadChoices,
    #[error("`{0}` is there twice; remove one (upper and lower case are the same)")]
    SameChoice(String),
    #[error("the configuration names no environments; name at least one, or use another type")]
    NoEnvironments,
    #[error(
        "`{0}` cannot be said as one word; give the environment a name without spaces, quotes and brackets"
    )]
    BadEnvironment(String),
}

/// A fault at a column.
pub(in crate::command) fn at(column: usize, fault: PatternFault) -> PatternError {
    PatternError { column, fault }
}
