mod client;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "aws")]
mod lambda;
#[cfg(feature = "http")]
mod python;
mod schema;
mod server;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use countersign_core::command::spec::Risk;
use countersign_core::ids::OperationId;
use countersign_core::plan::{FieldChange, Fixed, Plan, Step};
use countersign_core::policy::Permit;
use countersign_engine::memory::FakeClock;
use countersign_engine::ports::Run;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{RemoteRunbook, Settings, Transport, TransportError};

/// Answers with what a function makes of each request, which it keeps.
struct Scripted<F> {
    asked: Mutex<Vec<Value>>,
    answers: F,
}

#[async_trait]
impl<F> Transport for Scripted<F>
where
    F: Fn(&Value) -> Result<Vec<u8>, TransportError> + Send + Sync,
{
    async fn call(&self, request: Vec<u8>, _within: Duration) -> Result<Vec<u8>, TransportError> {
        let request: Value = serde_json::from_slice(&request).unwrap();
        self.asked.lock().unwrap().push(request.clone());
        (self.answers)(&request)
    }
}

fn scripted<F>(answers: F) -> Arc<Scripted<F>> {
    Arc::new(Scripted { asked: Mutex::default(), answers })
}

/// `answer` for the operation and the plan of the request.
fn to(request: &Value, answer: &Value) -> Vec<u8> {
    let mut response = json!({"version": 1, "operation": request["operation"]});
    if let Some(fingerprint) = request.get("fingerprint") {
        response["fingerprint"] = fingerprint.clone();
    }
    for (name, value) in answer.as_object().unwrap() {
        response[name] = value.clone();
    }
    serde_json::to_vec(&response).unwrap()
}

fn remote(transport: Arc<dyn Transport>) -> RemoteRunbook {
    let settings =
        Settings { runbook: "set-trial".to_owned(), within: Duration::from_secs(10), only_reads: false };
    RemoteRunbook::new(settings, transport, clock())
}

fn clock() -> Arc<FakeClock> {
    Arc::new(FakeClock::at("2026-11-20T12:00:00Z".parse().unwrap()))
}

fn operation() -> OperationId {
    OperationId::from_parts(1_800_000_000_000, 7)
}

fn fixed() -> Fixed {
    let operation = json!(operation().to_string());
    [("now".to_owned(), json!("2026-11-20T12:00:00Z")), ("operation".to_owned(), operation)].into()
}

fn plan() -> Plan {
    let change = FieldChange {
        of: Some("acme".to_owned()),
        field: "trial_days".to_owned(),
        before: None,
        after: Some("14".to_owned()),
    };
    let steps = vec![Step { title: "Set the trial of acme".to_owned(), changes: vec![change] }];
    Plan { steps, fixed: fixed(), payload: json!({"ratio": 0.1}), ..Plan::default() }
}

fn run<'a>(operation: &'a OperationId, plan: &'a Plan) -> Run<'a> {
    Run { operation, fence: 2, plan, state: None, now: Timestamp::UNIX_EPOCH }
}

/// Policy's yes to a trial of fourteen days.
fn permit() -> Permit {
    crate::fixture::permit(Risk::High, &json!({"subdomain": "acme", "days": 14}))
}
