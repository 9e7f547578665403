//! The demo's product: a SaaS database with accounts, subscriptions and workers.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

/// So many accounts beside the two that everybody knows.
const MORE_ACCOUNTS: usize = 300;
/// The worker pools, with four workers each.
const POOLS: [&str; 3] = ["eu-west", "us-east", "us-west"];

const SCHEMA: &str = "
create table accounts (
    id            integer primary key,
    subdomain     text not null unique,
    name          text not null,
    owner_email   text not null,
    plan          text not null check (plan in ('free', 'trial', 'team', 'enterprise')),
    trial_ends_at text,
    seats         integer not null,
    last_seen_at  text not null,
    note          text not null default ''
) strict;
create table subscriptions (
    id         integer primary key,
    account_id integer not null references accounts (id),
    product    text not null,
    status     text not null check (status in ('active', 'past_due', 'cancelled')),
    cents      integer not null,
    renews_at  text not null
) strict;
create table diagnostics (
    account_id  integer primary key references accounts (id),
    queue_depth integer not null,
    failed_jobs integer not null,
    last_error  text,
    storage_mb  integer not null
) strict;
create table workers (
    name         text primary key,
    pool         text not null,
    generation   integer not null,
    state        text not null check (state in ('running', 'draining')),
    version      text not null,
    restarted_at text not null
) strict;
";

const FIRST: [&str; 20] = [
    "amber", "birch", "cobalt", "delta", "ember", "fjord", "garnet", "harbor", "indigo", "juniper",
    "kestrel", "lumen", "maple", "nimbus", "onyx", "pepper", "quartz", "raven", "sierra", "tundra",
];
const SECOND: [&str; 15] = [
    "works", "labs", "foods", "media", "bank", "cloud", "games", "health", "motors", "press", "rail",
    "solar", "studio", "travel", "wind",
];

/// Makes the demo database at `path`, unless it is there. Dates are counted from `now`.
///
/// # Errors
/// When the file cannot be made or read.
pub async fn make(path: &Path, now: Timestamp) -> anyhow::Result<()> {
    let options =
        SqliteConnectOptions::new().filename(path).create_if_missing(true).disable_statement_logging();
    let mut db = options.connect().await.map_err(|error| explained(path, error))?;
    let tables = sqlx::query_scalar::<_, i64>("select count(*) from sqlite_schema where name = 'accounts'");
    let there = tables.fetch_one(&mut db).await.map_err(|error| explained(path, error))?;
    if there == 0 {
        fill(&mut db, now).await.map_err(|error| explained(path, error))?;
    }
    db.close().await?;
    Ok(())
}

/// What an error means for the person who starts the demo.
fn explained(path: &Path, error: sqlx::Error) -> anyhow::Error {
    let path = path.display();
    // The primary result code is the low byte of the extended one (sqlite.org/rescode.html).
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    let sentence = match code.map(|code| code & 0xff) {
        Some(5 | 6) => format!("another program holds {path}; let it finish, and start again"),
        Some(8 | 13 | 14) => {
            format!("{path} cannot be written; check who owns it and whether the disk is full")
        }
        _ => format!("{path} is damaged, or no demo database; move it away, or start over with --fresh"),
    };
    anyhow::Error::new(error).context(sentence)
}

async fn fill(db: &mut SqliteConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    let mut transaction = db.begin().await?;
    transaction.execute(SCHEMA).await?;
    let two_days = Some(days_from(now, 2));
    account(&mut transaction, now, (1, "acme", "Acme Corporation", "trial", two_days)).await?;
    account(&mut transaction, now, (2, "globex", "Globex", "team", None)).await?;
    for n in 0..MORE_ACCOUNTS {
        let (first, second) = (pick(&FIRST, n), pick(&SECOND, n / FIRST.len()));
        let plan = pick(&["free", "trial", "team", "enterprise"], n.wrapping_mul(7));
        let ends = (plan == "trial").then(|| days_from(now, i64::try_from(n % 45).unwrap_or_default()));
        let subdomain = format!("{first}-{second}");
        let name = format!("{} {}", capital(first), capital(second));
        account(&mut transaction, now, (n + 3, &subdomain, &name, plan, ends)).await?;
    }
    for pool in POOLS {
        for n in 1..=4 {
            sqlx::query("insert into workers values (?, ?, 1, 'running', '2026.11.2', ?)")
                .bind(format!("{pool}-{n}"))
                .bind(pool)
                .bind(days_from(now, -9))
                .execute(&mut *transaction)
                .await?;
        }
    }
    transaction.commit().await
}

async fn account(
    db: &mut SqliteConnection,
    now: Timestamp,
    (n, subdomain, name, plan, ends): (usize, &str, &str, &str, Option<String>),
) -> Result<(), sqlx::Error> {
    let id = i64::try_from(n).unwrap_or_default();
    sqlx::query("insert into accounts (id, subdomain, name, owner_email, plan, trial_ends_at, seats, last_seen_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(id)
        .bind(subdomain)
        .bind(name)
        .bind(format!("owner@{subdomain}.example"))
        .bind(plan)
        .bind(ends)
        .bind(id % 40 + 1)
        .bind(days_from(now, -(id % 20)))
        .execute(&mut *db)
        .await?;
    sqlx::query("insert into subscriptions (account_id, product, status, cents, renews_at) values (?, 'core', ?, ?, ?)")
        .bind(id)
        .bind(pick(&["active", "active", "active", "past_due", "cancelled"], n))
        .bind((id % 9 + 1) * 4_900)
        .bind(days_from(now, id % 30 + 1))
        .execute(&mut *db)
        .await?;
    sqlx::query("insert into diagnostics values (?, ?, ?, ?, ?)")
        .bind(id)
        .bind(id * 13 % 50)
        .bind(id % 4)
        .bind((id % 4 > 0).then_some("timeout while delivering a webhook"))
        .bind(id * 37 % 5_000)
        .execute(&mut *db)
        .await?;
    Ok(())
}

fn pick<'a>(list: &[&'a str], n: usize) -> &'a str {
    list.get(n % list.len().max(1)).copied().unwrap_or_default()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `days` from `now`, as SQLite's date functions write it.
fn days_from(now: Timestamp, days: i64) -> String {
    let then = now + SignedDuration::from_hours(24 * days);
    then.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("demo.db");
        make(&path, Timestamp::UNIX_EPOCH).await.unwrap();
        let mut db = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
        sqlx::query("update accounts set plan = 'free' where subdomain = 'acme'")
            .execute(&mut db)
            .await
            .unwrap();
        make(&path, Timestamp::UNIX_EPOCH).await.unwrap();
        let plan: String = sqlx::query_scalar("select plan from accounts where subdomain = 'acme'")
            .fetch_one(&mut db)
            .await
            .unwrap();
        assert_eq!(plan, "free");
        let count: i64 =
            sqlx::query_scalar("select count(*) from accounts").fetch_one(&mut db).await.unwrap();
        assert_eq!(count, 302);
    }
}
