use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use countersign_core::ids::OperationId;
use countersign_core::plan::{Fingerprint, Fixed, Plan};
use countersign_core::policy::{Permit, Refusal};
use countersign_engine::ports::{Applied, Cause, Clock, Interrupted, Run, Runbook, RunbookError};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::report;
use super::transport::{Transport, TransportError};
use super::wire::{
    Answer, Asked, Became, Call, Part, Request, Response, VERSION, WireError, WirePerson, WirePlan,
};

/// Whoever looks whether a runbook is ready does not wait longer.
const READY_WITHIN: Duration = Duration::from_secs(5);
/// The next part of a run waits at most this long.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// A runbook that lives elsewhere.
///
/// Whatever goes wrong while it plans has changed nothing. While it applies, only a request that certainly never
/// arrived has changed nothing; any other silence, and any answer that cannot be read or is about something else,
/// is an unknown outcome.
pub struct RemoteRunbook {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    settings: Settings,
}

/// Which runbook, and how it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its name at the other side.
    pub runbook: String,
    /// How long an answer may take.
    pub within: Duration,
    /// Does it never change anything? It must say so itself when it is asked whether it is ready.
    pub only_reads: bool,
}

impl RemoteRunbook {
    /// The runbook that `transport` leads to; `clock` says until when an answer is waited for.
    pub fn new(settings: Settings, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Self {
        Self { transport, clock, settings }
    }

    async fn call(&self, call: Call, (now, within): (Timestamp, Duration)) -> Result<Response, CallError> {
        let budget = SignedDuration::try_from(within).unwrap_or(SignedDuration::MAX);
        let request = Request {
            version: VERSION,
            runbook: self.settings.runbook.clone(),
            now,
            deadline: self.clock.now().checked_add(budget).unwrap_or(Timestamp::MAX),
            budget_ms: u64::try_from(within.as_millis()).unwrap_or(u64::MAX),
            call,
        };
        let bytes = request.write().map_err(CallError::TooMuch)?;
        let answer = self.transport.call(bytes, within).await?;
        Response::read(&answer).map_err(CallError::Unreadable)
    }

    /// A call that changes nothing, and its answer if it is about `operation`.
    async fn look(&self, call: Call, operation: &OperationId) -> Result<Answer, RunbookError> {
        let response = self.call(call, (self.clock.now(), self.settings.within)).await.map_err(failed)?;
        about(&response, (operation, None)).map_err(failed)?;
        Ok(response.answer)
    }
}

#[async_trait]
impl Runbook for RemoteRunbook {
    async fn plan(&self, permit: &Permit, fixed: &Fixed) -> Result<Plan, RunbookError> {
        let operation: OperationId = fixed
            .get("operation")
            .and_then(Value::as_str)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| failed(CallError::NoOperation))?;
        let call = Call::Plan { operation: operation.clone(), asked: asked(permit, fixed) };
        match self.look(call, &operation).await? {
            Answer::Planned { plan } => planned(plan, fixed),
            Answer::Refused { sentence } => Err(refused(&sentence)),
            Answer::Failed { reason } | Answer::Unknown { reason } => Err(failed(CallError::Theirs(reason))),
            other => Err(failed(CallError::Stray(other.name()))),
        }
    }

    async fn apply(&self, permit: &Permit, run: Run<'_>) -> Result<Applied, RunbookError> {
        let signed = Fingerprint::of(permit.command(), permit.args(), run.plan).to_string();
        let part = Part {
            operation: run.operation.clone(),
            asked: asked(permit, &run.plan.fixed),
            plan: WirePlan::from(run.plan.clone()),
            fingerprint: signed.clone(),
            fence: run.fence,
        };
        let call = match run.state.cloned() {
            None => Call::Apply { part },
            Some(state) => Call::Continue { part, state },
        };
        let response = self.call(call, (run.now, self.settings.within)).await.map_err(doubtful)?;
        about(&response, (run.operation, Some(&signed))).map_err(doubtful)?;
        match response.answer {
            Answer::Done { report } => Ok(Applied::Done(report::report(report))),
            Answer::Continue { state, progress, after_seconds } => Ok(Applied::Continue {
                state,
                progress: report::progress(progress),
                after: SignedDuration::from_secs(after_seconds.into()).min(LONGEST_PAUSE),
            }),
            Answer::Refused { sentence } => Err(refused(&sentence)),
            Answer::Failed { reason } => Err(failed(CallError::Theirs(reason))),
            Answer::Unknown { reason } => Err(doubtful(CallError::Theirs(reason))),
            other => Err(doubtful(CallError::Stray(other.name()))),
        }
    }

