//! `cycle workers of pool <pool>`: a runbook in Rust that takes its time.
//!
//! It replaces one worker per part. A worker that was replaced already is left
//! alone, so that an interrupted part may be run again.

use std::path::Path;

use async_trait::async_trait;
use countersign_core::ids::OperationId;
use countersign_core::operation::{Progress, Report};
use countersign_core::plan::{FieldChange, Fixed, Plan, Step};
use countersign_core::policy::{Permit, Refusal};
use countersign_engine::ports::{Applied, Interrupted, Run, Runbook, RunbookError};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;

/// How long a new worker takes to come up.
const PER_WORKER: SignedDuration = SignedDuration::from_millis(700);

/// The runbook, with the demo's database behind it.
pub struct CycleWorkers {
    database: SqlitePool,
}

/// What the sentence carries.
#[derive(Deserialize)]
struct Args {
    pool: String,
}

/// A worker and the generation that it has before.
#[derive(Debug, Clone, Serialize, Deserialize, sqlx::FromRow)]
struct Worker {
    name: String,
    generation: i64,
}

impl CycleWorkers {
    /// The runbook on the demo database at `path`, which is opened when it is first needed.
    pub fn new(path: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(path);
        Self { database: SqlitePool::connect_lazy_with(options) }
    }

    async fn workers(&self, pool: &str) -> Result<Vec<Worker>, RunbookError> {
        sqlx::query_as("select name, generation from workers where pool = ? order by name")
            .bind(pool)
            .fetch_all(&self.database)
            .await
            .map_err(|error| RunbookError::Failed(error.into()))
    }

    async fn replace(&self, worker: &Worker, run: &Run<'_>) -> Result<(), RunbookError> {
        let now = run.now.strftime("%Y-%m-%d %H:%M:%S").to_string();
        sqlx::query("update workers set generation = ?, restarted_at = ? where name = ? and generation = ?")
            .bind(worker.generation + 1)
            .bind(now)
            .bind(&worker.name)
            .bind(worker.generation)
            .execute(&self.database)
            .await
            .map_err(|error| RunbookError::Unknown(error.into()))?;
        Ok(())
    }
}

#[async_trait]
impl Runbook for CycleWorkers {
    async fn plan(&self, permit: &Permit, fixed: &Fixed) -> Result<Plan, RunbookError> {
        let args: Args = parse(permit.args().clone())?;
        let workers = self.workers(&args.pool).await?;
        if workers.is_empty() {
            let sentence = format!("There is no worker pool called {}.", args.pool);
            return Err(RunbookError::Refused(Refusal::Blocked { sentence }));
        }
        let changes = workers.iter().map(|worker| FieldChange {
            of: Some(worker.name.clone()),
            field: "generation".to_owned(),
            before: Some(worker.generation.to_string()),
            after: Some((worker.generation + 1).to_string()),
        });
        let title =
            format!("Replace the {} workers of pool {}, one after the other", workers.len(), args.pool);
        Ok(Plan {
            steps: vec![Step { title, changes: changes.collect() }],
            warnings: vec!["While a worker is replaced, the pool works with one worker less.".to_owned()],
            fixed: fixed.clone(),
            payload: serde_json::json!(workers),
            ..Plan::default()
        })
    }

    async fn apply(&self, _permit: &Permit, run: Run<'_>) -> Result<Applied, RunbookError> {
        let workers: Vec<Worker> = parse(run.plan.payload.clone())?;
        let next: usize = run.state.map_or(Ok(0), |state| parse(state.clone()))?;
        let Some(worker) = workers.get(next) else {
            let summary = format!("All {} workers were replaced.", workers.len());
            return Ok(Applied::Done(Report { summary, table: None }));
        };
        self.replace(worker, &run).await?;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(Applied::Continue {
            state: serde_json::json!(next + 1),
            progress: Progress {
                done: count(next + 1),
                total: count(workers.len()),
                note: format!("{} is new", worker.name),
            },
            after: PER_WORKER,
        })
    }

    async fn interrupted(&self, _operation: &OperationId, _fence: u64) -> Result<Interrupted, RunbookError> {
        Ok(Interrupted::Again)
    }
}

fn parse<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T, RunbookError> {
    serde_json::from_value(value).map_err(|error| RunbookError::Failed(error.into()))
}
