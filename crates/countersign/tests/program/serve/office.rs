//! A workspace, a product, and the program that serves them.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;

use jiff::Timestamp;
use slack_emulator::{Emulator, Options, Seed, StoreLocation};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::watch;

use crate::program::{PATIENCE, Said, countersign};
use crate::workspace::Workspace;

pub const SECRET: &str = "0123456789abcdef0123456789abcdef";
const BEGINNING: &str = "2026-11-20T09:00:00Z";

/// What does not end with the program.
pub struct Office {
    pub emulator: Emulator,
    pub workspace: Workspace,
    pub folder: TempDir,
}

impl Office {
    pub async fn new() -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("countersign.toml");
        std::fs::write(config, include_str!("../../../src/dev/demo.toml")).unwrap();
        let beginning: Timestamp = BEGINNING.parse().unwrap();
        countersign::dev::make_demo_database(&folder.path().join("demo.db"), beginning).await.unwrap();
        let options = Options { store: StoreLocation::Memory, seed: Seed::demo(), ..Options::default() };
        let emulator = Emulator::start(Options { clock: Arc::new(slack_emulator::SystemClock), ..options })
            .await
            .unwrap();
        let workspace = Workspace::at(&emulator.url());
        let office = Self { emulator, workspace, folder };
        office.keeps_tokens("xoxb-backoffice", "xapp-backoffice", SECRET);
        office
    }

    /// Writes the tokens to the file that the program reads.
    pub fn keeps_tokens(&self, bot: &str, app: &str, secret: &str) {
        let tokens =
            serde_json::json!({"bot_token": bot, "app_token": app, "signing_secret": secret}).to_string();
        let (new, file) = (self.folder.path().join("tokens.new"), self.tokens());
        std::fs::write(&new, tokens).unwrap();
        std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::rename(&new, file).unwrap();
    }

    pub fn tokens(&self) -> PathBuf {
        self.folder.path().join("tokens.json")
    }

    /// `countersign serve` with these arguments, which has not begun.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command =
            countersign(self.folder.path(), &["serve", "--slack-api-url", &self.emulator.api_url()]);
        command.arg("--tokens").arg(self.tokens()).args(arguments);
        command
    }

    /// Starts it, and waits until it hears what is said.
    pub async fn serves(&self, arguments: &[&str]) -> Program {
        Program::start(self.command(arguments)).await
    }

    /// Runs it until it ends by itself.
    pub async fn ends(&self, arguments: &[&str]) -> Said {
        ends(self.command(arguments)).await
    }

    /// How many deliveries with keys like this are stored.
    pub async fn rows(&self, like: &str) -> i64 {
        rows(&self.folder.path().join("ledger.db"), like).await
    }
}

/// Runs a command until it ends by itself.
pub async fn ends(mut command: Command) -> Said {
    let output = tokio::time::timeout(PATIENCE, command.output()).await.expect("it does not end").unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(!err.contains("panicked"), "{err}");
    Said { code: output.status.code().unwrap(), out: String::from_utf8(output.stdout).unwrap(), err }
}

async fn rows(ledger: &Path, like: &str) -> i64 {
    let mut db = SqliteConnectOptions::new().filename(ledger).connect().await.unwrap();
    sqlx::query_scalar("select count(*) from inbox where key like ?")
        .bind(like)
        .fetch_one(&mut db)
        .await
        .unwrap()
}

/// `countersign serve`, running.
pub struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    err: watch::Receiver<String>,
    /// Where Slack's requests go, if they do.
    pub http: Option<String>,
    /// Where it says how it is.
    pub health: Option<String>,
}

impl Program {
    pub async fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (said, err) = watch::channel(String::new());
        let mut from = child.stderr.take().unwrap();
        tokio::spawn(async move {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = from.read(&mut bytes).await {
                let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
                said.send_modify(|all| all.push_str(&text));
            }
        });
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut program = Self { child, lines, err, http: None, health: None };
        let first = program.line().await;
        assert!(first.starts_with("Countersign serves"), "{first} {}", program.err.borrow().clone());
        program
    }

    /// Reads the addresses that it prints after its greeting.
    pub async fn with_addresses(mut self) -> Self {
        while self.health.is_none() {
            let line = self.line().await;
            match line.split_once(": ").unwrap() {
                ("Health", address) => self.health = Some(address.to_owned()),
                (_, address) => self.http = Some(address.to_owned()),
            }
        }
        self
    }

    async fn line(&mut self) -> String {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await.expect("it says nothing");
        line.unwrap().unwrap_or_default()
    }

    /// All that it wrote to standard error, once `words` are among it.
    pub async fn complains(&mut self, words: &str) -> String {
        let said = self.err.wait_for(|said| said.contains(words));
        tokio::time::timeout(PATIENCE, said).await.expect("it never complains").unwrap().clone()
    }

    /// Sends it a signal.
    pub async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().await.unwrap().success());
    }

    /// Waits until it ends by itself: all that it wrote to standard error, and its exit code.
    pub async fn ends(mut self) -> (String, Option<i32>) {
        let status =
            tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it does not end").unwrap();
        // The last of it may still be on its way.
        while self.err.changed().await.is_ok() {}
        (self.err.borrow().clone(), status.code())
    }

    /// Asks it to end; what it said last, and how it ended.
    pub async fn stops(mut self) -> (String, ExitStatus) {
        self.signal("TERM").await;
        let mut last = String::new();
        while let Some(line) =
            tokio::time::timeout(PATIENCE, self.lines.next_line()).await.expect("it does not end").unwrap()
        {
            last = line;
        }
        let said = self.err.borrow().clone();
        assert!(!said.contains("panicked"), "{said}");
        (last, self.child.wait().await.unwrap())
    }

    /// `kill -9`, until the process is gone.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// How it says it is: the status, and the body.
    pub async fn health(&self) -> (u16, serde_json::Value) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = http.get(self.health.as_deref().unwrap()).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}
