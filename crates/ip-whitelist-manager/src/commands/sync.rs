//! `whitelist sync [<environment>]`: what drifted apart, and its repair.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::ids::OperationId;
use countersign_core::plan::Plan;
use countersign_engine::ports::{Applied, Interrupted, Run, RunbookError};
use countersign_runbooks::service::{Ask, Service};

use super::office::{self, Args, Office};
use super::words;

pub(super) struct Sync(pub(super) Arc<Office>);

#[async_trait]
impl Service for Sync {
    async fn plan(&self, ask: &Ask) -> Result<Plan, RunbookError> {
        let args: Args = ask.args()?;
        let environment = self.0.environment(ask, &args).await?;
        let groups = self.0.whitelist.drift(Some(&environment)).await.map_err(office::failed)?;
        let drifted: Vec<_> = groups.iter().filter(|plan| !plan.difference.is_empty()).collect();
        if drifted.is_empty() {
            return Err(office::blocked(format!(
                "All security groups of {environment} are as the whitelist says. There is nothing to do."
            )));
        }
        Ok(Plan {
            steps: drifted.iter().map(|plan| office::step(plan)).collect(),
            warnings: drifted.iter().flat_map(|plan| words::warnings(plan)).collect(),
            fixed: ask.fixed.clone(),
            ..Plan::default()
        })
    }

    async fn apply(&self, ask: &Ask, _run: Run<'_>) -> Result<Applied, RunbookError> {
        let args: Args = ask.args()?;
        let environment = self.0.environment(ask, &args).await?;
        let synced = self.0.whitelist.reconcile(Some(&environment)).await;
        let count = |number: usize| if number == 1 { "1 rule".to_owned() } else { format!("{number} rules") };
        let summary = match &synced {
            Ok(synced) => {
                let new: usize = synced.groups.iter().map(|group| group.authorised.len()).sum();
                let gone: usize = synced.groups.iter().map(|group| group.revoked.len()).sum();
                format!("{} added, {} taken away in {environment}.", count(new), count(gone))
            }
            Err(_) => format!("{environment} could not be brought in line."),
        };
        Ok(office::done(format!("{summary}{}", words::followed(&synced))))
    }

    async fn interrupted(&self, _operation: &OperationId, _fence: u64) -> Result<Interrupted, RunbookError> {
        office::interrupted()
    }
}
