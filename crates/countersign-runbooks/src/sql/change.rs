use countersign_core::ids::OperationId;
use countersign_core::operation::Report;
use countersign_core::plan::{Fixed, Plan, Step};
use countersign_engine::ports::{Applied, Interrupted, Run, RunbookError};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::config::ChangeWork;
use super::database::Database;
use super::error::{SqlError, blocked};
use super::rows::{Bound, Bounds, Rows};
use super::statement::{Statement, Verb};
use super::values::Values;
use super::{diff, marks};

/// The most rows that a preview may show.
const PREVIEW: Bounds = Bounds { keep: 200, count: 1 };

/// The rows around a change.
struct Sight {
    before: Rows,
    after: Rows,
}

/// A change and the database in which it happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) work: &'a ChangeWork,
    pub(super) database: &'a Database,
}

impl Change<'_> {
    /// Does it, looks, and takes it back.
    pub(super) async fn plan(self, args: &Value, fixed: &Fixed) -> Result<Plan, RunbookError> {
        let values = Values::new(args, fixed);
        let mut transaction = self.database.begin().await?;
        let sight = self.execute(&mut transaction, values).await;
        transaction.rollback().await.map_err(|error| self.database.explain(error))?;
        let sight = sight?;
        let changes = diff::changes(&sight.before, &sight.after);
        let warnings = match changes.as_slice() {
            [] => vec!["Nothing would change: it is so already.".to_owned()],
            _ => Vec::new(),
        };
        Ok(Plan {
            steps: vec![Step { title: self.title(args, &sight), changes }],
            warnings,
            irreversible: Vec::new(),
            fixed: fixed.clone(),
            payload: json!({ "before": sight.before.signed(), "after": sight.after.signed() }),
        })
    }

    /// Does it, if it still is what was signed, and marks the operation as done in the same transaction.
    pub(super) async fn apply(self, args: &Value, run: Run<'_>) -> Result<Applied, RunbookError> {
        let values = Values::new(args, &run.plan.fixed);
        let mut transaction = self.database.begin().await?;
        // Whatever ends this early drops the transaction, which rolls it back.
        let done = marks::find(&mut transaction, run.operation).await;
        if let Some(summary) = done.map_err(|error| self.database.explain(error))? {
            return Ok(Applied::Done(report(summary)));
        }
        let given_up = marks::is_given_up(&mut transaction, run.operation, run.fence).await;
        if given_up.map_err(|error| self.database.explain(error))? {
            return Err(SqlError::GivenUp.into());
        }
        self.execute_as_signed(&mut transaction, (values, run.plan)).await?;
        let summary = self.summary(args);
        let marked = marks::record(&mut transaction, run.operation, (run.now, &summary)).await;
        marked.map_err(|error| self.database.explain(error))?;
        match transaction.commit().await {
            Ok(()) => Ok(Applied::Done(report(summary))),
            Err(error) => self.after_failed_commit(run.operation, error).await,
        }
    }

    /// The mark tells whether it was done; if it was not, it may be done now, but not under `fence` any more.
    pub(super) async fn interrupted(
        self,
        operation: &OperationId,
        fence: u64,
    ) -> Result<Interrupted, RunbookError> {
        let explain = |error| self.database.explain(error);
        let mut transaction = self.database.begin().await?;
        if let Some(summary) = marks::find(&mut transaction, operation).await.map_err(explain)? {
            return Ok(Interrupted::Done(report(summary)));
        }
        marks::give_up(&mut transaction, operation, fence).await.map_err(explain)?;
        transaction.commit().await.map_err(explain)?;
        Ok(Interrupted::NotDone)
    }

    async fn after_failed_commit(
        self,
        operation: &OperationId,
        error: sqlx::Error,
    ) -> Result<Applied, RunbookError> {
        match self.find(operation).await {
            Ok(Some(summary)) => Ok(Applied::Done(report(summary))),
            _ => Err(RunbookError::Unknown(Box::new(self.database.explain(error)))),
        }
    }

    async fn find(self, operation: &OperationId) -> Result<Option<String>, SqlError> {
        let mut connection = self.database.reader().await?;
        marks::find(&mut connection, operation).await.map_err(|error| self.database.explain(error))
    }

    async fn execute_as_signed(
        self,
        connection: &mut SqliteConnection,
        (values, plan): (Values<'_>, &Plan),
    ) -> Result<(), RunbookError> {
        let signed = |key| plan.payload.get(key).ok_or(SqlError::ForeignPlan);
        let (before, after) = (signed("before")?, signed("after")?);
        if self.preview(connection, values).await?.signed() != *before {
            return Err(blocked("The row changed at the last moment; nothing was changed."));
        }
        let sight = self.execute(connection, values).await?;
        if sight.after.signed() != *after {
            return Err(blocked(
                "This would have done something else than what was signed; nothing was changed.",
            ));
        }
        Ok(())
    }

    async fn execute(
        self,
        connection: &mut SqliteConnection,
        values: Values<'_>,
    ) -> Result<Sight, RunbookError> {
        let before = self.preview(connection, values).await?;
        let touched = self.bound(&self.work.execute, values).execute(connection).await?;
        self.check(touched, values.args())?;
        let after = self.preview(connection, values).await?;
        Ok(Sight { before, after })
    }

    async fn preview(
        self,
        connection: &mut SqliteConnection,
        values: Values<'_>,
    ) -> Result<Rows, RunbookError> {
        let rows = self.bound(&self.work.preview, values).fetch(connection, PREVIEW).await?;
        if rows.left_out > 0 {
            return Err(blocked(format!(
                "This is about more than {} rows, too many to look at.",
                PREVIEW.keep
            )));
        }
        Ok(rows)
    }

    fn bound<'b>(self, statement: &'b Statement, values: Values<'b>) -> Bound<'b>
    where
        Self: 'b,
    {
        Bound { database: self.database, statement, values }
    }

    fn check(self, touched: u64, args: &Value) -> Result<(), RunbookError> {
        let wanted = self.work.rows;
        match touched {
            n if n == wanted => Ok(()),
            0 => Err(blocked(match &self.work.missing {
                Some(missing) => missing.fill(args),
                None => "Nothing there to change: no row matches.".to_owned(),
            })),
            n if n > wanted => {
                let allowed = if wanted == 1 { "is" } else { "are" };
                Err(blocked(format!("This would touch {}, and only {wanted} {allowed} allowed.", count(n))))
            }
            n => Err(blocked(format!("This would touch {}, and it has to be exactly {wanted}.", count(n)))),
        }
    }

    fn title(self, args: &Value, sight: &Sight) -> String {
        if let Some(title) = &self.work.title {
            return title.fill(args);
        }
        let rows = count(self.work.rows);
        let title = match self.target() {
            Some((Verb::Insert, table)) => format!("Add {rows} to {table}"),
            Some((Verb::Update, table)) => format!("Update {rows} of {table}"),
            Some((Verb::Delete, table)) => format!("Delete {rows} from {table}"),
            Some((Verb::Replace, table)) => format!("Replace {rows} of {table}"),
            None => format!("Change {rows}"),
        };
        match diff::only_row(&sight.before, &sight.after) {
            Some(name) => format!("{title}: {name}"),
            None => title,
        }
    }

    fn summary(self, args: &Value) -> String {
        if let Some(done) = &self.work.done {
            return done.fill(args);
        }
        let rows = count(self.work.rows);
        match self.target() {
            Some((Verb::Insert, table)) => format!("Added {rows} to {table}."),
            Some((Verb::Update, table)) => format!("Updated {rows} of {table}."),
            Some((Verb::Delete, table)) => format!("Deleted {rows} from {table}."),
            Some((Verb::Replace, table)) => format!("Replaced {rows} of {table}."),
            None => format!("Changed {rows}."),
        }
    }

    fn target(&self) -> Option<(Verb, &str)> {
        self.work.execute.target().map(|target| (target.verb, target.table.as_str()))
    }
}

fn report(summary: String) -> Report {
    Report { summary, table: None }
}

fn count(rows: u64) -> String {
    match rows {
        1 => "1 row".to_owned(),
        n => format!("{n} rows"),
    }
}
