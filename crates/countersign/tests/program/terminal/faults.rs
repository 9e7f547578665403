//! What goes wrong around the socket and the ledger.

use std::os::unix::fs::PermissionsExt as _;

use super::house::{House, NOWHERE, SET_TRIAL, Who};
use crate::workspace::BACKOFFICE;

#[tokio::test]
async fn a_socket_that_a_killed_program_left_behind_is_replaced() {
    let house = House::new().await;
    let program = house.serves().await;
    let socket = house.folder().join("control.sock");
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    program.kill().await;
    assert!(socket.exists());
    // By nobody who only looks.
    assert_eq!(house.json(&Who::Ana, &["pending"]).await["operations"], serde_json::json!([]));
    let program = house.serves().await;
    assert_eq!(house.json(&Who::Ana, &["pending"]).await["operations"], serde_json::json!([]));
    program.stops().await;
    assert!(!socket.exists());
}

#[tokio::test]
async fn whoever_holds_the_ledger_without_listening_is_named() {
    let house = House::new().await;
    house.configures("");
    let program = house.serves().await;
    let said = house.says(&Who::Ana, &["pending"]).await;
    assert_eq!(said.code, 2);
    insta::assert_snapshot!(said.err.replace(&house.folder().display().to_string(), "[dir]"), @"The configuration has no [terminal], so nothing can be done at one; docs/terminal.md shows how.");
    program.stops().await;
}

#[tokio::test]
async fn many_at_once_take_turns() {
    let mut house = House::new().await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let asks = |_| house.says(&Who::Ana, &["run", SET_TRIAL, "--json"]);
    let said = futures_util::future::join_all((0..4).map(asks)).await;
    for one in &said {
        assert_eq!(one.code, 4, "{}{}", one.out, one.err);
    }
    assert_eq!(house.json(&Who::Ana, &["pending"]).await["operations"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn whoever_stops_waiting_leaves_it_waiting() {
    let house = House::new().await;
    let program = house.serves().await;
    let running = house.starts(&Who::Ana, &["run", SET_TRIAL, "--wait"]);
    let id = house.waits_for_the_first(&Who::Ana).await;
    let process = running.id().unwrap().to_string();
    assert!(
        tokio::process::Command::new("kill").args(["-s", "INT", &process]).status().await.unwrap().success()
    );
    let ended = running.wait_with_output().await.unwrap();
    assert_eq!(ended.status.code(), Some(4));
    let out = String::from_utf8(ended.stdout).unwrap();
    insta::assert_snapshot!(out.replace(&id, "op_…"), @"It goes on without you. See how it stands: countersign show op_…   take it back: countersign cancel op_…");
    assert_eq!(house.shows(&Who::Ana, &id).await["state"], "waiting");
    let root = house.root().await;
    house.office.workspace.thread_that(BACKOFFICE, &root, |thread| thread.says("Waiting for")).await;
    program.stops().await;
}