    fn only_reads(&self) -> bool {
        self.settings.only_reads
    }

    async fn ready(&self) -> Result<(), RunbookError> {
        let within = self.settings.within.min(READY_WITHIN);
        let response = self.call(Call::Ready, (self.clock.now(), within)).await.map_err(failed)?;
        match response.answer {
            Answer::Ready { only_reads: false } if self.settings.only_reads => {
                Err(failed(CallError::MayChange))
            }
            Answer::Ready { .. } => Ok(()),
            Answer::Failed { reason } => Err(failed(CallError::Theirs(reason))),
            other => Err(failed(CallError::Stray(other.name()))),
        }
    }

    async fn interrupted(&self, operation: &OperationId, fence: u64) -> Result<Interrupted, RunbookError> {
        let call = Call::Interrupted { operation: operation.clone(), fence };
        match self.look(call, operation).await? {
            Answer::Interrupted { became, report } => Ok(match became {
                Became::Done => Interrupted::Done(report.map(report::report).unwrap_or_default()),
                Became::NotDone => Interrupted::NotDone,
                Became::Again => Interrupted::Again,
                Became::Unknown => Interrupted::Unknown,
            }),
            Answer::Failed { reason } | Answer::Unknown { reason } => Err(failed(CallError::Theirs(reason))),
            other => Err(failed(CallError::Stray(other.name()))),
        }
    }
}

/// Why a call came to nothing; for the log alone.
#[derive(Debug, thiserror::Error)]
enum CallError {
    #[error("the request cannot be sent")]
    TooMuch(#[source] WireError),
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("the runbook's answer cannot be read")]
    Unreadable(#[source] WireError),
    #[error("the runbook answered for another operation or another plan")]
    Foreign,
    #[error("the runbook answered `{0}`, which is no answer to this call")]
    Stray(&'static str),
    #[error("the runbook says: {}", report::sentence(.0))]
    Theirs(String),
    #[error("the runbook changed `{}`, which is fixed", report::sentence(.0))]
    Unfixed(String),
    #[error("the runbook does not say that it only reads, as the configuration does")]
    MayChange,
    #[error("the plan's operation is missing")]
    NoOperation,
}

impl CallError {
    /// Is it certain that the runbook never got the request?
    fn is_certain(&self) -> bool {
        matches!(self, Self::TooMuch(_) | Self::Transport(TransportError::NotSent(_)))
    }
}

/// Nothing was changed.
fn failed(error: CallError) -> RunbookError {
    RunbookError::Failed(Cause::from(error))
}

/// It may have been done, unless the request certainly never arrived.
fn doubtful(error: CallError) -> RunbookError {
    if error.is_certain() { failed(error) } else { RunbookError::Unknown(Cause::from(error)) }
}

fn refused(sentence: &str) -> RunbookError {
    RunbookError::Refused(Refusal::Blocked { sentence: report::sentence(sentence) })
}

/// Is the answer about this operation, and about the plan that was signed?
fn about(response: &Response, (operation, signed): (&OperationId, Option<&String>)) -> Result<(), CallError> {
    let same_operation = response.operation.as_deref() == Some(operation.to_string().as_str());
    let same_plan = signed.is_none() || response.fingerprint.as_ref() == signed;
    if same_operation && same_plan { Ok(()) } else { Err(CallError::Foreign) }
}

fn asked(permit: &Permit, fixed: &Fixed) -> Asked {
    Asked {
        command: permit.command().to_string(),
        person: WirePerson {
            id: permit.caller().user.to_string(),
            org: permit.caller().org.to_string(),
            name: permit.caller_name().to_owned(),
        },
        channel: permit.channel().to_string(),
        args: permit.args().clone(),
        others: permit.quorum().others,
        fixed: fixed.clone(),
    }
}

/// What the runbook planned, with all that was fixed before, and with nothing of that changed.
fn planned(plan: WirePlan, fixed: &Fixed) -> Result<Plan, RunbookError> {
    if !plan.blockers.is_empty() {
        return Err(refused(&plan.blockers.join(" ")));
    }
    let moved = plan.fixed.iter().find(|(name, value)| fixed.get(*name).is_some_and(|was| was != *value));
    if let Some((name, _)) = moved {
        return Err(failed(CallError::Unfixed(name.clone())));
    }
    let mut plan = Plan::from(plan);
    plan.fixed.extend(fixed.clone());
    Ok(plan)
}
