use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::ids::OperationId;
use countersign_core::plan::{Fixed, Plan};
use countersign_core::policy::Permit;
use countersign_engine::ports::{Applied, Interrupted, Run, Runbook, RunbookError};

use super::change::Change;
use super::config::{SqlConfig, SqlConfigError, Work};
use super::database::Database;
use super::lookup::Lookup;

/// A command's work as SQL.
#[derive(Debug)]
pub struct SqlRunbook {
    work: Work,
    database: Arc<Database>,
}

impl SqlRunbook {
    /// A runbook for a command with these arguments, on this database.
    ///
    /// # Errors
    /// [`SqlConfigError`]: a key is missing, does not belong, or its SQL cannot be used.
    pub fn new(
        config: SqlConfig,
        database: Arc<Database>,
        arguments: &[String],
    ) -> Result<Self, SqlConfigError> {
        Ok(Self { work: config.compile(arguments)?, database })
    }
}

#[async_trait]
impl Runbook for SqlRunbook {
    fn only_reads(&self) -> bool {
        matches!(self.work, Work::Lookup(_))
    }

    async fn ready(&self) -> Result<(), RunbookError> {
        for (key, statement) in self.work.statements() {
            self.database.prepare(key, statement.sql()).await?;
        }
        Ok(())
    }

    async fn plan(&self, permit: &Permit, fixed: &Fixed) -> Result<Plan, RunbookError> {
        let database = &*self.database;
        match &self.work {
            Work::Change(work) => Change { work, database }.plan(permit.args(), fixed).await,
            Work::Lookup(work) => Ok(Lookup { work, database }.plan(permit.args(), fixed)),
        }
    }

    async fn apply(&self, permit: &Permit, run: Run<'_>) -> Result<Applied, RunbookError> {
        let database = &*self.database;
        match &self.work {
            Work::Change(work) => Change { work, database }.apply(permit.args(), run).await,
            Work::Lookup(work) => Lookup { work, database }.apply(permit.args(), &run.plan.fixed).await,
        }
    }

    async fn interrupted(&self, operation: &OperationId, fence: u64) -> Result<Interrupted, RunbookError> {
        let database = &*self.database;
        match &self.work {
            Work::Change(work) => Change { work, database }.interrupted(operation, fence).await,
            Work::Lookup(_) => Ok(Interrupted::NotDone),
        }
    }
}
