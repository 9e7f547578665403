//! A receiver as a process of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::{SECRET, peers};

/// No start may take longer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Clock ticks in a second, as on every Linux.
const TICKS: f64 = 100.0;

/// What is measured.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// So many times fewer events are sent to it.
    pub(crate) slowness: usize,
    program: PathBuf,
    arguments: Vec<String>,
}

impl Subject {
    /// Everything that takes signed requests; what is not installed is left out, and said.
    pub(crate) fn over_http() -> Vec<Self> {
        let mut subjects = vec![Self::own("bare axum + HMAC, stores nothing", "bare")];
        subjects.push(Self::own("bare axum + HMAC + SQLite", "bare-storing"));
        subjects.push(Self::own("Countersign", "countersign-http"));
        subjects.extend(peers::node("Bolt for JavaScript 5.1.0, stores nothing", "bolt.mjs", 6));
        subjects.extend(peers::python("Bolt for Python 1.30 (aiohttp), stores nothing", "bolt_http.py", 10));
        subjects
    }

    /// Everything that takes envelopes over Socket Mode.
    pub(crate) fn over_socket() -> Vec<Self> {
        let mut subjects = vec![Self::own("Countersign", "countersign-socket")];
        subjects.extend(peers::node("@slack/socket-mode (Bolt 5.1.0), stores nothing", "bolt.mjs", 3));
        subjects.extend(peers::python("slack_sdk 3.47, stores nothing", "sdk_socket.py", 10));
        subjects
    }

    fn own(name: &'static str, serve: &str) -> Self {
        let program = std::env::current_exe().unwrap_or_default();
        Self { name, slowness: 1, program, arguments: vec!["--serve".to_owned(), serve.to_owned()] }
    }

    pub(crate) fn peer(name: &'static str, program: PathBuf, (script, slowness): (&Path, usize)) -> Self {
        Self { name, slowness, program, arguments: vec![script.display().to_string()] }
    }
}

/// A receiver, running.
pub(crate) struct Receiver {
    pub(crate) port: u16,
    child: Child,
    _output: BufReader<ChildStdout>,
}

impl Receiver {
    /// Starts it; resolves once it says that it is ready. `None`: it cannot be started here.
    pub(crate) async fn start(subject: &Subject, api: Option<&str>) -> Result<Option<Self>> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new(&subject.program)
            .args(&subject.arguments)
            .env("PORT", port.to_string())
            .env("SIGNING_SECRET", SECRET)
            .env("MODE", if api.is_some() { "socket" } else { "http" })
            .env("API_URL", api.unwrap_or_default())
            .env("NODE_MODULES", peers::modules())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let Ok(mut child) = child else {
            println!("left out: {} cannot be started", subject.name);
            return Ok(None);
        };
        let mut output = BufReader::new(child.stdout.take().context("it has no output")?);
        let mut line = String::new();
        tokio::time::timeout(PATIENCE, output.read_line(&mut line)).await??;
        if line.trim() != "ready" {
            println!("left out: {} says {line:?}", subject.name);
            return Ok(None);
        }
        Ok(Some(Self { port, child, _output: output }))
    }

    /// The same receiver, started anew.
    pub(crate) async fn again(mut self, subject: &Subject) -> Result<Self> {
        self.child.kill().await?;
        Self::start(subject, None).await?.context("it does not start twice")
    }

    /// Processor time that it has used, in seconds.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        let stat = self.proc("stat")?;
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |index: usize| fields.get(index).and_then(|ticks| ticks.parse::<f64>().ok());
        let (user, system) = (ticks(11).context("no user time")?, ticks(12).context("no system time")?);
        Ok((user + system) / TICKS)
    }

    /// Its resident memory, in MB of 1,000,000 bytes.
    pub(crate) fn resident_mb(&self) -> Result<f64> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1_024.0 / 1_000_000.0)
    }

    fn proc(&self, file: &str) -> Result<String> {
        let id = self.child.id().context("it is gone")?;
        Ok(std::fs::read_to_string(format!("/proc/{id}/{file}"))?)
    }
}
