mod applying;
mod injection;
mod opening;
mod planning;
mod reading;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::command::spec::Risk;
use countersign_core::ids::OperationId;
use countersign_core::operation::Report;
use countersign_core::plan::{Fixed, Plan};
use countersign_core::policy::{Permit, Refusal};
use countersign_engine::ports::{Applied, Interrupted, Run, Runbook, RunbookError};
use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Row, SqliteConnection};
use tempfile::TempDir;

use super::{Database, DatabaseError, Limits, SqlConfig, SqlRunbook};

/// A product's database with a few accounts.
struct Product {
    folder: TempDir,
    database: Arc<Database>,
}

const SEED: &str = "
    create table accounts (
        subdomain text primary key, plan text not null check (plan <> 'forbidden'),
        trial_ends_at text, seats integer, ratio real, logo blob
    );
    insert into accounts values
        ('acme', 'free', null, 3, 0.1, x'00ff'),
        ('globex', 'pro', '2026-01-01 00:00:00', null, 2.0, null),
        ('initech', 'free', null, 7, 1e300, null);
";

impl Product {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("app.db");
        sqlx::raw_sql(SEED).execute(&mut tool(&path).await).await.unwrap();
        let limits = Limits { busy: Duration::from_millis(20), ..Limits::default() };
        let database = Arc::new(Database::open_with(&url(&path), limits).await.unwrap());
        Self { folder, database }
    }

    /// A connection past the runbook, as the product itself has it.
    async fn tool(&self) -> SqliteConnection {
        tool(&self.folder.path().join("app.db")).await
    }

    async fn execute(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&mut self.tool().await).await.unwrap();
    }

    /// Everything in a table, as SQL would write it.
    async fn dump(&self) -> Vec<String> {
        let sql = "select concat_ws('|', quote(subdomain), quote(plan), quote(trial_ends_at), quote(seats), \
                   quote(ratio), quote(logo)) from accounts order by subdomain";
        let rows = sqlx::query(sql).fetch_all(&mut self.tool().await).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    async fn marks(&self) -> i64 {
        let sql = "select count(*) from countersign_operations";
        sqlx::query_scalar(sql).fetch_one(&mut self.tool().await).await.unwrap()
    }

    fn runbook(&self, config: SqlConfig, arguments: &[&str]) -> SqlRunbook {
        let arguments: Vec<String> = arguments.iter().map(|name| (*name).to_owned()).collect();
        SqlRunbook::new(config, Arc::clone(&self.database), &arguments).unwrap()
    }

    fn set_trial(&self) -> SqlRunbook {
        self.runbook(set_trial(), &["subdomain", "days"])
    }
}

async fn tool(path: &std::path::Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    options.connect().await.unwrap()
}

fn url(path: &std::path::Path) -> String {
    format!("sqlite:{}", path.display())
}

fn set_trial() -> SqlConfig {
    SqlConfig {
        database: "app".to_owned(),
        preview: Some(
            "select subdomain, plan, trial_ends_at from accounts where subdomain = :subdomain".to_owned(),
        ),
        execute: Some(
            "update accounts set plan = 'enterprise', \
             trial_ends_at = datetime(:now, '+' || :days || ' days') where subdomain = :subdomain"
                .to_owned(),
        ),
        rows: Some(1),
        ..SqlConfig::default()
    }
}

fn change(preview: &str, execute: &str, rows: u64) -> SqlConfig {
    SqlConfig {
        database: "app".to_owned(),
        preview: Some(preview.to_owned()),
        execute: Some(execute.to_owned()),
        rows: Some(rows),
        ..SqlConfig::default()
    }
}

fn query(sql: &str) -> SqlConfig {
    SqlConfig { database: "app".to_owned(), query: Some(sql.to_owned()), ..SqlConfig::default() }
}

/// Policy's yes to exactly these arguments.
fn permit(args: &Value) -> Permit {
    crate::fixture::permit(Risk::Low, args)
}

fn acme(days: i64) -> Permit {
    permit(&json!({"subdomain": "acme", "days": days}))
}

fn fixed() -> Fixed {
    [("now".to_owned(), json!("2026-11-20T12:00:00Z"))].into()
}

fn operation(number: u128) -> OperationId {
    OperationId::from_parts(1_800_000_000_000, number)
}

fn run<'a>(operation: &'a OperationId, plan: &'a Plan) -> Run<'a> {
    Run { operation, fence: 2, plan, state: None, now: Timestamp::UNIX_EPOCH }
}

fn done(summary: &str) -> Applied {
    Applied::Done(Report { summary: summary.to_owned(), table: None })
}

fn sentence(error: RunbookError) -> String {
    match error {
        RunbookError::Refused(Refusal::Blocked { sentence }) => sentence,
        other => panic!("no refusal: {other:?}"),
    }
}

fn cause(error: &RunbookError) -> String {
    assert!(matches!(error, RunbookError::Failed(_)), "{error:?}");
    std::error::Error::source(error).unwrap().to_string()
}

fn database_file(product: &Product) -> PathBuf {
    product.folder.path().join("app.db")
}
