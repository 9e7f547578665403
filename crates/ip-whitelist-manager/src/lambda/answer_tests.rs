use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_engine::memory::FakeClock;

use super::*;
use crate::domain::{Environment, Terms};
use crate::sandbox::{self, SandboxTable};
use crate::webhook::Silence;

fn function() -> Function {
    let whitelist = Whitelist {
        table: Arc::new(SandboxTable::default()),
        firewall: Arc::new(sandbox::demo()),
        notices: Arc::new(Silence),
        clock: Arc::new(FakeClock::at("2026-11-20T09:00:00Z".parse().unwrap())),
        terms: Terms::default(),
    };
    let default_environment = Some(Environment::new("dev"));
    Function::new(&Office { whitelist, default_environment, by_channel: BTreeMap::new(), most_per_person: 2 })
}

/// A call as the bot makes it.
fn call(kind: &str, runbook: &str, more: &Value) -> Value {
    let mut call = json!({
        "version": 1,
        "call": kind,
        "runbook": runbook,
        "now": "2026-11-20T09:00:00Z",
        "deadline": "2026-11-20T09:00:30Z",
        "budget_ms": 30_000,
    });
    for (key, value) in more.as_object().unwrap() {
        call[key] = value.clone();
    }
    call
}

fn asked(ip: &str) -> Value {
    json!({
        "operation": "op_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "command": "whitelist-add",
        "person": {"id": "U1", "org": "T1", "name": "ana"},
        "channel": "C1",
        "args": {"ip": ip},
        "others": 0,
        "fixed": {"now": "2026-11-20T09:00:00Z", "operation": "op_01ARZ3NDEKTSV4RRFFQ69G5FAV"},
    })
}

#[tokio::test]
async fn the_bot_is_answered_by_the_runbook_protocol() {
    let function = function();
    let plan = function.answer(&call("plan", "whitelist.add", &asked("203.0.113.7/32"))).await.unwrap();
    assert_eq!(plan["answer"], "planned", "{plan}");
    assert_eq!(plan["plan"]["steps"][0]["title"], "Let 203.0.113.7/32 through to dev");
    let private = function.answer(&call("plan", "whitelist.add", &asked("10.0.0.1/32"))).await.unwrap();
    insta::assert_snapshot!(private["sentence"].as_str().unwrap_or_default(), @"10.0.0.1/32 is in 10.0.0.0/8 (private addresses), from which nobody comes over the internet. Look up your public address, for example at https://checkip.amazonaws.com.");
    let ready = function.answer(&call("ready", "whitelist.list", &json!({}))).await.unwrap();
    assert_eq!((&ready["answer"], &ready["only_reads"]), (&json!("ready"), &json!(true)));
}

#[tokio::test]
async fn a_call_that_does_not_hold_is_answered_all_the_same() {
    let function = function();
    for (call, words) in [
        (call("ready", "nosuch", &json!({})), "there is no runbook of this name here"),
        (call("ready", "whitelist.list", &json!({"version": 2})), "version 2"),
        (call("whatever", "whitelist.list", &json!({})), "not what version 1"),
    ] {
        let answer = function.answer(&call).await.unwrap();
        assert_eq!(answer["answer"], "failed");
        assert!(answer["reason"].as_str().unwrap().contains(words), "{answer}");
    }
}

#[tokio::test]
async fn the_clock_is_answered_with_counts() {
    let function = function();
    assert_eq!(function.answer(&json!({"tick": "sweep"})).await.unwrap(), json!({"expired": 0, "told": 0}));
    let counted = function.answer(&json!({"tick": "reconcile"})).await.unwrap();
    assert_eq!(counted, json!({"authorised": 0, "revoked": 0, "behind": 0}));
    assert!(function.answer(&json!({"tick": "tock"})).await.is_err());
}
