//! A runbook that takes as long as the story wants.

use async_trait::async_trait;
use countersign_core::operation::Report;
use countersign_core::plan::{Fixed, Plan, Step};
use countersign_core::policy::Permit;
use countersign_engine::ports::{Applied, Run, Runbook, RunbookError};
use tokio::sync::watch;

/// Waits until it is let go: a `<what>` of `plan` while it plans, any other while it works.
pub(crate) struct Held {
    gate: watch::Sender<bool>,
}

impl Held {
    pub(crate) fn new(gate: watch::Sender<bool>) -> Self {
        Self { gate }
    }

    async fn waits(&self) {
        // The sender is here, so that waiting cannot fail.
        let _ = self.gate.subscribe().wait_for(|open| *open).await;
    }
}

#[async_trait]
impl Runbook for Held {
    async fn plan(&self, permit: &Permit, fixed: &Fixed) -> Result<Plan, RunbookError> {
        if permit.args().get("what").is_some_and(|what| what == "plan") {
            self.waits().await;
        }
        let step = Step { title: "Wait".to_owned(), changes: Vec::new() };
        Ok(Plan { steps: vec![step], fixed: fixed.clone(), ..Plan::default() })
    }

    async fn apply(&self, _permit: &Permit, _run: Run<'_>) -> Result<Applied, RunbookError> {
        self.waits().await;
        Ok(Applied::Done(Report { summary: "It waited.".to_owned(), table: None }))
    }
}
