//! `whitelist list [<environment>]` and `whitelist mine`

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::operation::Report;
use countersign_core::plan::{Plan, Step};
use countersign_engine::ports::{Applied, Run, RunbookError};
use countersign_runbooks::service::{Ask, Service};

use super::office::{self, Args, Office};
use super::table::{Shows, table};
use crate::domain::{Entry, Row, RowFault};

pub(super) struct List(pub(super) Arc<Office>);
pub(super) struct Mine(pub(super) Arc<Office>);

#[async_trait]
impl Service for List {
    async fn plan(&self, ask: &Ask) -> Result<Plan, RunbookError> {
        let environment = self.0.environment(ask, &ask.args()?).await?;
        Ok(reading(ask, format!("List the whitelist of {environment}")))
    }

    async fn apply(&self, ask: &Ask, run: Run<'_>) -> Result<Applied, RunbookError> {
        let args: Args = ask.args()?;
        let environment = self.0.environment(ask, &args).await?;
        let rows = self.0.whitelist.list(Some(&environment)).await.map_err(office::failed)?;
        let summary = match rows.len() {
            0 => format!(
                "The whitelist of {environment} is empty. `whitelist add 203.0.113.7 \"what for\" {environment}` lets somebody through."
            ),
            1 => format!("1 network is on the whitelist of {environment}."),
            number => format!("{number} networks are on the whitelist of {environment}."),
        };
        Ok(report(summary, rows, (run, Shows::Rows)))
    }

    fn only_reads(&self) -> bool {
        true
    }
}

#[async_trait]
impl Service for Mine {
    async fn plan(&self, ask: &Ask) -> Result<Plan, RunbookError> {
        Ok(reading(ask, "List what you added".to_owned()))
    }

    async fn apply(&self, ask: &Ask, run: Run<'_>) -> Result<Applied, RunbookError> {
        let person = ask.person.to_string();
        let mut rows = self.0.whitelist.list(None).await.map_err(office::failed)?;
        rows.retain(|(row, _)| row.person.as_deref() == Some(&person));
        let summary = match rows.len() {
            0 => "You have added nothing that is still on a whitelist.".to_owned(),
            1 => "You have 1 entry.".to_owned(),
            number => format!("You have {number} entries."),
        };
        Ok(report(summary, rows, (run, Shows::Environments)))
    }

    fn only_reads(&self) -> bool {
        true
    }
}

fn reading(ask: &Ask, title: String) -> Plan {
    let steps = vec![Step { title, changes: Vec::new() }];
    Plan { steps, fixed: ask.fixed.clone(), ..Plan::default() }
}

fn report(
    summary: String,
    rows: Vec<(Row, Result<Entry, RowFault>)>,
    (run, shows): (Run<'_>, Shows),
) -> Applied {
    let table = (!rows.is_empty()).then(|| table(rows, run.now, shows));
    Applied::Done(Report { summary, table })
}
