//! Both sides, without anything between them.

use countersign_core::operation::{Progress, Report};
use countersign_core::policy::Refusal;
use countersign_engine::ports::{Applied, Interrupted, Runbook as _, RunbookError};
use jiff::SignedDuration;

use super::*;
use crate::remote::{Services, answer};
use crate::service::{Ask as Asked, Local, Service};

/// Remembers what it was asked, and does everything in two parts.
struct Trial;

#[async_trait]
impl Service for Trial {
    async fn plan(&self, ask: &Asked) -> Result<Plan, RunbookError> {
        if ask.name != "ana" {
            return Err(RunbookError::Refused(Refusal::Blocked { sentence: "Ana alone.".to_owned() }));
        }
        Ok(Plan { fixed: ask.fixed.clone(), ..plan() })
    }

    async fn apply(&self, ask: &Asked, run: Run<'_>) -> Result<Applied, RunbookError> {
        assert_eq!((ask.others, ask.channel.as_str(), run.fence), (1, "C1", 2));
        match run.state {
            None => Ok(Applied::Continue {
                state: json!({"half": true}),
                progress: Progress { done: 1, total: 2, note: "half".to_owned() },
                after: SignedDuration::from_millis(1_500),
            }),
            Some(_) => Ok(Applied::Done(Report { summary: "Done.".to_owned(), table: None })),
        }
    }

    async fn ready(&self) -> Result<(), RunbookError> {
        Err(RunbookError::Failed("the table is missing".into()))
    }

    async fn interrupted(&self, _: &OperationId, fence: u64) -> Result<Interrupted, RunbookError> {
        assert_eq!(fence, 9);
        Ok(Interrupted::NotDone)
    }
}

/// The other side in this process: what it answers travels as bytes all the same.
struct Direct(Services);

#[async_trait]
impl Transport for Direct {
    async fn call(&self, request: Vec<u8>, _within: Duration) -> Result<Vec<u8>, TransportError> {
        Ok(answer(&request, &self.0).await)
    }
}

fn services() -> Services {
    [("set-trial".to_owned(), Arc::new(Trial) as Arc<dyn Service>)].into()
}

#[tokio::test]
async fn a_service_does_the_same_behind_the_wire_as_in_process() {
    let (there, here) = (remote(Arc::new(Direct(services()))), Local(Trial));
    let planned = there.plan(&permit(), &fixed()).await.unwrap();
    assert_eq!(planned, here.plan(&permit(), &fixed()).await.unwrap());
    let operation = operation();
    let first = run(&operation, &planned);
    let Applied::Continue { state, after, .. } = there.apply(&permit(), first).await.unwrap() else {
        panic!()
    };
    assert_eq!(after, SignedDuration::from_secs(2), "a pause is never shorter");
    let next = Run { state: Some(&state), ..first };
    assert_eq!(there.apply(&permit(), next).await.unwrap(), here.apply(&permit(), next).await.unwrap());
    assert_eq!(there.interrupted(&operation, 9).await.unwrap(), Interrupted::NotDone);
    let unready = there.ready().await.unwrap_err();
    assert_eq!(
        countersign_engine::causes::line(&unready),
        "the runbook failed: the runbook says: the table is missing"
    );
}

#[tokio::test]
async fn only_the_signed_plan_is_done() {
    // Between the two sides somebody writes another number into the plan.
    struct Meddler(Services);
    #[async_trait]
    impl Transport for Meddler {
        async fn call(&self, request: Vec<u8>, _within: Duration) -> Result<Vec<u8>, TransportError> {
            let request = String::from_utf8(request).unwrap().replace("\"14\"", "\"90\"");
            Ok(answer(request.as_bytes(), &self.0).await)
        }
    }
    let meddled = remote(Arc::new(Meddler(services()))).apply(&permit(), run(&operation(), &plan())).await;
    assert!(matches!(meddled, Err(RunbookError::Failed(_))), "{meddled:?}");
}

#[tokio::test]
async fn there_is_an_answer_to_anything() {
    let of = async |bytes: &[u8]| String::from_utf8(answer(bytes, &services()).await).unwrap();
    insta::assert_snapshot!(of(b"").await, @r#"{"version":1,"answer":"failed","reason":"it is no JSON object that says `\"version\": 1`: EOF while parsing a value at line 1 column 0"}"#);
    insta::assert_snapshot!(of(br#"{"version": 2, "operation": "op_1", "dance": true}"#).await, @r#"{"version":1,"operation":"op_1","answer":"failed","reason":"it is version 2 of the protocol, and this side speaks version 1"}"#);
    insta::assert_snapshot!(of(br#"{"version": 1, "call": "dance", "operation": "op_1"}"#).await, @r#"{"version":1,"operation":"op_1","answer":"failed","reason":"it is not what version 1 of the protocol says: missing field `runbook` at line 1 column 52"}"#);
    insta::assert_snapshot!(of(&vec![b'['; 2 * 1024 * 1024]).await, @r#"{"version":1,"answer":"failed","reason":"it has 2097152 bytes, and the most is 1048576"}"#);
    let stray = br#"{"version": 1, "call": "ready", "runbook": "nosuch", "now": "2026-11-20T12:00:00Z",
        "deadline": "2026-11-20T12:00:10Z", "budget_ms": 10000}"#;
    insta::assert_snapshot!(of(stray).await, @r#"{"version":1,"answer":"failed","reason":"there is no runbook of this name here"}"#);
}
