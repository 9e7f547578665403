use super::lexer::{Kind, LexError, Token, tokens};

/// The longest statement, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// One statement of the configuration, with positions in place of its `:name`s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    sql: String,
    parameters: Vec<String>,
    target: Option<Target>,
}

/// What a statement does to which table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) verb: Verb,
    pub(super) table: String,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Insert,
    Update,
    Delete,
    Replace,
}

/// What a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It may only read.
    Read,
    /// It has to change something.
    Write,
}

/// Why a text is no statement for its role.
#[derive(Debug, thiserror::Error)]
pub(super) enum StatementError {
    #[error("it is empty")]
    Empty,
    #[error("it is longer than {MAX_BYTES} bytes")]
    TooLong,
    #[error("it holds several statements; write one")]
    Several,
    #[error(
        "it may only read: begin with `select`, `values` or `with`, and leave `insert`, `update` and `delete` out"
    )]
    Writes,
    #[error("it must change something: begin with `update`, `insert`, `delete`, `replace` or `with`")]
    Reads,
    #[error("`:{name}` is no argument of this command; there is {known}")]
    UnknownParameter { name: String, known: String },
    #[error(transparent)]
    Unreadable(#[from] LexError),
}

impl Statement {
    /// Reads one statement whose parameters are all among `known`.
    ///
    /// # Errors
    /// Why it cannot be used, as the end of the sentence "`execute`: …".
    pub(super) fn parse(text: &str, role: Role, known: &[String]) -> Result<Self, StatementError> {
        if text.len() > MAX_BYTES {
            return Err(StatementError::TooLong);
        }
        let tokens = one_statement(tokens(text)?)?;
        check_role(&tokens, role)?;
        let mut statement = Self { sql: String::new(), parameters: Vec::new(), target: target(&tokens) };
        statement.rewrite(text, &tokens, known)?;
        Ok(statement)
    }

    /// The statement with `?1`, `?2` … in place of its parameters.
    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    /// The parameters' names: the first is `?1`.
    pub(super) fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// What it does to which table, as far as one can tell.
    pub(super) fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    fn rewrite(&mut self, text: &str, tokens: &[Token<'_>], known: &[String]) -> Result<(), StatementError> {
        let mut copied = 0;
        for token in tokens {
            let Kind::Parameter(name) = token.kind else { continue };
            let position = self.position(name, known)?;
            self.sql.push_str(text.get(copied..token.span.start).unwrap_or_default());
            self.sql.push_str(&format!("?{position}"));
            copied = token.span.end;
        }
        self.sql.push_str(text.get(copied..).unwrap_or_default());
        Ok(())
    }

    fn position(&mut self, name: &str, known: &[String]) -> Result<usize, StatementError> {
        if !known.iter().any(|known| known == name) {
            let known: Vec<String> = known.iter().map(|known| format!("`:{known}`")).collect();
            return Err(StatementError::UnknownParameter { name: name.to_owned(), known: known.join(", ") });
        }
        if let Some(index) = self.parameters.iter().position(|parameter| parameter == name) {
            return Ok(index + 1);
        }
        self.parameters.push(name.to_owned());
        Ok(self.parameters.len())
    }
}

fn one_statement(mut tokens: Vec<Token<'_>>) -> Result<Vec<Token<'_>>, StatementError> {
    let is_end = |token: &Token<'_>| token.kind == Kind::Symbol(';');
    while tokens.last().is_some_and(is_end) {
        tokens.pop();
    }
    match tokens.iter().any(is_end) {
        true => Err(StatementError::Several),
        false if tokens.is_empty() => Err(StatementError::Empty),
        false => Ok(tokens),
    }
}

fn check_role(tokens: &[Token<'_>], role: Role) -> Result<(), StatementError> {
    let begins_with =
        |words: &[&str]| tokens.first().is_some_and(|first| words.iter().any(|word| is_word(first, word)));
    let has = |words: &[&str]| tokens.iter().any(|token| words.iter().any(|word| is_word(token, word)));
    match role {
        // These are reserved words: without quotes they are never names.
        Role::Read
            if !begins_with(&["select", "values", "with"])
                || has(&["insert", "update", "delete", "into"]) =>
        {
            Err(StatementError::Writes)
        }
        Role::Write if !begins_with(&["update", "insert", "delete", "replace", "with"]) => {
            Err(StatementError::Reads)
        }
        Role::Write if !has(&["update", "insert", "delete", "replace"]) => Err(StatementError::Reads),
        _ => Ok(()),
    }
}

/// The verb outside all parentheses, and the table behind it.
fn target(tokens: &[Token<'_>]) -> Option<Target> {
    let mut depth = 0_i32;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Symbol('(') => depth += 1,
            Kind::Symbol(')') => depth -= 1,
            Kind::Word(word) if depth == 0 => {
                if let Some(verb) = Verb::named(word) {
                    return table(verb, tokens.get(index + 1..)?).map(|table| Target { verb, table });
                }
            }
            _ => {}
        }
    }
    None
}

fn table(verb: Verb, behind: &[Token<'_>]) -> Option<String> {
    let mut words = behind.iter();
    match verb {
        Verb::Insert | Verb::Replace => words.by_ref().find(|token| is_word(token, "into")).map(|_| ())?,
        Verb::Delete => words.by_ref().find(|token| is_word(token, "from")).map(|_| ())?,
        Verb::Update if words.as_slice().first().is_some_and(|token| is_word(token, "or")) => {
            words.nth(1).map(|_| ())?;
        }
        Verb::Update => {}
    }
    let mut table = name(words.next()?)?;
    // `main.accounts`: the last name is the table's.
    while words.as_slice().first().is_some_and(|token| token.kind == Kind::Symbol('.')) {
        table = name(words.nth(1)?)?;
    }
    Some(table)
}

fn name(token: &Token<'_>) -> Option<String> {
    match token.kind {
        Kind::Word(name) | Kind::Name(name) => Some(name.to_owned()),
        _ => None,
    }
}

fn is_word(token: &Token<'_>, word: &str) -> bool {
    matches!(token.kind, Kind::Word(found) if found.eq_ignore_ascii_case(word))
}

impl Verb {
    fn named(word: &str) -> Option<Self> {
        let verbs = [
            ("insert", Self::Insert),
            ("update", Self::Update),
            ("delete", Self::Delete),
            ("replace", Self::Replace),
        ];
        verbs.into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, verb)| verb)
    }
}

#[cfg(test)]
#[path = "statement_tests.rs"]
mod tests;
