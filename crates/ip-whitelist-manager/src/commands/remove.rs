//! `whitelist remove <ip> [<environment>]`

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::ids::OperationId;
use countersign_core::plan::{FieldChange, Plan, Step};
use countersign_engine::ports::{Applied, Interrupted, Run, RunbookError};
use countersign_runbooks::service::{Ask, Service};

use super::office::{self, Args, Change, Office};
use super::words;

pub(super) struct Remove(pub(super) Arc<Office>);

#[async_trait]
impl Service for Remove {
    async fn plan(&self, ask: &Ask) -> Result<Plan, RunbookError> {
        let args: Args = ask.args()?;
        let network = Office::network(&args)?;
        let environment = self.0.environment(ask, &args).await?;
        let (before, others) = self.0.rows(network, &environment).await?;
        let now = self.0.whitelist.now();
        let Some(row) = before else {
            return Err(office::blocked(words::not_there(network, &environment, &others, now)));
        };
        let until = FieldChange {
            of: None,
            field: "until".to_owned(),
            before: row.expires_at().map(words::moment),
            after: None,
        };
        let title = format!("Take {network} off the whitelist of {environment}");
        let first = Step { title, changes: vec![until] };
        let mut plan = self.0.plan(ask, Change { row: None, before: Some(row) }, (first, others)).await?;
        plan.warnings.push(words::STAYS_CONNECTED.to_owned());
        Ok(plan)
    }

    async fn apply(&self, _ask: &Ask, run: Run<'_>) -> Result<Applied, RunbookError> {
        let (change, synced) = self.0.apply(&run).await?;
        let row = change.before.unwrap_or_default();
        let (network, environment, followed) = (row.ip_address, row.environment, words::followed(&synced));
        let connected = words::STAYS_CONNECTED;
        Ok(office::done(format!("{network} is off the whitelist of {environment}. {connected}{followed}")))
    }

    async fn interrupted(&self, _operation: &OperationId, _fence: u64) -> Result<Interrupted, RunbookError> {
        office::interrupted()
    }
}
