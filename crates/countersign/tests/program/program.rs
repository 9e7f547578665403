//! The program as a process.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::workspace::Workspace;

/// What takes longer than this never comes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The program with `arguments`, in `folder`, and with nothing of this machine's configuration.
pub fn countersign(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.args(arguments).current_dir(folder).env_clear().env("HOME", folder).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What the program said when it ended by itself.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// Exit code and standard error, as a person sees them; `folder` and `port` differ from run to run.
    pub fn error(&self, folder: &Path, port: Option<&str>) -> String {
        let mut text = self.err.replace(&folder.display().to_string(), "[dir]");
        if let Some(port) = port {
            text = text.replace(port, "[port]");
        }
        format!("{text}exit code {}", self.code)
    }
}

/// Runs the program until it ends. A panic fails the test, whatever else it expects.
pub async fn ends(folder: &Path, arguments: &[&str]) -> Said {
    let running = countersign(folder, arguments).output();
    let Output { status, stdout, stderr } =
        tokio::time::timeout(PATIENCE, running).await.expect("the program does not end").unwrap();
    let err = String::from_utf8(stderr).unwrap();
    assert!(!err.contains("panicked"), "{arguments:?}: {err}");
    Said { code: status.code().unwrap(), out: String::from_utf8(stdout).unwrap(), err }
}

/// `countersign dev`, running.
pub struct Dev {
    child: Child,
    pub folder: TempDir,
    pub workspace: Workspace,
    more: Vec<String>,
    err: watch::Receiver<String>,
}

impl Dev {
    /// Starts on a new folder.
    pub async fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap(), &[]).await
    }

    /// Starts on `folder`, with `more` arguments.
    pub async fn on(folder: TempDir, more: &[&str]) -> Self {
        let more: Vec<String> = more.iter().map(|&argument| argument.to_owned()).collect();
        let (child, err, url) = start(&folder, &more, 0).await.expect("dev starts");
        Self { child, folder, workspace: Workspace::at(&url), more, err }
    }

    /// `kill -9`, until the process is gone.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
        let said = self.err.borrow().clone();
        assert!(!said.contains("panicked"), "{said}");
    }

    /// Starts again where it was.
    pub async fn start_again(&mut self) {
        let port = self.workspace.port();
        // Somebody else's outgoing connection may have taken the port meanwhile; then any will do.
        let (child, err, url) = match start(&self.folder, &self.more, port).await {
            Ok(started) => started,
            Err(said) if said.contains("is in use") => {
                start(&self.folder, &self.more, 0).await.expect("dev starts again")
            }
            Err(said) => panic!("dev does not start again: {said}"),
        };
        self.child = child;
        self.err = err;
        self.workspace = Workspace::at(&url);
    }

    /// Kills it and starts it again.
    pub async fn kill_and_start(&mut self) {
        self.kill().await;
        self.start_again().await;
    }

    /// All that it wrote to standard error, once `words` are among it and the line is whole.
    pub async fn complains(&mut self, words: &str) -> String {
        let said = self.err.wait_for(|said| said.contains(words) && said.ends_with('\n'));
        let said = tokio::time::timeout(PATIENCE, said).await.expect("it never complains").unwrap();
        said.clone()
    }

    /// What it wrote to standard error so far.
    pub fn complaints(&self) -> String {
        self.err.borrow().clone()
    }

    /// Is it still there?
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

type Started = (Child, watch::Receiver<String>, String);

/// Starts `dev` and waits for the page's address; what it said instead when it has none.
async fn start(folder: &TempDir, more: &[String], port: u16) -> Result<Started, String> {
    let port = port.to_string();
    let data = folder.path().to_str().unwrap();
    let mut arguments = vec!["dev", "--data", data, "--port", &port, "--no-browser"];
    arguments.extend(more.iter().map(String::as_str));
    let mut child = countersign(folder.path(), &arguments).spawn().unwrap();
    let (said, err) = watch::channel(String::new());
    let mut from = child.stderr.take().unwrap();
    let heard = tokio::spawn(async move {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut bytes).await {
            let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
            said.send_modify(|all| all.push_str(&text));
        }
    });
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let greeting =
        tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("dev says nothing").unwrap();
    match greeting.as_deref().and_then(|line| line.rsplit_once(' ')) {
        Some((_, page)) => Ok((child, err, page.trim_end_matches('/').to_owned())),
        None => {
            heard.await.unwrap();
            Err(err.borrow().clone())
        }
    }
}
