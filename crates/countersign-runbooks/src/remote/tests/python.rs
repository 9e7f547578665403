//! The example in Python, over HTTP.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use countersign_core::operation::Report;
use countersign_core::policy::Refusal;
use countersign_engine::ports::{Applied, Interrupted, Runbook as _, RunbookError};
use countersign_engine::system::SystemClock;

use super::*;
use crate::remote::{Http, SharedSecret};

const SECRET: &str = "0123456789abcdef";
const SERVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/runbook_server.py");

/// The example, running; it ends with the test.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start() -> Option<Self> {
        let mut python = Command::new("python3");
        python.arg(SERVER).arg("0").env("RUNBOOK_SECRET", SECRET);
        let Ok(mut child) = python.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            eprintln!("SKIPPED: there is no python3 on this machine");
            return None;
        };
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Some(Self { child, url: format!("http://127.0.0.1:{}/", port.trim()) })
    }

    fn runbook(&self, secret: &str) -> RemoteRunbook {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let http = Http::new(&self.url, SharedSecret::new(secret)).unwrap();
        remote(Arc::new(http.at(Arc::new(SystemClock))))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_runbook_in_python_does_it_once() {
    let Some(server) = Server::start() else { return };
    let (runbook, permit, operation) = (server.runbook(SECRET), permit(), operation());
    runbook.ready().await.unwrap();
    let plan = runbook.plan(&permit, &fixed()).await.unwrap();
    assert_eq!(plan.steps[0].changes[0].after.as_deref(), Some("14"));
    assert_eq!(plan, runbook.plan(&permit, &fixed()).await.unwrap(), "planning changes nothing");
    let done = Report { summary: "The trial of acme has 14 days.".to_owned(), table: None };
    for _ in 0..2 {
        let applied = runbook.apply(&permit, run(&operation, &plan)).await.unwrap();
        assert_eq!(applied, Applied::Done(done.clone()));
    }
    assert_eq!(runbook.interrupted(&operation, 2).await.unwrap(), Interrupted::Done(done));

    let other = OperationId::from_parts(1_800_000_000_000, 8);
    let moved = runbook.apply(&permit, run(&other, &plan)).await;
    assert!(matches!(moved, Err(RunbookError::Refused(Refusal::Blocked { .. }))), "{moved:?}");
    assert_eq!(runbook.interrupted(&other, 2).await.unwrap(), Interrupted::NotDone);
    let late = runbook.apply(&permit, run(&other, &plan)).await;
    assert!(matches!(late, Err(RunbookError::Failed(_))), "the claim was given up: {late:?}");
}

#[tokio::test]
async fn a_runbook_in_python_does_nothing_for_strangers() {
    let Some(server) = Server::start() else { return };
    let stranger = server.runbook("fedcba9876543210");
    assert!(stranger.ready().await.is_err());
    assert!(stranger.plan(&permit(), &fixed()).await.is_err());
}
