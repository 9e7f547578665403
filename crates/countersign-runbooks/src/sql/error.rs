use std::time::Duration;

use countersign_core::policy::Refusal;
use countersign_engine::ports::RunbookError;

/// What broke; the cause inside a port's error, for the log alone.
#[derive(Debug, thiserror::Error)]
pub(super) enum SqlError {
    #[error("the database is locked by somebody else")]
    Locked(#[source] sqlx::Error),
    #[error("a statement took longer than {} s and was stopped", .0.as_secs_f64())]
    TooSlow(Duration),
    #[error("the database did not do it")]
    Database(#[source] sqlx::Error),
    #[error("`{key}` does not fit the database")]
    Unfit {
        key: &'static str,
        #[source]
        source: sqlx::Error,
    },
    #[error("argument `{0}` is no value that a database takes")]
    UnfitArgument(String),
    #[error("the plan does not say when it was made")]
    NoTime,
    #[error("the plan is not one of this command's")]
    ForeignPlan,
    #[error("this run was given up for dead, and another may do it now")]
    GivenUp,
}

impl SqlError {
    /// What an error of the driver means; `limit` is how long a statement may take.
    pub(super) fn from_driver(error: sqlx::Error, limit: Duration) -> Self {
        match code(&error) {
            Some(5 | 6) => Self::Locked(error),
            Some(9) => Self::TooSlow(limit),
            _ => Self::Database(error),
        }
    }

    /// Does the database's own rule say no: a constraint, a foreign key, a trigger that raises?
    fn is_constraint(&self) -> bool {
        matches!(self, Self::Database(error) if code(error) == Some(19))
    }
}

/// The primary result code, the low byte of the extended one (sqlite.org/rescode.html).
pub(super) fn code(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.code()?.parse::<i32>().ok()?;
    Some(code & 0xff)
}

/// As long as nothing was committed, an error means that nothing was changed.
impl From<SqlError> for RunbookError {
    fn from(error: SqlError) -> Self {
        if error.is_constraint() {
            return blocked("The database's own rules do not allow this change.");
        }
        Self::Failed(Box::new(error))
    }
}

/// A no with its sentence.
pub(super) fn blocked(sentence: impl Into<String>) -> RunbookError {
    RunbookError::Refused(Refusal::Blocked { sentence: sentence.into() })
}
