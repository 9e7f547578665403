//! An operation as one line of the trail.

use countersign_core::audit::Record;
use countersign_core::operation::{FoldError, Found, Operation, Outcome, Phase, Stop};
use jiff::Timestamp;
use serde::Serialize;

/// An operation, for a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its id.
    pub operation: String,
    /// When it was asked for (UTC).
    pub asked_at: Timestamp,
    /// Who asked, as `T…/U…`.
    pub person: String,
    /// The command's name.
    pub command: String,
    /// What was said.
    pub sentence: String,
    /// How far it is.
    pub state: State,
    /// The end of its chain.
    pub head: String,
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is planned, waits, or runs.
    Open,
    /// It was done.
    Succeeded,
    /// It was not done.
    Failed,
    /// Nobody knows whether it was done.
    Unknown,
    /// An eligible person said no.
    Objected,
    /// The signatures, or the start, did not come in time.
    Expired,
    /// Policy or the runbook said no.
    Refused,
    /// Its caller did not want it any more.
    Cancelled,
}

/// Which operations to show. What is `None` lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Asked for at this time or later (UTC).
    pub since: Option<Timestamp>,
    /// Asked for before this time (UTC).
    pub until: Option<Timestamp>,
    /// Asked for by this person: `U…`, or `T…/U…`.
    pub person: Option<String>,
    /// With this command.
    pub command: Option<String>,
    /// In this state.
    pub state: Option<State>,
}

impl Entry {
    /// The operation with these records.
    ///
    /// # Errors
    /// They make no sense.
    pub fn of(records: &[Record]) -> Result<Self, FoldError> {
        let operation = Operation::fold(records)?;
        let request = &operation.request;
        Ok(Self {
            operation: request.id.to_string(),
            asked_at: operation.requested_at,
            person: request.caller.to_string(),
            command: request.command.as_str().to_owned(),
            sentence: request.sentence.clone(),
            state: State::of(&operation),
            head: operation.head.hash.to_string(),
        })
    }
}

impl State {
    fn of(operation: &Operation) -> Self {
        if let Some(resolution) = &operation.resolution {
            return match resolution.found {
                Found::Succeeded => Self::Succeeded,
                Found::Failed => Self::Failed,
            };
        }
        match &operation.phase {
            Phase::Finished(Outcome::Succeeded(_)) => Self::Succeeded,
            Phase::Finished(Outcome::Failed { .. }) => Self::Failed,
            Phase::Finished(Outcome::Unknown { .. }) => Self::Unknown,
            Phase::Stopped(Stop::Objected { .. }) => Self::Objected,
            Phase::Stopped(Stop::NotSignedInTime | Stop::NotStartedInTime) => Self::Expired,
            Phase::Stopped(Stop::Cancelled { .. }) => Self::Cancelled,
            Phase::Stopped(Stop::Refused { .. } | Stop::RulesChanged) => Self::Refused,
            Phase::Requested | Phase::Voting | Phase::Approved { .. } | Phase::Applying(_) => Self::Open,
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Objected => "objected",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Filter {
    /// Is this one of them?
    pub fn lets_through(&self, entry: &Entry) -> bool {
        let user = entry.person.rsplit('/').next().unwrap_or_default();
        self.since.is_none_or(|since| entry.asked_at >= since)
            && self.until.is_none_or(|until| entry.asked_at < until)
            && self.person.as_ref().is_none_or(|person| *person == entry.person || person == user)
            && self.command.as_ref().is_none_or(|command| *command == entry.command)
            && self.state.is_none_or(|state| state == entry.state)
    }
}
