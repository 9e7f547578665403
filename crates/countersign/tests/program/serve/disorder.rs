//! Events as Slack sometimes sends them: out of order, many for one message, only as a retry, or to nobody at first.

use serde_json::{Value, json};

use super::office::{Office, Program};
use super::signed::{Slack, callback, reacted, said};
use crate::workspace::{BACKOFFICE, Thread};

const TEXT: &str = "<@U0BOT> set acme trial remaining to 14 days";

async fn serving(office: &Office) -> (Program, Slack) {
    let program = office.serves(&["--http", "127.0.0.1:0"]).await.with_addresses().await;
    let slack = Slack::to(program.http.as_deref().unwrap());
    (program, slack)
}

/// The plan of a request that waits for signatures.
async fn asked(office: &Office, slack: &Slack) -> String {
    let ts = office.workspace.says("ana", BACKOFFICE, TEXT).await;
    slack.sends(&said("app_mention", ("U0ANA", BACKOFFICE, &ts), TEXT)).await;
    office.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
    ts
}

/// Whatever came before has been handled when this is.
async fn has_handled_all(office: &Office, slack: &Slack) {
    let help = office.workspace.says("ana", BACKOFFICE, "<@U0BOT> help").await;
    slack.sends(&said("app_mention", ("U0ANA", BACKOFFICE, &help), "<@U0BOT> help")).await;
    office.workspace.answer(BACKOFFICE, &help).await;
}

/// The reaction event's twin for a reaction that was taken back.
fn taken_back(reacted: &Value) -> Value {
    let mut event = reacted["event"].clone();
    event["type"] = json!("reaction_removed");
    callback("EvRemoved", &event)
}

#[tokio::test]
async fn a_signature_that_was_taken_back_before_it_was_heard_of_does_not_count() {
    let office = Office::new().await;
    let (program, slack) = serving(&office).await;
    let ts = asked(&office, &slack).await;
    // ben's ✅ is gone again when both events come, the later one first.
    let ben = reacted("U0BEN", BACKOFFICE, &ts);
    slack.sends(&taken_back(&ben)).await;
    slack.sends(&ben).await;
    office.workspace.signs("ana", BACKOFFICE, &ts).await;
    slack.sends(&reacted("U0ANA", BACKOFFICE, &ts)).await;
    // The votes seem complete; the last look at Slack says otherwise.
    let lacks_ben = |thread: &Thread| thread.says("*Missing*\\none other person");
    let thread = office.workspace.thread_that(BACKOFFICE, &ts, lacks_ben).await;
    assert!(!thread.is_done());
    office.workspace.signs("ben", BACKOFFICE, &ts).await;
    let mut again = reacted("U0BEN", BACKOFFICE, &ts);
    again["event_id"] = json!("EvAgain");
    slack.sends(&again).await;
    office.workspace.thread_that(BACKOFFICE, &ts, Thread::is_done).await;
    assert!(program.stops().await.1.success());
}

#[tokio::test]
async fn one_message_as_many_events_with_ids_of_their_own_is_one_request() {
    let office = Office::new().await;
    let (program, slack) = serving(&office).await;
    let ts = office.workspace.says("ana", BACKOFFICE, TEXT).await;
    for number in 0..11 {
        let mut event = said("app_mention", ("U0ANA", BACKOFFICE, &ts), TEXT);
        event["event_id"] = json!(format!("EvTwin{number}"));
        slack.sends(&event).await;
    }
    let thread =
        office.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
    has_handled_all(&office, &slack).await;
    assert_eq!(thread.cards().len(), 1);
    assert_eq!(office.workspace.thread(BACKOFFICE, &ts).await.answers.len(), 1);
    assert!(program.stops().await.1.success());
}

#[tokio::test]
async fn what_comes_only_as_a_retry_is_done() {
    let office = Office::new().await;
    let (program, slack) = serving(&office).await;
    let ts = office.workspace.says("ana", BACKOFFICE, TEXT).await;
    let event = said("app_mention", ("U0ANA", BACKOFFICE, &ts), TEXT).to_string();
    for number in ["2", "3"] {
        let request = slack.signed(&event).header("content-type", "application/json");
        let request = request.header("x-slack-retry-num", number);
        let answer = request.header("x-slack-retry-reason", "http_timeout").send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let waits = |thread: &Thread| thread.says("Waiting for signatures");
    let thread = office.workspace.thread_that(BACKOFFICE, &ts, waits).await;
    assert_eq!(thread.cards().len(), 1);
    assert!(program.stops().await.1.success());
}

/// All connections are cut, and Slack refuses new ones for a while.
#[tokio::test]
async fn what_is_said_while_there_is_no_connection_is_heard() {
    let office = Office::new().await;
    let program = office.serves(&[]).await;
    let refuse = json!([{"method": "apps.connections.open", "status": 503, "times": 6}]);
    office.workspace.control("faults", json!({"api": refuse, "socket": {"cut": true}})).await;
    let ts = office.workspace.says("ana", BACKOFFICE, TEXT).await;
    let thread =
        office.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
    assert_eq!(thread.cards().len(), 1);
    assert!(program.stops().await.1.success());
}
