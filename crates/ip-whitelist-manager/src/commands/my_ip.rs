//! `whitelist add my ip`: nobody can tell from Slack which address that is.

use async_trait::async_trait;
use countersign_core::operation::Report;
use countersign_core::plan::{Plan, Step};
use countersign_engine::ports::{Applied, Run, RunbookError};
use countersign_runbooks::service::{Ask, Service};

const ANSWER: &str = "Slack does not tell me your address. Open https://checkip.amazonaws.com on the network that is \
                      to be let through, and say `whitelist add` with the address that it shows, like \
                      `whitelist add 203.0.113.7 \"my desk\"`.";

pub(super) struct MyIp;

#[async_trait]
impl Service for MyIp {
    async fn plan(&self, ask: &Ask) -> Result<Plan, RunbookError> {
        let steps = vec![Step { title: "Say how to find an address".to_owned(), changes: Vec::new() }];
        Ok(Plan { steps, fixed: ask.fixed.clone(), ..Plan::default() })
    }

    async fn apply(&self, _ask: &Ask, _run: Run<'_>) -> Result<Applied, RunbookError> {
        Ok(Applied::Done(Report { summary: ANSWER.to_owned(), table: None }))
    }

    fn only_reads(&self) -> bool {
        true
    }
}
