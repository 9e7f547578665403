//! A command's work as SQL, for SQLite.
//!
//! A command that changes something ([`SqlConfig::execute`]) is planned by
//! doing it and taking it back: in one transaction the runbook reads what
//! `preview` finds, executes, reads again, and rolls back. Applying it is one
//! transaction too: it makes sure that the rows still are what was signed,
//! executes, compares the result with what was signed, writes down the
//! operation's id, and commits. So an operation is done exactly once, or not.
//!
//! A command that reads ([`SqlConfig::query`]) runs on a connection that cannot write.
//!
//! `:name` in a statement is an argument of the command, or `:now`, the time of
//! the first plan as `YYYY-MM-DD HH:MM:SS` in UTC. It is always bound as a
//! value; nothing that a person typed becomes part of a statement. An argument
//! that the sentence left out is `NULL`.

mod cell;
mod change;
mod config;
mod database;
mod diff;
mod error;
mod lexer;
mod lookup;
mod marks;
mod rows;
mod runbook;
mod statement;
mod template;
#[cfg(test)]
mod tests;
mod values;

pub use config::{Layout, SqlConfig, SqlConfigError};
pub use database::{Database, DatabaseError, Limits};
pub use runbook::SqlRunbook;
