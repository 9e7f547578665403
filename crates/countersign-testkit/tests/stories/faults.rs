//! Slack breaks, at every call in turn: nothing that was acknowledged is lost, and nothing runs twice.

use countersign_testkit::{BACKOFFICE, World, run_story};
use serde_json::{Value, json};

use crate::{ACME_PLAN, SET_TRIAL, YES};

/// All that the bot calls between a sentence and its end.
const METHODS: [&str; 7] = [
    "chat.postMessage",
    "chat.update",
    "reactions.add",
    "reactions.get",
    "users.info",
    "conversations.info",
    "conversations.members",
];

/// The whole walk while `faults` are in force, each of which must have struck.
async fn walk(w: &mut World, faults: Value) {
    w.fault(json!({"api": faults})).await;
    let said = w
        .while_time_passes(async {
            let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
            w.card_that(&said, "Waiting for signatures").await;
            w.ana.reacts(&said, YES).await;
            w.ben.reacts(&said, YES).await;
            w.card_that(&said, "Done").await;
            said
        })
        .await;
    assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"), "{faults}");
    let cards = w.answers(&said).await.iter().filter(|answer| answer.text().contains("op_")).count();
    assert_eq!(cards, 1, "{faults}");
    assert_eq!(w.fault(json!({})).await.get("api"), Some(&json!([])), "{faults} did not all strike");
}

#[test]
fn a_gateway_s_error_on_every_method_in_turn() {
    for method in METHODS {
        run_story(async |w| {
            walk(w, json!([{"method": method, "token": "xoxb-", "status": 503, "times": 1}])).await;
        });
    }
}

#[test]
fn too_many_requests_on_every_method_in_turn() {
    for method in METHODS {
        run_story(async |w| {
            walk(w, json!([{"method": method, "token": "xoxb-", "retry_after": 2, "times": 1}])).await;
        });
    }
}

#[test]
fn an_answer_that_is_lost_after_slack_did_the_work_on_every_method_in_turn() {
    for method in METHODS {
        let fault =
            json!([{"method": method, "token": "xoxb-", "status": 500, "after_work": true, "times": 1}]);
        run_story(async |w| walk(w, fault).await);
    }
}

#[test]
fn a_lost_card_is_looked_for_until_slack_says_whether_it_is_there() {
    run_story(async |w| {
        let lost = json!({"method": "chat.postMessage", "token": "xoxb-", "status": 500, "after_work": true, "times": 1});
        let mute =
            json!({"method": "conversations.replies", "token": "xoxb-", "error": "not_now", "times": 2});
        walk(w, json!([lost, mute])).await;
    });
}

#[test]
fn whoever_s_clock_is_wrong_begins_nothing() {
    run_story(async |w| {
        w.fault(json!({"date_off": -300})).await;
        // The bot learns it from the next answer that it gets.
        w.ana.says(BACKOFFICE, "@Backoffice Bot help").await;
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.while_time_passes(async {
            for _ in 0..1_000 {
                if !w.answers(&said).await.is_empty() {
                    break;
                }
            }
        })
        .await;
        let answer = w.answer(&said).await;
        assert!(answer.contains("Something on our side did not work"), "{answer}");
        w.fault(json!({"date_off": 0})).await;
        w.ana.says(BACKOFFICE, "@Backoffice Bot help").await;
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        assert!(w.card(&said).await.text().contains("Waiting for signatures"));
    });
}

#[test]
fn whoever_s_clock_is_wrong_runs_nothing_that_was_signed() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.fault(json!({"date_off": 90})).await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        w.fault(json!({"date_off": 0})).await;
        w.while_time_passes(w.card_that(&said, "Done")).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}
