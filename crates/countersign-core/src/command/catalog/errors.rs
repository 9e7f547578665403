//! What can be wrong with a set of commands, each as a sentence for its author.

use std::fmt;

use crate::command::pattern::PatternError;
use crate::command::spec::CommandName;

/// Everything that is wrong with a set of commands; at least one thing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CatalogErrors(Vec<CatalogError>);

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// A pattern cannot be read.
    #[error("command `{command}`, pattern, {error}")]
    Pattern {
        /// Whose pattern.
        command: CommandName,
        /// What and where.
        error: PatternError,
    },
    /// Two commands have one name.
    #[error("command `{command}`: another command has the same name; give one of them another `name`")]
    SameName {
        /// The name.
        command: CommandName,
    },
    /// The pattern could take a sentence of the bot's own.
    #[error(
        "command `{command}`: `{word} …` is answered by the bot itself; begin the pattern with another word"
    )]
    Reserved {
        /// Whose pattern.
        command: CommandName,
        /// The bot's own word.
        word: String,
    },
    /// Two commands, or two readings of one, fit the same sentence.
    #[error("{}", ambiguity(first, second, sentence))]
    Ambiguous {
        /// The command that comes first in the configuration.
        first: CommandName,
        /// The other, or the same.
        second: CommandName,
        /// A sentence that has the form of both.
        sentence: String,
    },
    /// More pairs fit the same sentences than are worth listing.
    #[error("more commands fit the same sentences; only the first {0} pairs are listed")]
    MoreAmbiguous(usize),
    /// An example does not run its own command.
    #[error("command `{command}`: the example `{example}` does not run it: {reason}")]
    Example {
        /// Whose example.
        command: CommandName,
        /// The sentence.
        example: String,
        /// What it does instead.
        reason: String,
    },
    /// A bound on an argument that the bound could never see.
    #[error(
        "command `{command}`: an escalation looks at `{argument}`, which is no argument of its pattern that has such a bound; correct the name or the type"
    )]
    Escalation {
        /// Whose escalation.
        command: CommandName,
        /// The argument that it names.
        argument: String,
    },
    /// A secret where everybody would see it.
    #[error(
        "command `{command}`: the secret `{argument}` would be shown, since a lock names it, or since the caller of a destructive command types the first argument to confirm; use another argument there"
    )]
    Secret {
        /// Whose argument.
        command: CommandName,
        /// The argument.
        argument: String,
    },
    /// A lock that names what the command does not have.
    #[error("command `{command}`: its lock names `{argument}`, which is no argument of its pattern")]
    Lock {
        /// Whose lock.
        command: CommandName,
        /// The argument that it names.
        argument: String,
    },
}

impl CatalogErrors {
    pub(super) fn new(errors: Vec<CatalogError>) -> Self {
        Self(errors)
    }

    /// The errors, in the order of the configuration as far as they have one.
    pub fn iter(&self) -> impl Iterator<Item = &CatalogError> {
        self.0.iter()
    }
}

/// One line for each.
impl fmt::Display for CatalogErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, error) in self.0.iter().enumerate() {
            let newline = if place == 0 { "" } else { "\n" };
            write!(f, "{newline}{error}")?;
        }
        Ok(())
    }
}

fn ambiguity(first: &CommandName, second: &CommandName, sentence: &str) -> String {
    if first == second {
        return format!(
            "command `{first}`: `{sentence}` can be read in two ways; change a word or a type so that only one fits"
        );
    }
    format!(
        "commands `{first}` and `{second}`: `{sentence}` has the form of both; change a word or a type of one of them"
    )
}
