use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_core::command::spec::CommandName;
use countersign_core::ids::{ChannelId, PersonId};
use countersign_core::plan::{Fingerprint, Plan};
use countersign_core::policy::Refusal;
use countersign_engine::causes;
use countersign_engine::ports::{Applied, Interrupted, Run, RunbookError};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::wire::{
    Answer, Asked, Became, Call, Part, Request, Response, VERSION, WirePlan, WireProgress, WireReport,
};
use crate::service::{Ask, Service};

/// Services by the names that configurations give as `runbook`.
pub type Services = BTreeMap<String, Arc<dyn Service>>;

/// Answers a request with one of `services`. Whatever the bytes are, there is an answer; what cannot be read, and
/// a plan that is not the signed one, has changed nothing.
pub async fn answer(bytes: &[u8], services: &Services) -> Vec<u8> {
    let to = Addressee::of(bytes);
    let answer = match Request::read(bytes) {
        Ok(request) => match services.get(&request.runbook) {
            Some(service) => serve(&**service, request).await,
            None => failed("there is no runbook of this name here"),
        },
        Err(error) => failed(causes::line(&error)),
    };
    to.write(answer)
}

/// Whom the answer is for, as far as the request can be read.
#[derive(Debug, Default, Deserialize)]
struct Addressee {
    #[serde(default)]
    operation: Option<String>,
    #[serde(default)]
    fingerprint: Option<String>,
}

impl Addressee {
    fn of(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    fn write(self, answer: Answer) -> Vec<u8> {
        let Self { operation, fingerprint } = self;
        let changes =
            matches!(answer, Answer::Done { .. } | Answer::Continue { .. } | Answer::Unknown { .. });
        let response = Response { version: VERSION, operation, fingerprint, answer };
        response.write().unwrap_or_else(|error| {
            let reason = causes::line(&error);
            let answer = if changes { Answer::Unknown { reason } } else { Answer::Failed { reason } };
            // Without what was too large there is nothing left that could be.
            Response { answer, ..response }.write().unwrap_or_default()
        })
    }
}

async fn serve(service: &dyn Service, request: Request) -> Answer {
    let now = request.now;
    match request.call {
        Call::Plan { asked, .. } => match service.plan(&ask(asked)).await {
            Ok(plan) => Answer::Planned { plan: WirePlan::from(plan) },
            Err(error) => refused(&error),
        },
        Call::Apply { part } => do_part(service, part, (None, now)).await,
        Call::Continue { part, state } => do_part(service, part, (Some(state), now)).await,
        Call::Interrupted { operation, fence } => match service.interrupted(&operation, fence).await {
            Ok(became) => told(became),
            Err(error) => refused(&error),
        },
        Call::Ready => match service.ready().await {
            Ok(()) => Answer::Ready { only_reads: service.only_reads() },
            Err(error) => refused(&error),
        },
    }
}

/// Does one part of a run, if its plan is the one that people signed.
async fn do_part(service: &dyn Service, part: Part, (state, now): (Option<Value>, Timestamp)) -> Answer {
    let Part { operation, asked, plan, fingerprint, fence } = part;
    let plan = Plan::from(plan);
    let signed = Fingerprint::of(&CommandName::new(&asked.command), &asked.args, &plan);
    if signed.to_string() != fingerprint {
        return failed("the plan is not the one that the fingerprint is of");
    }
    let run = Run { operation: &operation, fence, plan: &plan, state: state.as_ref(), now };
    match service.apply(&ask(asked), run).await {
        Ok(Applied::Done(report)) => Answer::Done { report: WireReport::from(report) },
        Ok(Applied::Continue { state, progress, after }) => Answer::Continue {
            state,
            progress: WireProgress { done: progress.done, total: progress.total, note: progress.note },
            // A pause is whole seconds on the wire, and never shorter than what was asked for.
            after_seconds: u32::try_from(after.as_millis().max(0).div_euclid(1_000))
                .unwrap_or(u32::MAX)
                .saturating_add(u32::from(after.subsec_nanos() > 0)),
        },
        Err(error) => refused(&error),
    }
}

fn ask(asked: Asked) -> Ask {
    Ask {
        command: asked.command,
        person: PersonId::new(asked.person.org, asked.person.id),
        name: asked.person.name,
        channel: ChannelId::new(asked.channel),
        args: asked.args,
        others: asked.others,
        fixed: asked.fixed,
    }
}

fn told(became: Interrupted) -> Answer {
    let (became, report) = match became {
        Interrupted::Done(report) => (Became::Done, Some(WireReport::from(report))),
        Interrupted::NotDone => (Became::NotDone, None),
        Interrupted::Again => (Became::Again, None),
        Interrupted::Unknown => (Became::Unknown, None),
    };
    Answer::Interrupted { became, report }
}

/// What did not go as it was asked.
fn refused(error: &RunbookError) -> Answer {
    let cause = |cause: &(dyn std::error::Error + Send + Sync + 'static)| causes::line(cause);
    match error {
        RunbookError::Refused(Refusal::Blocked { sentence }) => {
            Answer::Refused { sentence: sentence.clone() }
        }
        // A service has a sentence for its own refusals; the others are policy's.
        RunbookError::Refused(_) => Answer::Refused { sentence: "This cannot be done.".to_owned() },
        RunbookError::Failed(reason) => Answer::Failed { reason: cause(&**reason) },
        RunbookError::Unknown(reason) => Answer::Unknown { reason: cause(&**reason) },
    }
}

fn failed(reason: impl Into<String>) -> Answer {
    Answer::Failed { reason: reason.into() }
}
