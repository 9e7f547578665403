//! A function that is measured.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command as Process;

use crate::cloud::Cloud;

const PATIENCE: Duration = Duration::from_secs(20);

/// A function that is measured.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// The size of its zip, in bytes.
    pub(crate) zipped: Option<f64>,
    /// An event that it answers by itself.
    pub(crate) plain: String,
    /// An event for which it asks AWS.
    pub(crate) asking: String,
    command: Vec<PathBuf>,
}

/// One start.
pub(crate) struct Start {
    /// From the start of the process to its first answer.
    pub(crate) millis: f64,
    /// What it held when it answered.
    pub(crate) megabytes: f64,
}

impl Function {
    /// The whitelist's, the bare one, and Python's where boto3 is installed.
    pub(crate) fn all() -> Result<Vec<Self>> {
        let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = bench.parent().context("the project's root")?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        built(&["--profile=lambda", "--package=ip-whitelist-manager", "--features=lambda"], root, &target)?;
        let peers = target.join("peers/bare-lambda");
        built(&["--release"], &bench.join("peers/bare-lambda"), &peers)?;
        let query = r#"{"query": true}"#;
        let mut all = vec![
            Self::of(
                "the whitelist's",
                target.join("lambda/ip-whitelist-manager"),
                (r#"{"Records": []}"#, r#"{"tick": "sweep"}"#),
            )?,
            Self::of("bare, with a DynamoDB client", peers.join("release/bare-lambda"), ("{}", query))?,
        ];
        let peers = std::env::var_os("PEERS").map_or_else(|| target.join("peers"), PathBuf::from);
        let python = peers.join("python/bin/python");
        let script = bench.join("peers/lambda_boto3.py");
        if Command::new(&python)
            .args(["-c", "import boto3"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|end| end.success())
        {
            let (plain, asking) = ("{}".to_owned(), query.to_owned());
            all.push(Self {
                name: "Python with boto3",
                zipped: None,
                plain,
                asking,
                command: vec![python, script],
            });
        } else {
            println!("left out: Python with boto3, which is not at {}", python.display());
        }
        Ok(all)
    }

    fn of(name: &'static str, program: PathBuf, (plain, asking): (&str, &str)) -> Result<Self> {
        let zipped = Some(zipped(&program)?);
        Ok(Self { name, zipped, plain: plain.to_owned(), asking: asking.to_owned(), command: vec![program] })
    }

    /// Starts it, and waits for its first answer.
    pub(crate) async fn start(&self, cloud: &Cloud, event: &str) -> Result<Start> {
        let answer = cloud.expects(event)?;
        let (program, arguments) = self.command.split_first().context("a program")?;
        let began = Instant::now();
        let mut child = Process::new(program)
            .args(arguments)
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", cloud.address.as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "f"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_ENDPOINT_URL", &format!("http://{}", cloud.address)),
                ("AWS_REGION", "us-east-1"),
                ("AWS_DEFAULT_REGION", "us-east-1"),
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "test"),
                ("TABLE_NAME", "ip-whitelist"),
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let answered = tokio::time::timeout(PATIENCE, answer).await.context("it never answers")??;
        ensure!(!answered.is_error, "{} answered with an error", self.name);
        let megabytes = resident(child.id().context("it has ended")?)?;
        child.kill().await?;
        Ok(Start { millis: (answered.at - began).as_secs_f64() * 1e3, megabytes })
    }
}

fn built(arguments: &[&str], folder: &Path, target: &Path) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet"])
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .status()?;
    ensure!(status.success(), "cargo build in {} ended with {status}", folder.display());
    Ok(())
}

/// The size of the zip that Lambda would be given, in bytes.
fn zipped(program: &Path) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    std::fs::copy(program, folder.path().join("bootstrap"))?;
    let zip = Command::new("python3")
        .args(["-m", "zipfile", "-c", "l.zip", "bootstrap"])
        .current_dir(folder.path())
        .status();
    ensure!(zip.context("python3, which makes the zip, does not start")?.success(), "the zip is not made");
    let bytes = std::fs::metadata(folder.path().join("l.zip"))?.len();
    Ok(f64::from(u32::try_from(bytes)?))
}

fn resident(process: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS in status")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1_024.0 / 1e6)
}
