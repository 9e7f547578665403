//! Emergencies: fewer signatures, a loud notice, a review by somebody else.

use serde_json::json;

use super::house::{House, NOWHERE, SET_TRIAL, Who};
use crate::workspace::BACKOFFICE;

const BREAK_GLASS: &str =
    "[break_glass]\nwho = [\"support\"]\nothers = 0\nchannels = [\"backoffice\"]\nnotify = [\"U0CHLOE\"]\n";
const REASON: &str = "the site is down";

fn in_an_emergency(reason: &str) -> Vec<&str> {
    vec!["run", SET_TRIAL, "--break-glass", "--reason", reason]
}

#[tokio::test]
async fn without_a_word_of_the_configuration_there_is_none() {
    let mut house = House::new().await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let said = house.says(&Who::Ana, &in_an_emergency(REASON)).await;
    assert_eq!(said.code, 3);
    insta::assert_snapshot!(said.err, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    Nothing says that this may be done with fewer signatures: [break_glass] does not name it.
    ");
}

#[tokio::test]
async fn only_those_who_may_and_with_a_reason() {
    let mut house = House::with(BREAK_GLASS).await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let little = house.says(&Who::Ana, &in_an_emergency("broken")).await;
    insta::assert_snapshot!(little.err, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    An emergency needs a reason that others understand: at least three words, at most 300 characters.
    ");
    let chloe = house.with_token("chloe").await;
    let not_chloe = house.says(&chloe, &in_an_emergency(REASON)).await;
    assert_eq!(not_chloe.code, 3);
    insta::assert_snapshot!(not_chloe.err, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    This is for members of support, and you are not one of them.
    ");
    let none = house.says(&Who::Ana, &["run", SET_TRIAL, "--break-glass"]).await;
    assert_eq!(none.code, 2);
}

#[tokio::test]
async fn the_caller_signs_alone_everybody_is_told_and_somebody_else_reviews_it() {
    let mut house = House::with(BREAK_GLASS).await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let (ana, ben) = (Who::Ana, house.with_token("ben").await);
    let view = house.json(&ana, &in_an_emergency(REASON)).await;
    let id = view["operation"].as_str().unwrap();
    assert_eq!((view["missing"].as_str(), view["emergency"].as_str()), (Some("ana"), Some(REASON)));
    assert!(house.signs(&ana, id).await.out.starts_with("Done"));
    assert_eq!(house.plan_of_acme().await, "enterprise");
    let own = house.says(&ana, &["review", id, "--note", "it was right"]).await;
    assert_eq!(own.code, 3);
    insta::assert_snapshot!(own.err, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    The person who asked for this cannot say that alone. Ask somebody who could have signed it.
    ");

    house.api_url = house.office.emulator.api_url();
    let program = house.serves().await;
    let loud = || async {
        let messages = house.office.workspace.messages(BACKOFFICE).await;
        let is_loud = |one: &&serde_json::Value| one.to_string().contains("Emergency: it was done");
        messages.iter().filter(is_loud).count()
    };
    while loud().await == 0 {}
    // And chloe alone, in a direct message.
    let told = |state: &serde_json::Value| {
        let channels = state["channels"].as_array().unwrap().iter();
        channels.filter(|one| one["messages"].to_string().contains("Emergency: it was done")).count()
    };
    while told(&house.office.workspace.control("state", json!({"user": "U0CHLOE"})).await) < 2 {}
    let open = house.json(&ben, &["pending"]).await;
    assert_eq!(open["operations"][0]["needs_review"], json!(true), "{open}");
    let reviewed = house.says(&ben, &["review", id, "--note", "it was right"]).await;
    assert_eq!(reviewed.code, 0, "{}", reviewed.err);
    assert!(reviewed.out.contains("ben has reviewed it. It was right."), "{}", reviewed.out);
    assert_eq!(house.json(&ben, &["pending"]).await["operations"], json!([]));
    program.stops().await;
    house.serves_once().await;
    assert_eq!(loud().await, 1, "told once");
}
