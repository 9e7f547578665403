//! Several processes on one DynamoDB table and in one workspace: any of them hears, counts and works.
//!
//! The table is an emulator's at `COUNTERSIGN_DYNAMODB`, which `cargo xtask aws` starts.

mod cut;
mod once;
mod way;

use std::time::Instant;

use crate::kill::product::Product;
use crate::program::{PATIENCE, ends};
use crate::serve::office::{Office, Program};
use crate::workspace::{BACKOFFICE, DEVELOPERS, Thread};

/// One workspace, one product, one table.
struct Replicas {
    office: Office,
    product: Product,
    table: String,
}

impl Replicas {
    async fn new() -> Self {
        let office = Office::new().await;
        let product = Product::counting(office.folder.path()).await;
        let table = format!("replicas-{}", ids());
        let replicas = Self { office, product, table };
        replicas.configured("countersign.toml", &emulator());
        let made = ends(replicas.office.folder.path(), &["ledger", "create"]).await;
        assert_eq!(made.code, 0, "{}", made.err);
        replicas
    }

    /// Writes a configuration that reaches the table at `endpoint`. The lease is as short as may be.
    fn configured(&self, name: &str, endpoint: &str) {
        let demo = include_str!("../../src/dev/demo.toml");
        let table = &self.table;
        let ledger = format!(
            "[ledger]\nlease = \"3s\"\n\
             dynamodb = {{ table = \"{table}\", region = \"eu-central-1\", endpoint = \"{endpoint}\" }}\n"
        );
        std::fs::write(self.office.folder.path().join(name), format!("{demo}\n{ledger}")).unwrap();
    }

    async fn starts(&self) -> Program {
        self.office.serves(&["--health", "127.0.0.1:0"]).await.with_addresses().await
    }

    /// ana asks for a change of an account.
    async fn asks(&self, account: &str) -> String {
        let text = format!("<@U0BOT> set {account} trial remaining to 14 days");
        self.office.workspace.says("ana", BACKOFFICE, &text).await
    }

    /// Both sign.
    async fn signs(&self, ts: &str) {
        let workspace = &self.office.workspace;
        workspace.thread_that(BACKOFFICE, ts, |thread| thread.says("Waiting for signatures")).await;
        workspace.signs("ana", BACKOFFICE, ts).await;
        workspace.signs("ben", BACKOFFICE, ts).await;
    }

    /// It comes to its end: once, and with one card.
    async fn is_done_once(&self, ts: &str, account: &str) {
        let thread = self.office.workspace.thread_that(BACKOFFICE, ts, Thread::is_done).await;
        assert_eq!(thread.answers.len(), 1, "one card, edited: {:#?}", thread.answers);
        for failed in ["x", "question"] {
            assert!(!thread.is_marked(failed), "{}", thread.root);
        }
        for signed in ["U0ANA", "U0BEN"] {
            assert!(thread.says(signed), "{:#?}", thread.answers);
        }
        assert_eq!(self.product.changes(account).await, 1, "{account}");
    }

    /// Long work, which has begun: four workers are replaced one after the other.
    async fn long_work_begins(&self) -> String {
        let workspace = &self.office.workspace;
        let ts = workspace.says("chloe", DEVELOPERS, "<@U0BOT> cycle workers of pool eu-west").await;
        workspace.thread_that(DEVELOPERS, &ts, |thread| thread.says("Waiting for signatures")).await;
        workspace.signs("chloe", DEVELOPERS, &ts).await;
        workspace.signs("dmitri", DEVELOPERS, &ts).await;
        workspace.thread_that(DEVELOPERS, &ts, |thread| thread.says(" of 4")).await;
        ts
    }

    /// All four were replaced, each once.
    async fn long_work_is_done_once(&self, ts: &str) {
        let thread = self.office.workspace.thread_that(DEVELOPERS, ts, Thread::is_done).await;
        assert!(thread.says("All 4 workers were replaced."), "{:#?}", thread.answers);
        assert_eq!(thread.answers.len(), 1, "one card, edited: {:#?}", thread.answers);
        for worker in 1..=4 {
            assert_eq!(self.product.changes(&format!("eu-west-{worker}")).await, 1, "worker {worker}");
        }
    }
}

/// Waits until it says that it is well (200), or not (503), and what it says then.
async fn is_well(program: &Program, wanted: u16) -> serde_json::Value {
    let asked = Instant::now();
    loop {
        let (status, health) = program.health().await;
        if status == wanted {
            return health;
        }
        assert!(asked.elapsed() < PATIENCE, "never so: {health}");
    }
}

#[expect(clippy::disallowed_methods, reason = "where the emulator is, is said from outside")]
fn emulator() -> String {
    std::env::var("COUNTERSIGN_DYNAMODB").expect("COUNTERSIGN_DYNAMODB=http://127.0.0.1:PORT")
}

/// A name that no other test has.
fn ids() -> String {
    use countersign_engine::ports::Ids as _;
    format!("{:032x}", countersign_engine::system::OsIds.random())
}
