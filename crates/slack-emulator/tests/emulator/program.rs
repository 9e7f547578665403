//! The program itself: its words, its exit codes, and what is left after `kill -9`.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::support::{ANA, BACKOFFICE, BOT};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slack-emulator"));
    command.args(arguments).kill_on_drop(true).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts the program, and waits until it says where it is.
async fn start(data: &Path) -> (Child, String) {
    let mut child =
        program(&["--port", "0", "--no-rate-limits", "--data", data.to_str().unwrap()]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let greeting = lines.next_line().await.unwrap().unwrap();
    (child, greeting.rsplit(' ').next().unwrap().to_owned())
}

async fn call(url: &str, token: &str, method: &str, arguments: Value) -> Value {
    let request = reqwest::Client::new().post(format!("{url}/api/{method}")).bearer_auth(token);
    request.json(&arguments).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn nothing_that_was_answered_is_lost_to_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, url) = start(folder.path()).await;
    let mut answered = Vec::new();
    for number in 0..20 {
        let post = json!({"channel": BACKOFFICE, "text": format!("{number}")});
        answered.push(call(&url, ANA, "chat.postMessage", post).await["ts"].clone());
    }
    child.kill().await.unwrap();
    let (_child, url) = start(folder.path()).await;
    let history = call(&url, BOT, "conversations.history", json!({"channel": BACKOFFICE})).await;
    let mut kept: Vec<_> =
        history["messages"].as_array().unwrap().iter().map(|message| message["ts"].clone()).collect();
    kept.reverse();
    assert_eq!(kept, answered);
    let state: Value = reqwest::get(format!("{url}/emulator/state")).await.unwrap().json().await.unwrap();
    assert_eq!(state["undelivered_events"], 20);
}

#[tokio::test]
async fn mistakes_have_a_sentence_and_an_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let (_child, url) = start(folder.path()).await;
    let port = url.rsplit(':').next().unwrap();
    let data = folder.path().to_str().unwrap();
    let cases: [(&[&str], i32, &str); 5] = [
        (&["--bogus"], 2, "--bogus"),
        (&["--fresh"], 2, "--data"),
        (&["--port", port], 1, "is in use"),
        (&["--port", "0", "--data", data], 1, "Another emulator is using"),
        (&["--port", "0", "--seed", "/no/such/seed.json"], 1, "cannot be read"),
    ];
    for (arguments, code, words) in cases {
        let output = program(arguments).output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}
