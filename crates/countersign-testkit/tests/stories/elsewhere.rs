//! A runbook that lives in another process.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a story that cannot go on fails its test"
)]

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use countersign_core::operation::{Progress, Report};
use countersign_core::plan::{FieldChange, Plan, Step};
use countersign_core::policy::Refusal;
use countersign_engine::ports::{Applied, Run, RunbookError};
use countersign_runbooks::remote::{Services, answer};
use countersign_runbooks::service::{Ask, Service};
use countersign_testkit::{BACKOFFICE, run_story_with};
use jiff::SignedDuration;
use serde_json::json;

use crate::YES;

const SEATS: &str = "@Backoffice Bot give acme 50 seats";

/// What an account's seats were changed to, and how.
#[derive(Default)]
struct Seats {
    given: Mutex<Vec<String>>,
    breaks: bool,
}

#[async_trait]
impl Service for Seats {
    async fn plan(&self, ask: &Ask) -> Result<Plan, RunbookError> {
        if ask.args["subdomain"] != "acme" {
            let sentence = "There is no account called that.".to_owned();
            return Err(RunbookError::Refused(Refusal::Blocked { sentence }));
        }
        let after = Some(ask.args["seats"].to_string());
        let change = FieldChange { of: None, field: "seats".to_owned(), before: Some("3".to_owned()), after };
        let steps = vec![Step { title: format!("Give seats for {}", ask.name), changes: vec![change] }];
        Ok(Plan { steps, fixed: ask.fixed.clone(), ..Plan::default() })
    }

    async fn apply(&self, ask: &Ask, run: Run<'_>) -> Result<Applied, RunbookError> {
        let given = format!("{} part {}", ask.args["seats"], if run.state.is_some() { 2 } else { 1 });
        self.given.lock().unwrap().push(given);
        match (run.state, self.breaks) {
            (_, true) => panic!("the process dies in the middle"),
            (Some(_), _) => {
                Ok(Applied::Done(Report { summary: "acme has 50 seats.".to_owned(), table: None }))
            }
            (None, _) => Ok(Applied::Continue {
                state: json!({}),
                progress: Progress { done: 1, total: 2, note: "the bill is written".to_owned() },
                after: SignedDuration::from_secs(1),
            }),
        }
    }
}

/// Runs the service on a thread of its own, and returns a configuration that reaches it.
fn elsewhere(seats: &Arc<Seats>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    let services: Arc<Services> =
        Arc::new([("seats".to_owned(), Arc::clone(seats) as Arc<dyn Service>)].into());
    let router =
        Router::new().route("/", post(move |body: Bytes| async move { answer(&body, &services).await }));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await
        })
    });
    let command = format!(
        "[[command]]\npattern = \"give <subdomain:slug> <seats:int(1..=500)> seats\"\n\
         description = \"Set an account's seats.\"\nchannels = [\"backoffice\"]\nrisk = \"high\"\n\n\
         [command.http]\nurl = \"http://{address}/\"\nrunbook = \"seats\"\n"
    );
    format!("{}\n{command}", countersign::dev::DEMO_CONFIG)
}

#[test]
fn what_another_process_planned_is_signed_and_done_there_once() {
    let seats = Arc::new(Seats::default());
    run_story_with(&elsewhere(&seats), async |w| {
        let said = w.ana.says(BACKOFFICE, SEATS).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("Give seats for Ana Alves") && card.contains("50"), "{card}");
        w.ana.reacts(&said, YES).await;
        assert!(seats.given.lock().unwrap().is_empty(), "nobody else has signed");
        w.ben.reacts(&said, YES).await;
        w.later(SignedDuration::from_secs(1)).await;
        w.card_that(&said, "acme has 50 seats.").await;
        assert_eq!(*seats.given.lock().unwrap(), ["50 part 1", "50 part 2"]);

        let refused = w.ana.says(BACKOFFICE, "@Backoffice Bot give nosuch 50 seats").await;
        let answer = w.answer(&refused).await;
        assert!(answer.contains("There is no account called"), "{answer}");
    });
}

#[test]
fn a_process_that_dies_in_the_middle_leaves_an_unknown_outcome() {
    let seats = Arc::new(Seats { breaks: true, ..Seats::default() });
    run_story_with(&elsewhere(&seats), async |w| {
        let said = w.ana.says(BACKOFFICE, SEATS).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        w.later(SignedDuration::from_secs(1)).await;
        w.card_that(&said, "Nobody knows whether it worked").await;
        assert_eq!(*seats.given.lock().unwrap(), ["50 part 1"], "nothing retries it");
        w.ben.answers(&said, "<@U0BOT> resolve as failed: the log ends there").await;
    });
}
