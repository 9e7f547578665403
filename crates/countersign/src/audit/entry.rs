//! An operation as one line of the trail.

use std::collections::BTreeMap;

use countersign_core::operation::{Event, Found as FoundOut, Operation, Outcome, Phase, Request, Stop};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Found;

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
    /// About this environment: an argument that names it, or a word of the operation's lock.
    pub environment: Option<String>,
    /// Which arguments name an environment, where the configuration says so. An argument called `environment` does.
    pub environments: Environments,
}

/// The arguments that name an environment, by the command's name.
pub type Environments = BTreeMap<String, Vec<String>>;

impl Entry {
    /// The operation as one line.
    pub fn of(operation: &Operation) -> Self {
        let request = &operation.request;
        Self {
            operation: request.id.to_string(),
            asked_at: operation.requested_at,
            person: request.caller.to_string(),
            command: request.command.as_str().to_owned(),
            sentence: request.sentence.clone(),
            state: State::of(operation),
            head: operation.head.hash.to_string(),
        }
    }
}

impl State {
    fn of(operation: &Operation) -> Self {
        if let Some(resolution) = &operation.resolution {
            return match resolution.found {
                FoundOut::Succeeded => Self::Succeeded,
                FoundOut::Failed => Self::Failed,
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
    /// Does it let all through?
    pub fn is_open(&self) -> bool {
        Self { environments: Environments::new(), ..self.clone() } == Self::default()
    }

    /// Is this one of them?
    pub fn lets_through(&self, found: &Found) -> bool {
        let entry = &found.entry;
        let user = entry.person.rsplit('/').next().unwrap_or_default();
        self.since.is_none_or(|since| entry.asked_at >= since)
            && self.until.is_none_or(|until| entry.asked_at < until)
            && self.person.as_ref().is_none_or(|person| *person == entry.person || person == user)
            && self.command.as_ref().is_none_or(|command| *command == entry.command)
            && self.state.is_none_or(|state| state == entry.state)
            && self.environment.as_ref().is_none_or(|name| self.is_about(found, name))
    }

    fn is_about(&self, found: &Found, environment: &str) -> bool {
        let Some(Event::Requested(request)) = found.records.first().map(|first| &first.event) else {
            return false;
        };
        let Request { args, lock, command, .. } = &**request;
        let is_it = |word: &str| word.eq_ignore_ascii_case(environment);
        let named = |name: &str| args.get(name).and_then(Value::as_str).is_some_and(is_it);
        let arguments = self.environments.get(command.as_str());
        let locked = |lock: &str| lock.split_whitespace().any(is_it);
        named("environment")
            || arguments.is_some_and(|names| names.iter().any(|name| named(name)))
            || lock.as_ref().is_some_and(|lock| locked(lock.as_str()))
    }
}
