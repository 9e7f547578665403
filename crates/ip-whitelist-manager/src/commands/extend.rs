//! `whitelist extend <ip> [<environment>] [by <duration>]`

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::ids::OperationId;
use countersign_core::plan::{FieldChange, Plan, Step};
use countersign_engine::ports::{Applied, Interrupted, Run, RunbookError};
use countersign_runbooks::service::{Ask, Service};

use super::office::{self, Args, Change, Office};
use super::words;
use crate::domain::Row;

pub(super) struct Extend(pub(super) Arc<Office>);

#[async_trait]
impl Service for Extend {
    async fn plan(&self, ask: &Ask) -> Result<Plan, RunbookError> {
        let args: Args = ask.args()?;
        let network = Office::network(&args)?;
        office::may_be_let_through(ask, network)?;
        let environment = self.0.environment(ask, &args).await?;
        let (before, others) = self.0.rows(network, &environment).await?;
        let (asked_at, now) = (ask.asked_at()?, self.0.whitelist.now());
        // What is over is let through no more, and is added anew.
        let Some(row) = before.filter(|row| !row.is_over(now)) else {
            return Err(office::blocked(words::not_there(network, &environment, &others, now)));
        };
        let end = row.expires_at().unwrap_or(asked_at);
        let by = self.0.duration(&args)?;
        let most = asked_at + self.0.whitelist.terms.longest;
        let longer = office::end(end, by)?;
        if longer > most.as_second() {
            return Err(office::blocked(words::too_long(&self.0.whitelist.terms, most)));
        }
        let new = Row {
            extended_at: Some(asked_at.as_second()),
            expires_at: Some(longer),
            operation: ask.operation().map(str::to_owned),
            ..row.clone()
        };
        let until = FieldChange {
            of: None,
            field: "until".to_owned(),
            before: Some(words::moment(end)),
            after: new.expires_at().map(words::moment),
        };
        let title = format!("Keep {network} on the whitelist of {environment}");
        let first = Step { title, changes: vec![until] };
        self.0.plan(ask, Change { row: Some(new), before: Some(row) }, (first, others)).await
    }

    async fn apply(&self, _ask: &Ask, run: Run<'_>) -> Result<Applied, RunbookError> {
        let (change, synced) = self.0.apply(&run).await?;
        let row = change.row.unwrap_or_default();
        let until = row.expires_at().map(words::moment).unwrap_or_default();
        let (network, environment, followed) = (row.ip_address, row.environment, words::followed(&synced));
        Ok(office::done(format!(
            "{network} stays on the whitelist of {environment} until {until}.{followed}"
        )))
    }

    async fn interrupted(&self, _operation: &OperationId, _fence: u64) -> Result<Interrupted, RunbookError> {
        office::interrupted()
    }
}
