//! A database that somebody else holds: it is said, nothing is lost, and it works once they let go.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

use crate::program::{Dev, ends};
use crate::workspace::{BACKOFFICE, Thread};

/// Holds `database` so that nobody else can write it, or read it unless it keeps a write-ahead log.
async fn held(database: &Path) -> SqliteConnection {
    let mut holder = SqliteConnectOptions::new().filename(database).connect().await.unwrap();
    holder.execute("begin exclusive").await.unwrap();
    holder
}

#[tokio::test]
async fn the_product_database_at_the_start() {
    let mut running = Dev::new().await;
    running.kill().await;
    let folder = running.folder.path();
    let holder = held(&folder.join("demo.db")).await;
    let data = folder.to_str().unwrap();
    let said = ends(folder, &["dev", "--data", data, "--port", "0", "--no-browser"]).await;
    insta::assert_snapshot!(said.error(folder, None), @"
    The demo database cannot be used: another program holds [dir]/demo.db; let it finish, and start again: error returned from database: (code: 5) database is locked.
    exit code 1
    ");
    holder.close().await.unwrap();
    running.start_again().await;
    assert!(running.workspace.help().await.contains("trial remaining to"));
}

/// What is said meanwhile waits for the ledger, and is not lost.
#[tokio::test]
async fn the_ledger_while_somebody_asks() {
    let dev = Dev::new().await;
    let holder = held(&dev.folder.path().join("ledger.db")).await;
    let request = "<@U0BOT> set acme trial remaining to 14 days";
    let ts = dev.workspace.says("ana", BACKOFFICE, request).await;
    assert!(
        dev.workspace.thread(BACKOFFICE, &ts).await.answers.is_empty(),
        "nothing goes on without the ledger"
    );
    holder.close().await.unwrap();
    dev.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
}

#[tokio::test]
async fn the_product_database_while_a_plan_is_made() {
    let dev = Dev::new().await;
    let holder = held(&dev.folder.path().join("demo.db")).await;
    let ts = dev.workspace.says("ana", BACKOFFICE, "<@U0BOT> set acme trial remaining to 14 days").await;
    // The marker and the card are drawn side by side: either may be there first.
    let failed = |thread: &Thread| thread.is_marked("x") && thread.says("It did not work");
    dev.workspace.thread_that(BACKOFFICE, &ts, failed).await;
    holder.close().await.unwrap();
    let ts = dev.workspace.says("ana", BACKOFFICE, "<@U0BOT> set acme trial remaining to 14 days").await;
    dev.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
    dev.workspace.help().await;
    dev.workspace.signs("ana", BACKOFFICE, &ts).await;
    dev.workspace.signs("ben", BACKOFFICE, &ts).await;
    dev.workspace.thread_that(BACKOFFICE, &ts, Thread::is_done).await;
}
