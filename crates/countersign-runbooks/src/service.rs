//! Work that does not care where it runs: in the bot's own process, or behind the wire in another one.

use async_trait::async_trait;
use countersign_core::ids::{ChannelId, OperationId, PersonId};
use countersign_core::plan::{Fixed, Plan};
use countersign_core::policy::Permit;
use countersign_engine::ports::{Applied, Interrupted, Run, Runbook, RunbookError};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a command does. Like [`Runbook`], for an [`Ask`] instead of a permit: policy was asked before, perhaps
/// elsewhere.
#[async_trait]
pub trait Service: Send + Sync {
    /// Says what would change, and changes nothing.
    async fn plan(&self, ask: &Ask) -> Result<Plan, RunbookError>;

    /// Does what the plan says, or the next part of it.
    async fn apply(&self, ask: &Ask, run: Run<'_>) -> Result<Applied, RunbookError>;

    /// Does it never change anything?
    fn only_reads(&self) -> bool {
        false
    }

    /// Is everything there that it needs? Changes nothing.
    async fn ready(&self) -> Result<(), RunbookError> {
        Ok(())
    }

    /// What became of a part whose worker disappeared; see [`Runbook::interrupted`].
    async fn interrupted(&self, operation: &OperationId, fence: u64) -> Result<Interrupted, RunbookError> {
        let _ = (operation, fence);
        Ok(Interrupted::Unknown)
    }
}

#[async_trait]
impl<S: Service + ?Sized> Service for std::sync::Arc<S> {
    async fn plan(&self, ask: &Ask) -> Result<Plan, RunbookError> {
        (**self).plan(ask).await
    }

    async fn apply(&self, ask: &Ask, run: Run<'_>) -> Result<Applied, RunbookError> {
        (**self).apply(ask, run).await
    }

    fn only_reads(&self) -> bool {
        (**self).only_reads()
    }

    async fn ready(&self) -> Result<(), RunbookError> {
        (**self).ready().await
    }

    async fn interrupted(&self, operation: &OperationId, fence: u64) -> Result<Interrupted, RunbookError> {
        (**self).interrupted(operation, fence).await
    }
}

/// What was asked for, after policy has said yes.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The command's name.
    pub command: String,
    /// For whom.
    pub person: PersonId,
    /// What to call them in texts.
    pub name: String,
    /// Where it was asked for.
    pub channel: ChannelId,
    /// A JSON object by argument name.
    pub args: Value,
    /// How many others sign before it runs.
    pub others: u8,
    /// What must not move between two plans.
    pub fixed: Fixed,
}

impl Ask {
    /// What a permit permits.
    pub fn new(permit: &Permit, fixed: &Fixed) -> Self {
        Self {
            command: permit.command().to_string(),
            person: permit.caller().clone(),
            name: permit.caller_name().to_owned(),
            channel: permit.channel().clone(),
            args: permit.args().clone(),
            others: permit.quorum().others,
            fixed: fixed.clone(),
        }
    }

    /// The arguments, as a type of the service's own.
    ///
    /// # Errors
    /// [`RunbookError::Failed`] when the command's pattern has other arguments than the service takes.
    pub fn args<T: DeserializeOwned>(&self) -> Result<T, RunbookError> {
        serde_json::from_value(self.args.clone()).map_err(|error| RunbookError::Failed(error.into()))
    }

    /// When it was asked for (UTC): the same for every plan of an operation.
    ///
    /// # Errors
    /// [`RunbookError::Failed`] when whoever asked did not fix it.
    pub fn asked_at(&self) -> Result<Timestamp, RunbookError> {
        let now = self.fixed.get("now").and_then(Value::as_str).and_then(|text| text.parse().ok());
        now.ok_or_else(|| RunbookError::Failed("the time of the first plan is missing".into()))
    }

    /// The operation that it is asked for; `None` when whoever asked did not fix it.
    pub fn operation(&self) -> Option<&str> {
        self.fixed.get("operation").and_then(Value::as_str)
    }
}

/// A service in the bot's own process.
#[derive(Debug, Clone)]
pub struct Local<S>(pub S);

#[async_trait]
impl<S: Service> Runbook for Local<S> {
    async fn plan(&self, permit: &Permit, fixed: &Fixed) -> Result<Plan, RunbookError> {
        self.0.plan(&Ask::new(permit, fixed)).await
    }

    async fn apply(&self, permit: &Permit, run: Run<'_>) -> Result<Applied, RunbookError> {
        self.0.apply(&Ask::new(permit, &run.plan.fixed), run).await
    }

    fn only_reads(&self) -> bool {
        self.0.only_reads()
    }

    async fn ready(&self) -> Result<(), RunbookError> {
        self.0.ready().await
    }

    async fn interrupted(&self, operation: &OperationId, fence: u64) -> Result<Interrupted, RunbookError> {
        self.0.interrupted(operation, fence).await
    }
}
