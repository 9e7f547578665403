use super::office::Office;
use crate::program::PATIENCE;
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
