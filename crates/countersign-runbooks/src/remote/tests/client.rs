//! What becomes of answers, and of silence.

use countersign_core::operation::{Progress, Report};
use countersign_core::policy::Refusal;
use countersign_engine::causes;
use countersign_engine::ports::{Applied, Interrupted, Runbook as _, RunbookError};

use super::*;

const LOST: fn() -> Result<Vec<u8>, TransportError> = || Err(TransportError::Lost("a timeout".into()));
const NOT_SENT: fn() -> Result<Vec<u8>, TransportError> =
    || Err(TransportError::NotSent("connection refused".into()));

async fn planned(answer: Value) -> Result<Plan, RunbookError> {
    remote(scripted(move |request: &Value| Ok(to(request, &answer)))).plan(&permit(), &fixed()).await
}

async fn applied_by(
    answers: impl Fn(&Value) -> Result<Vec<u8>, TransportError> + Send + Sync + 'static,
) -> Result<Applied, RunbookError> {
    remote(scripted(answers)).apply(&permit(), run(&operation(), &plan())).await
}

async fn applied(answer: Value) -> Result<Applied, RunbookError> {
    applied_by(move |request: &Value| Ok(to(request, &answer))).await
}

async fn became(answer: Value) -> Result<Interrupted, RunbookError> {
    remote(scripted(move |request: &Value| Ok(to(request, &answer)))).interrupted(&operation(), 2).await
}

fn is_unknown<T: std::fmt::Debug>(result: &Result<T, RunbookError>) -> bool {
    matches!(result, Err(RunbookError::Unknown(_)))
}

fn is_failed<T: std::fmt::Debug>(result: &Result<T, RunbookError>) -> bool {
    matches!(result, Err(RunbookError::Failed(_)))
}

fn why<T: std::fmt::Debug>(result: Result<T, RunbookError>) -> String {
    causes::line(&result.unwrap_err())
}

#[tokio::test]
async fn a_request_says_who_asks_for_what() {
    let transport = scripted(|request: &Value| {
        Ok(to(request, &json!({"answer": "done", "report": {"summary": "Done."}})))
    });
    let (plan, operation) = (plan(), operation());
    remote(Arc::clone(&transport) as _).apply(&permit(), run(&operation, &plan)).await.unwrap();
    let request = transport.asked.lock().unwrap().pop().unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&request).unwrap(), @r#"
    {
      "version": 1,
      "runbook": "set-trial",
      "now": "1970-01-01T00:00:00Z",
      "deadline": "2026-11-20T12:00:10Z",
      "budget_ms": 10000,
      "call": "apply",
      "operation": "op_01MCC5RM000000000000000007",
      "command": "set-trial",
      "person": {
        "id": "U1",
        "org": "T1",
        "name": "ana"
      },
      "channel": "C1",
      "args": {
        "subdomain": "acme",
        "days": 14
      },
      "others": 1,
      "fixed": {
        "now": "2026-11-20T12:00:00Z",
        "operation": "op_01MCC5RM000000000000000007"
      },
      "plan": {
        "steps": [
          {
            "title": "Set the trial of acme",
            "changes": [
              {
                "of": "acme",
                "field": "trial_days",
                "before": null,
                "after": "14"
              }
            ]
          }
        ],
        "fixed": {
          "now": "2026-11-20T12:00:00Z",
          "operation": "op_01MCC5RM000000000000000007"
        },
        "payload": {
          "ratio": 0.1
        }
      },
      "fingerprint": "8e7d566fd5ba194faa80563b4884038bc9cb8d15978e34ace88db83e5129fd24",
      "fence": 2
    }
    "#);
}

#[tokio::test]
async fn a_plan_keeps_what_was_fixed() {
    let plan =
        planned(json!({"answer": "planned", "plan": {"steps": [], "fixed": {"id": 7}}})).await.unwrap();
    assert_eq!(plan.fixed["id"], 7);
    assert_eq!(plan.fixed["operation"], fixed()["operation"]);
    let moved =
        planned(json!({"answer": "planned", "plan": {"fixed": {"now": "2027-01-01T00:00:00Z"}}})).await;
    insta::assert_snapshot!(why(moved), @"the runbook failed: the runbook changed `now`, which is fixed");
}

#[tokio::test]
async fn what_blocks_a_plan_is_a_refusal() {
    let blocked = json!({"answer": "planned", "plan": {"blockers": ["There is no acme.", "Ask sales."]}});
    let Err(RunbookError::Refused(Refusal::Blocked { sentence })) = planned(blocked).await else { panic!() };
    assert_eq!(sentence, "There is no acme. Ask sales.");
    let refused = json!({"answer": "refused", "sentence": "x".repeat(5_000)});
    let Err(RunbookError::Refused(Refusal::Blocked { sentence })) = planned(refused).await else { panic!() };
    assert_eq!(sentence.chars().count(), 1_000);
}

#[tokio::test]
async fn whatever_happens_to_a_plan_has_changed_nothing() {
    let stray = [
        json!({"answer": "done", "report": {"summary": "Done."}}),
        json!({"answer": "unknown", "reason": "it broke"}),
        json!({"answer": "failed", "reason": "it broke"}),
        json!({"answer": "planned", "plan": {}, "operation": "op_01JD3V5Y8Z4QK2M7N9P0R1S2T3"}),
        json!({"answer": "planned", "plan": {}, "operation": null}),
        json!({"answer": "planned", "plan": {}, "version": 2}),
        json!({"answer": "planned", "plan": {}, "version": null}),
        json!({"answer": "planned"}),
        json!({"answer": "dance"}),
    ];
    for answer in stray {
        let planned = planned(answer.clone()).await;
        assert!(is_failed(&planned), "{answer}: {planned:?}");
    }
    for silence in [LOST, NOT_SENT] {
        let silent = remote(scripted(move |_: &Value| silence()));
        assert!(is_failed(&silent.plan(&permit(), &fixed()).await));
    }
    let nameless = Fixed::from([("now".to_owned(), json!("2026-11-20T12:00:00Z"))]);
    assert!(is_failed(&remote(scripted(|_: &Value| LOST())).plan(&permit(), &nameless).await));
}

