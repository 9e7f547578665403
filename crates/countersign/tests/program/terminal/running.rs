//! A bot runs, and people at terminals are served over its socket.

use serde_json::json;

use super::gate::Gate;
use super::house::{House, SET_TRIAL, Who};
use crate::workspace::{BACKOFFICE, Thread};

#[tokio::test]
async fn one_signs_at_a_terminal_and_another_in_slack() {
    let house = House::with_unix_users().await;
    let program = house.serves().await;
    let id = house.asks(&Who::Ana, SET_TRIAL).await;
    let root = house.root().await;
    house.office.workspace.thread_that(BACKOFFICE, &root, |thread| thread.says("Waiting for")).await;
    house.office.workspace.signs("ben", BACKOFFICE, &root).await;
    house.shows_that(&Who::Ana, &id, |view| view["signed"] == json!(["ben"])).await;
    let signed = house.signs(&Who::Ana, &id).await;
    assert_eq!(signed.code, 0, "{}", signed.err);
    assert!(signed.out.starts_with("Done"), "{}", signed.out);
    house.office.workspace.thread_that(BACKOFFICE, &root, Thread::is_done).await;
    assert_eq!(house.plan_of_acme().await, "enterprise");
    program.stops().await;
}

#[tokio::test]
async fn what_was_asked_for_in_slack_is_signed_at_terminals_when_slack_goes_away() {
    let mut house = House::new().await;
    let gate = Gate::before(house.office.workspace.port()).await;
    house.api_url.clone_from(&gate.api_url);
    let program = house.serves().await;
    let (ana, ben) = (Who::Ana, house.with_token("ben").await);
    let root = house.office.workspace.says("ana", BACKOFFICE, &format!("<@U0BOT> {SET_TRIAL}")).await;
    house.office.workspace.thread_that(BACKOFFICE, &root, |thread| thread.says("Waiting for")).await;
    gate.close();
    let id = house.waits_for_the_first(&ben).await;
    assert_eq!(house.signs(&ben, &id).await.code, 0);
    let signed = house.signs(&ana, &id).await;
    assert!(signed.out.starts_with("Done"), "{}{}", signed.out, signed.err);
    assert_eq!(house.plan_of_acme().await, "enterprise");
    gate.open();
    let thread = house.office.workspace.thread_that(BACKOFFICE, &root, Thread::is_done).await;
    assert_eq!(thread.cards().len(), 1);
    program.stops().await;
}

#[tokio::test]
async fn a_signature_from_slack_counts_only_when_slack_confirms_it() {
    let mut house = House::new().await;
    let gate = Gate::before(house.office.workspace.port()).await;
    house.api_url.clone_from(&gate.api_url);
    let program = house.serves().await;
    let id = house.asks(&Who::Ana, SET_TRIAL).await;
    let root = house.root().await;
    house.office.workspace.thread_that(BACKOFFICE, &root, |thread| thread.says("Waiting for")).await;
    house.office.workspace.signs("ben", BACKOFFICE, &root).await;
    house.shows_that(&Who::Ana, &id, |view| view["signed"] == json!(["ben"])).await;
    gate.close();
    let view = house.shows(&Who::Ana, &id).await;
    let plan = view["plan"].as_str().unwrap();
    let mut signing = house.starts(&Who::Ana, &["approve", &id, "--plan", plan, "--json"]);
    // It is signed, and stays there: nobody can say whether ben's signature still stands.
    house.shows_that(&Who::Ana, &id, |view| view["state"] == "signed").await;
    assert_eq!(house.plan_of_acme().await, "trial");
    // ben has taken it back meanwhile, unheard; with Slack back, that is found.
    let back = json!({"channel": BACKOFFICE, "timestamp": root, "name": "white_check_mark"});
    house.office.workspace.calls("ben", "reactions.remove", back).await;
    gate.open();
    signing.wait().await.unwrap();
    assert_eq!(house.plan_of_acme().await, "trial");
    let view = house.shows(&Who::Ana, &id).await;
    assert_eq!(view["signed"], json!(["ana"]), "{view}");
    program.stops().await;
}

#[tokio::test]
async fn if_slack_answers_its_word_counts() {
    let house = House::new().await;
    let program = house.serves().await;
    let id = house.asks(&Who::Ana, SET_TRIAL).await;
    let ben = house.with_token("ben").await;
    assert_eq!(house.signs(&ben, &id).await.code, 0);
    house.office.workspace.control("set_person", json!({"user": "U0BEN", "deleted": true})).await;
    let signed = house.signs(&Who::Ana, &id).await;
    assert_eq!(signed.code, 0, "{}", signed.err);
    let view = house.shows(&Who::Ana, &id).await;
    assert_eq!((&view["state"], &view["signed"]), (&json!("waiting"), &json!(["ana"])), "{view}");
    assert_eq!(house.plan_of_acme().await, "trial");
    program.stops().await;
}
