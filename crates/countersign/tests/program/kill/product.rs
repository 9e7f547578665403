//! The product's database, which counts for itself how often a row was changed.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

/// A dry run leaves nothing here: what it writes is rolled back with it.
const COUNT_CHANGES: &str = "
create table changes (what text not null) strict;
create trigger account_changed after update on accounts begin insert into changes values (new.subdomain); end;
create trigger worker_changed after update on workers begin insert into changes values (new.name); end;
";

pub struct Product(PathBuf);

impl Product {
    /// The demo's database in `folder`; from now on it counts.
    pub async fn counting(folder: &Path) -> Self {
        let product = Self(folder.join("demo.db"));
        let mut db = product.open().await;
        db.execute(COUNT_CHANGES).await.unwrap();
        db.close().await.unwrap();
        product
    }

    /// How often the account or worker `what` was changed.
    pub async fn changes(&self, what: &str) -> i64 {
        self.count("select count(*) from changes where what = ?", what).await
    }

    /// How often the operation was recorded as applied.
    pub async fn applied(&self, operation: &str) -> i64 {
        self.count("select count(*) from countersign_operations where operation = ?", operation).await
    }

    /// How many operations were applied in all.
    pub async fn operations(&self) -> i64 {
        self.count("select count(*) from countersign_operations where operation <> ?", "").await
    }

    /// Accounts to work on.
    pub async fn accounts(&self, count: i64) -> Vec<String> {
        let mut db = self.open().await;
        let found = sqlx::query_scalar("select subdomain from accounts order by id limit ?")
            .bind(count)
            .fetch_all(&mut db)
            .await
            .unwrap();
        db.close().await.unwrap();
        found
    }

    async fn count(&self, sql: &'static str, what: &str) -> i64 {
        let mut db = self.open().await;
        let count = sqlx::query_scalar(sql).bind(what).fetch_one(&mut db).await.unwrap();
        db.close().await.unwrap();
        count
    }

    async fn open(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(&self.0).connect().await.unwrap()
    }
}
