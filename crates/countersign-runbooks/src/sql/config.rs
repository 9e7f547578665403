use schemars::JsonSchema;
use serde::Deserialize;

use super::statement::{Role, Statement};
use super::template::Template;
use super::values::NOW;

/// The most rows that one command may change: people have to read them.
const MAX_ROWS: u64 = 100;

/// A command's work as SQL. Either `query`, or `preview` with `execute` and `rows`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SqlConfig {
    /// The database's name in the configuration.
    pub database: String,
    /// What finds the rows that would change, before and after: one `select`. Its first column names a row.
    #[serde(default)]
    pub preview: Option<String>,
    /// What changes them: one `update`, `insert` or `delete`.
    #[serde(default)]
    pub execute: Option<String>,
    /// How many rows `execute` must touch, exactly.
    #[serde(default)]
    pub rows: Option<u64>,
    /// What to say when there is nothing to change, or nothing was found. `{name}` is an argument.
    #[serde(default)]
    pub missing: Option<String>,
    /// What to say when it is done. `{name}` is an argument.
    #[serde(default)]
    pub done: Option<String>,
    /// What reads: one `select`.
    #[serde(default)]
    pub query: Option<String>,
    /// What stands over the plan, or over what was read. `{name}` is an argument.
    #[serde(default)]
    pub title: Option<String>,
    /// How `query` is shown.
    #[serde(default)]
    pub layout: Option<Layout>,
}

/// How what was read is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// As rows under the columns' names.
    #[default]
    Rows,
    /// One row, as fields with their values.
    Record,
}

/// The configuration makes no runbook. Each says what to change, naming the key.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SqlConfigError(String);

/// What a configuration asks for, checked.
#[derive(Debug)]
pub(super) enum Work {
    Change(Box<ChangeWork>),
    Lookup(Box<LookupWork>),
}

#[derive(Debug)]
pub(super) struct ChangeWork {
    pub(super) preview: Statement,
    pub(super) execute: Statement,
    pub(super) rows: u64,
    pub(super) title: Option<Template>,
    pub(super) missing: Option<Template>,
    pub(super) done: Option<Template>,
}

#[derive(Debug)]
pub(super) struct LookupWork {
    pub(super) query: Statement,
    pub(super) title: Option<Template>,
    pub(super) missing: Option<Template>,
    pub(super) layout: Layout,
}

impl Work {
    /// Its statements, each with the key that it stands under.
    pub(super) fn statements(&self) -> Vec<(&'static str, &Statement)> {
        match self {
            Self::Change(work) => vec![("preview", &work.preview), ("execute", &work.execute)],
            Self::Lookup(work) => vec![("query", &work.query)],
        }
    }
}

impl SqlConfig {
    /// Checks everything that can be checked without the database. `arguments` are the command's.
    pub(super) fn compile(self, arguments: &[String]) -> Result<Work, SqlConfigError> {
        if arguments.iter().any(|argument| argument == NOW) {
            return wrong("an argument cannot be called `now`: `:now` is the time of the plan");
        }
        match (&self.query, &self.execute) {
            (Some(_), Some(_)) => wrong("there is `query` and `execute`; a command either reads or changes"),
            (None, None) => wrong("there is neither `query` nor `execute`"),
            (Some(query), None) => self.lookup(query, arguments),
            (None, Some(execute)) => self.change(execute, arguments),
        }
    }

    fn lookup(&self, query: &str, arguments: &[String]) -> Result<Work, SqlConfigError> {
        let stray = [
            ("preview", self.preview.is_some()),
            ("rows", self.rows.is_some()),
            ("done", self.done.is_some()),
        ];
        if let Some((key, _)) = stray.into_iter().find(|(_, is_there)| *is_there) {
            return wrong(format!("`{key}` belongs to `execute`, and this command has `query`"));
        }
        Ok(Work::Lookup(Box::new(LookupWork {
            query: statement("query", query, (Role::Read, arguments))?,
            title: template("title", self.title.as_deref(), arguments)?,
            missing: template("missing", self.missing.as_deref(), arguments)?,
            layout: self.layout.unwrap_or_default(),
        })))
    }

    fn change(&self, execute: &str, arguments: &[String]) -> Result<Work, SqlConfigError> {
        if self.layout.is_some() {
            return wrong("`layout` belongs to `query`, and this command has `execute`");
        }
        let Some(preview) = &self.preview else {
            return wrong("there is `execute` and no `preview`; people have to see what they sign");
        };
        let rows = match self.rows {
            Some(rows @ 1..=MAX_ROWS) => rows,
            Some(_) => return wrong(format!("`rows` must be from 1 to {MAX_ROWS}")),
            None => return wrong("there is `execute` and no `rows`; say how many rows it must touch"),
        };
        Ok(Work::Change(Box::new(ChangeWork {
            preview: statement("preview", preview, (Role::Read, arguments))?,
            execute: statement("execute", execute, (Role::Write, arguments))?,
            rows,
            title: template("title", self.title.as_deref(), arguments)?,
            missing: template("missing", self.missing.as_deref(), arguments)?,
            done: template("done", self.done.as_deref(), arguments)?,
        })))
    }
}

fn statement(
    key: &str,
    text: &str,
    (role, arguments): (Role, &[String]),
) -> Result<Statement, SqlConfigError> {
    let mut known = arguments.to_vec();
    known.push(NOW.to_owned());
    Statement::parse(text, role, &known).map_err(|error| SqlConfigError(format!("`{key}`: {error}")))
}

fn template(key: &str, text: Option<&str>, arguments: &[String]) -> Result<Option<Template>, SqlConfigError> {
    let parsed = text.map(|text| Template::parse(text, arguments)).transpose();
    parsed.map_err(|error| SqlConfigError(format!("`{key}`: {error}")))
}

fn wrong<T>(sentence: impl Into<String>) -> Result<T, SqlConfigError> {
    Err(SqlConfigError(sentence.into()))
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
