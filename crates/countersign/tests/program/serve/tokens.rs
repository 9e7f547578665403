//! Other tokens, without a restart.

use super::office::Office;
use super::signed::{Slack, said};
use crate::program::PATIENCE;
use crate::workspace::BACKOFFICE;

const NEW: &str = "fedcba9876543210fedcba9876543210";

#[tokio::test]
async fn a_new_signing_secret_holds_after_a_hangup_and_the_old_one_still_does() {
    let office = Office::new().await;
    let mut program = office.serves(&["--http", "127.0.0.1:0"]).await.with_addresses().await;
    let slack = Slack::to(program.http.as_deref().unwrap());
    let event = said("message", ("U0ANA", BACKOFFICE, "1800000000.000100"), "small talk");
    slack.sends(&event).await;
    assert_eq!(slack.signing_with(NEW).tries(&event).await, Some(401));
    office.keeps_tokens("xoxb-backoffice", "xapp-backoffice", NEW);
    program.signal("HUP").await;
    program.complains("the bot uses the new tokens").await;
    slack.signing_with(NEW).sends(&event).await;
    slack.sends(&event).await;
    assert!(program.stops().await.1.success());
}

#[tokio::test]
async fn tokens_that_slack_does_not_take_change_nothing() {
    let office = Office::new().await;
    let mut program = office.serves(&["--http", "127.0.0.1:0", "--socket-mode"]).await.with_addresses().await;
    office.keeps_tokens("xoxb-revoked", "xapp-backoffice", NEW);
    program.signal("HUP").await;
    let said = program.complains("the new tokens are not in use").await;
    assert!(said.contains("the old one stays") && said.contains("invalid_auth"), "{said}");
    assert!(!said.contains("xoxb-revoked") && !said.contains(NEW), "{said}");
    let asked = std::time::Instant::now();
    let ts = office.workspace.says("ana", BACKOFFICE, "<@U0BOT> help").await;
    office.workspace.answer(BACKOFFICE, &ts).await;
    assert!(asked.elapsed() < PATIENCE);
    let slack = Slack::to(program.http.as_deref().unwrap());
    let event = super::signed::said("message", ("U0ANA", BACKOFFICE, "1800000000.000100"), "small talk");
    assert_eq!(slack.signing_with(NEW).tries(&event).await, Some(401));
    assert!(program.stops().await.1.success());
}