#[tokio::test]
async fn only_what_never_arrived_was_certainly_not_done() {
    assert!(is_failed(&applied_by(|_| NOT_SENT()).await));
    assert!(is_unknown(&applied_by(|_| LOST()).await));
}

#[tokio::test]
async fn an_answer_that_says_nothing_certain_leaves_the_outcome_unknown() {
    let done = json!({"answer": "done", "report": {"summary": "Done."}});
    let with = |name: &str, value: Value| {
        let mut answer = done.clone();
        answer[name] = value;
        answer
    };
    let doubtful = [
        with("operation", json!("op_01JD3V5Y8Z4QK2M7N9P0R1S2T3")),
        with("operation", Value::Null),
        with("fingerprint", json!("0".repeat(64))),
        with("fingerprint", Value::Null),
        with("version", json!(2)),
        with("version", Value::Null),
        json!({"answer": "done"}),
        json!({"answer": "planned", "plan": {}}),
        json!({"answer": "ready"}),
        json!({"answer": "unknown", "reason": "it broke"}),
        // Even a word for “nothing was changed” is taken for the right operation alone.
        json!({"answer": "failed", "reason": "it broke", "operation": null}),
    ];
    for answer in doubtful {
        let applied = applied(answer.clone()).await;
        assert!(is_unknown(&applied), "{answer}: {applied:?}");
    }
    for bytes in [&b""[..], b"not json", b"\xff", &vec![b' '; 1024 * 1024 + 1]] {
        let bytes = bytes.to_vec();
        assert!(is_unknown(&applied_by(move |_| Ok(bytes.clone())).await));
    }
}

#[tokio::test]
async fn a_certain_answer_is_taken() {
    let done = json!({"answer": "done", "report": {"summary": "Done."}, "later": {"version": "adds"}});
    let report = Report { summary: "Done.".to_owned(), table: None };
    assert_eq!(applied(done).await.unwrap(), Applied::Done(report));
    let more = json!({
        "answer": "continue", "state": {"next": 2}, "after_seconds": 5,
        "progress": {"done": 1, "total": 4, "note": "the first"}
    });
    let progress = Progress { done: 1, total: 4, note: "the first".to_owned() };
    let after = SignedDuration::from_secs(5);
    assert_eq!(
        applied(more).await.unwrap(),
        Applied::Continue { state: json!({"next": 2}), progress, after }
    );
    let failed = applied(json!({"answer": "failed", "reason": "the database is away"})).await;
    assert!(is_failed(&failed));
    insta::assert_snapshot!(why(failed), @"the runbook failed: the runbook says: the database is away");
    let refused = applied(json!({"answer": "refused", "sentence": "acme is gone."})).await;
    assert!(matches!(refused, Err(RunbookError::Refused(_))));
}

#[tokio::test]
async fn the_next_part_gets_what_the_one_before_handed_on() {
    let transport = scripted(|request: &Value| {
        Ok(to(request, &json!({"answer": "done", "report": {"summary": "Done."}})))
    });
    let (plan, operation, state) = (plan(), operation(), Value::Null);
    let next = Run { state: Some(&state), ..run(&operation, &plan) };
    remote(Arc::clone(&transport) as _).apply(&permit(), next).await.unwrap();
    let request = transport.asked.lock().unwrap().pop().unwrap();
    assert_eq!((&request["call"], request.get("state")), (&json!("continue"), Some(&Value::Null)));
}

#[tokio::test]
async fn the_other_side_knows_what_became_of_it() {
    let of = |became: &str| json!({"answer": "interrupted", "became": became});
    assert_eq!(became(of("not_done")).await.unwrap(), Interrupted::NotDone);
    assert_eq!(became(of("again")).await.unwrap(), Interrupted::Again);
    assert_eq!(became(of("unknown")).await.unwrap(), Interrupted::Unknown);
    let mut done = of("done");
    done["report"] = json!({"summary": "Done."});
    let report = Report { summary: "Done.".to_owned(), table: None };
    assert_eq!(became(done).await.unwrap(), Interrupted::Done(report));
    assert!(is_failed(&became(json!({"answer": "done", "report": {"summary": "Done."}})).await));
    let silent = remote(scripted(|_: &Value| LOST()));
    assert!(is_failed(&silent.interrupted(&operation(), 2).await));
}

#[tokio::test]
async fn both_sides_say_that_it_only_reads() {
    let reads = |said: Value| {
        let settings =
            Settings { runbook: "look".to_owned(), within: Duration::from_secs(10), only_reads: true };
        RemoteRunbook::new(settings, scripted(move |request: &Value| Ok(to(request, &said))), clock())
    };
    let agreed = reads(json!({"answer": "ready", "only_reads": true}));
    agreed.ready().await.unwrap();
    assert!(agreed.only_reads());
    insta::assert_snapshot!(why(reads(json!({"answer": "ready"})).ready().await), @"the runbook failed: the runbook does not say that it only reads, as the configuration does");
}
