use serde_json::json;

use super::office::{Office, Program};
use crate::program::{PATIENCE, countersign};
use crate::workspace::{BACKOFFICE, Thread};

#[tokio::test]
async fn a_request_is_signed_and_done_once_and_the_goodbye_is_one_line() {
    let office = Office::new().await;
    let program = office.serves(&["--health", "127.0.0.1:0"]).await.with_addresses().await;
    let (status, health) = program.health().await;
    assert_eq!((status, &health["healthy"]), (200, &true.into()), "{health}");

    let ts = office.workspace.says("ana", BACKOFFICE, "<@U0BOT> set acme trial remaining to 14 days").await;
    office.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
    office.workspace.signs("ana", BACKOFFICE, &ts).await;
    office.workspace.signs("ben", BACKOFFICE, &ts).await;
    office.workspace.thread_that(BACKOFFICE, &ts, Thread::is_done).await;

    let (last, status) = program.stops().await;
    insta::assert_snapshot!(last, @"Countersign has stopped. Nothing is in hand.");
    assert!(status.success());
}

/// What was said while nobody listened is heard by the next start.
#[tokio::test]
async fn killed_and_started_again_it_hears_what_it_missed() {
    let office = Office::new().await;
    office.serves(&[]).await.kill().await;
    let ts = office.workspace.says("ana", BACKOFFICE, "<@U0BOT> help").await;
    let program = office.serves(&[]).await;
    assert!(office.workspace.answer(BACKOFFICE, &ts).await.contains("trial remaining to"));
    assert!(program.stops().await.1.success());
}

#[tokio::test]
async fn without_a_connection_it_is_not_well() {
    let office = Office::new().await;
    let program = office.serves(&["--health", "127.0.0.1:0"]).await.with_addresses().await;
    office.emulator.shutdown().await;
    let asked = std::time::Instant::now();
    let health = loop {
        let (status, health) = program.health().await;
        if status == 503 {
            break health;
        }
        assert!(asked.elapsed() < PATIENCE, "it never says so: {health}");
    };
    assert_eq!(health["healthy"], false);
    assert!(
        health["problems"][0].as_str().unwrap().starts_with("no connection of Socket Mode stands"),
        "{health}"
    );
}

/// The app's token is withdrawn for good, and nothing can bring another one.
#[tokio::test]
async fn when_slack_takes_the_token_no_more_it_ends_and_says_so() {
    let office = Office::new().await;
    let api = office.emulator.api_url();
    let mut command = countersign(office.folder.path(), &["serve", "--slack-api-url", &api]);
    command.env("SLACK_BOT_TOKEN", "xoxb-backoffice").env("SLACK_APP_TOKEN", "xapp-backoffice");
    let program = Program::start(command).await;
    let refuse = json!([{"method": "apps.connections.open", "error": "invalid_auth"}]);
    office.workspace.control("faults", json!({"api": refuse, "socket": {"cut": true}})).await;
    let (said, code) = program.ends().await;
    let last = said.lines().last().unwrap();
    insta::assert_snapshot!(format!("{last}\nexit code {code:?}"), @"
    Slack does not let the bot listen: socket mode stopped: Slack does not know the app token; it begins with xapp- and is made on the app's Basic Information page: Slack refused apps.connections.open: invalid_auth.
    exit code Some(2)
    ");
}

#[tokio::test]
async fn the_log_is_json_where_that_is_wanted() {
    let office = Office::new().await;
    let mut program = office.serves(&["--log-format", "json"]).await;
    let said = program.complains("socket mode: connected").await;
    for line in said.lines().filter(|line| !line.is_empty()) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["message"].is_string() && line["level"].is_string(), "{line}");
    }
    assert!(program.stops().await.1.success());
}
