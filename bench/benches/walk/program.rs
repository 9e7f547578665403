//! The measured program: built, started, looked at, stopped.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// What the program prints before its page's address, once everything runs.
const RUNS: &str = "Countersign runs. Open ";
/// No start and no end may take so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// The signal's number, on every Unix.
const SIGTERM: i32 = 15;

/// `countersign dev`, running.
pub(crate) struct Program {
    child: Child,
    page: String,
    /// Kept open, so that what the program prints later has somewhere to go.
    _output: BufReader<ChildStdout>,
}

/// The program's path: `COUNTERSIGN`, else the release build, which is made if it is not there or too old.
pub(crate) fn binary() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("COUNTERSIGN") {
        return Ok(PathBuf::from(named));
    }
    let mut build = std::process::Command::new(env!("CARGO"));
    if !build.args(["build", "--release", "-p", "countersign"]).status()?.success() {
        bail!("the release build failed");
    }
    // Cargo puts this benchmark into `deps`, beside which the programs lie.
    let here = std::env::current_exe()?;
    let folder = here.ancestors().nth(2).context("this program lies in no folder of cargo's")?;
    Ok(folder.join("countersign"))
}

impl Program {
    /// Starts it on `folder`; resolves once it says that it runs.
    pub(crate) async fn start(binary: &Path, folder: &Path) -> Result<Self> {
        let mut child = Command::new(binary)
            .args(["dev", "--port", "0", "--no-browser", "--data"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be started", binary.display()))?;
        let mut output = BufReader::new(child.stdout.take().context("the program has no output")?);
        let mut line = String::new();
        timeout(PATIENCE, output.read_line(&mut line))
            .await
            .context("the program does not say that it runs")??;
        let page = line.trim().strip_prefix(RUNS).with_context(|| format!("the program says `{line}`"))?;
        Ok(Self { page: page.to_owned(), child, _output: output })
    }

    /// The address of its page.
    pub(crate) fn page(&self) -> &str {
        &self.page
    }

    /// The memory that it has resident, in megabytes of 1,000,000 bytes (Linux).
    pub(crate) fn resident_megabytes(&self) -> Result<f64> {
        let id = self.child.id().context("the program has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS in status")?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1_024.0 / 1e6)
    }

    /// Stops it as Ctrl-C does, and waits until it has ended.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let id = self.child.id().context("the program has ended")?;
        Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        let ended = timeout(PATIENCE, self.child.wait()).await.context("the program does not stop")??;
        // In its first moments it does not catch the signal yet.
        if !ended.success() && ended.signal() != Some(SIGTERM) {
            bail!("the program ended with {ended}");
        }
        Ok(())
    }
}
