//! No bot runs, and Slack does not answer.

use super::house::{House, NOWHERE, SET_TRIAL, Who};
use crate::workspace::{BACKOFFICE, Thread};

#[tokio::test]
async fn two_people_at_two_terminals_sign_and_the_channel_is_told_when_slack_is_back() {
    let mut house = House::new().await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let (ana, ben) = (Who::Ana, house.with_token("ben").await);
    let running = house.starts(&ana, &["run", SET_TRIAL, "--wait"]);
    // ben reaches the ledger through the program that ana has started.
    let id = house.waits_for_the_first(&ben).await;
    let shown = house.says(&ben, &["show", &id]).await;
    assert!(shown.out.contains("plan: `trial` → `enterprise`"), "{}", shown.out);
    assert!(shown.out.contains("Missing: ana and one other person"), "{}", shown.out);
    assert_eq!(house.signs(&ben, &id).await.code, 0);
    assert_eq!(house.plan_of_acme().await, "trial");
    let signed = house.signs(&ana, &id).await;
    assert_eq!(signed.code, 0, "{}", signed.err);
    let ended = running.wait_with_output().await.unwrap();
    let out = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(0), "{out} {}", String::from_utf8_lossy(&ended.stderr));
    assert!(out.starts_with("Done\n"), "{out}");
    assert_eq!(house.plan_of_acme().await, "enterprise");

    house.api_url = house.office.emulator.api_url();
    let program = house.serves().await;
    let root = house.root().await;
    let thread = house.office.workspace.thread_that(BACKOFFICE, &root, Thread::is_done).await;
    let cards = thread.answers.iter().filter(|one| one["ts"] != root.as_str());
    let cards: Vec<String> = cards.map(ToString::to_string).collect();
    assert_eq!(cards.len(), 1, "{cards:#?}");
    assert!(cards[0].contains("U0ANA") && cards[0].contains("U0BEN"), "{cards:?}");
    assert_eq!(house.json(&ana, &["pending"]).await["operations"], serde_json::json!([]));
    program.stops().await;
}

#[tokio::test]
async fn what_only_reads_is_answered_at_once() {
    let mut house = House::new().await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let said = house.says(&Who::Ana, &["run", "show account acme"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("Account acme"), "{}", said.out);
    insta::assert_snapshot!(said.err, @"Slack does not answer, or there are no tokens for it: the channel is told later.");
}

#[tokio::test]
async fn one_person_is_not_enough_and_a_no_stops_it() {
    let mut house = House::new().await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let (ana, ben) = (Who::Ana, house.with_token("ben").await);
    let id = house.asks(&ana, SET_TRIAL).await;
    assert_eq!(house.signs(&ana, &id).await.code, 0);
    let view = house.shows(&ana, &id).await;
    assert_eq!(
        (view["state"].as_str(), view["missing"].as_str()),
        (Some("waiting"), Some("one other person"))
    );
    let denied = house.says(&ben, &["deny", &id, "--reason", "not today"]).await;
    assert_eq!(denied.code, 0, "{}", denied.err);
    assert!(denied.out.contains("ben objected") && denied.out.contains("Why: Not today."), "{}", denied.out);
    assert_eq!(house.plan_of_acme().await, "trial");
    let late = house.says(&ben, &["approve", &id, "--plan", &"0".repeat(64)]).await;
    assert_eq!(late.code, 3, "{}", late.out);
}

#[tokio::test]
async fn the_caller_takes_it_back() {
    let mut house = House::new().await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let (ana, ben) = (Who::Ana, house.with_token("ben").await);
    let id = house.asks(&ana, SET_TRIAL).await;
    let not_ben = house.says(&ben, &["cancel", &id]).await;
    assert_eq!(not_ben.code, 3);
    insta::assert_snapshot!(not_ben.err, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    Only the person who asked for this can cancel it. To stop it, object with countersign deny.
    ");
    assert_eq!(house.says(&ana, &["cancel", &id]).await.code, 0);
    assert_eq!(house.shows(&ana, &id).await["state"], "stopped");
}

#[tokio::test]
async fn whom_the_configuration_does_not_vouch_for_is_nobody_while_slack_is_away() {
    let mut house = House::new().await;
    house.serves_once().await;
    let id = house.asks(&Who::Ana, SET_TRIAL).await;
    house.api_url = NOWHERE.to_owned();
    let chloe = house.with_token("chloe").await;
    assert_eq!(house.signs(&chloe, &id).await.code, 0, "chloe is vouched for");
    // Slack has never said who the bot is.
    let new = House::new().await;
    let mut command = new.command(&Who::Ana, &["pending"]);
    command.env("COUNTERSIGN_SLACK_API_URL", NOWHERE);
    let said = crate::serve::office::ends(command).await;
    assert_eq!(said.code, 2);
    insta::assert_snapshot!(said.err, @"Slack does not answer, and has never said here which workspace this is.");
}
