//! What needs AWS, against emulators of it on 127.0.0.1.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, bail};

use crate::counts::Counts;
use crate::lint;
use crate::terraform::states;
use crate::tools::{cargo, count, python, root, succeed, target};

/// The emulators, by what they are installed as.
const PACKAGES: [&str; 3] = ["moto[server]==5.2.5", "ministack==1.5.33", "awscli==1.46.3"];
/// What the emulator that runs Lambdas emulates.
const SERVICES: &str = "dynamodb,lambda,ec2,iam,logs,sts";

/// Everything that needs AWS, built as one, so that the SDK is built once.
const BUILT: [&str; 6] = [
    "--package=countersign-store",
    "--package=ip-whitelist-manager",
    "--package=countersign",
    "--features=countersign/dynamodb",
    "--features=countersign/aws",
    "--features=ip-whitelist-manager/lambda",
];

/// The ledger's promises on DynamoDB and the whitelist's table, once with each emulator; its security groups, with the
/// one that says no as EC2 does; its whole way through a Lambda, with the one that runs Lambdas; and the program on
/// both.
pub(crate) fn run() -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let Some(python) = python("aws/python", &PACKAGES) else {
        counts.add(Counts::skipped());
        return Ok(counts);
    };
    let emulator = moto(&python)?;
    println!("moto at {}", emulator.address);
    let names = ["dynamodb", "aws", "config::", "lambda"];
    counts.add(emulator.judges(&["--lib"], &names)?);
    // Processes: one after the other, since each test has several of them.
    let names = ["replicas", "the_bot_keeps_it_itself", "--test-threads=1"];
    counts.add(emulator.judges(&["--test=program"], &names)?);
    drop(emulator);
    let emulator = ministack(&python)?;
    println!("ministack at {}", emulator.address);
    println!("skipped on ministack: aws::tests::firewall, whose errors it does not have");
    counts.add(emulator.judges(&["--lib"], &["dynamodb", "aws::tests::table"])?);
    let mut names = vec!["a_row_becomes_a_rule", "a_lambda_keeps_it", "--test-threads=1"];
    if states("ip-whitelist").exists() {
        names.push("what_the_module_makes");
    } else {
        println!("skipped: what the Terraform module makes; `cargo xtask terraform` finds that out");
        counts.add(Counts::skipped());
    }
    counts.add(emulator.judges(&["--test=whole_way", "--test=program"], &names)?);
    Ok(counts)
}

/// Clippy on what needs AWS, which is a build of its own: not among the tests, for their time.
pub(crate) fn lint() -> anyhow::Result<Counts> {
    lint::clippy(&BUILT)
}

/// Measures how long it takes from a row to a rule, with the emulator that runs Lambdas.
pub(crate) fn latency() -> anyhow::Result<()> {
    let python = python("aws/python", &PACKAGES).context("the emulators cannot be installed")?;
    let emulator = ministack(&python)?;
    let package = ["--package=ip-whitelist-manager", "--features=lambda"];
    succeed(cargo().args(["build", "--quiet", "--bins", "--examples"]).args(package))?;
    let run = ["run", "--quiet", "--example=latency"];
    succeed(emulator.tells(cargo().args(run).args(package)))
}

/// Counts what the bot and the whitelist ask of AWS, and works out what that costs a month.
pub(crate) fn costs() -> anyhow::Result<()> {
    let python = python("aws/python", &PACKAGES).context("the emulators cannot be installed")?;
    succeed(cargo().args(["build", "--quiet", "--bins"]).args(BUILT))?;
    succeed(cargo().args(["build", "--quiet", "--package=slack-emulator"]))?;
    let script = root().join("bench/costs/costs.py");
    succeed(Command::new(python).arg("-B").arg(script).arg("--programs").arg(target().join("debug")))
}

/// A running emulator; it ends with this value.
struct Emulator {
    address: String,
    /// The AWS CLI, which is installed beside it.
    cli: PathBuf,
    process: Child,
}

impl Emulator {
    /// Runs the tests of these names, those that need an emulator as well.
    fn judges(&self, which: &[&str], names: &[&str]) -> anyhow::Result<Counts> {
        let mut test = cargo();
        test.args(["test", "--no-fail-fast"])
            .args(BUILT)
            .args(which)
            .args(["--", "--include-ignored"])
            .args(names);
        count(self.tells(&mut test))
    }

    /// Tells a program where the emulator is.
    fn tells<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("COUNTERSIGN_DYNAMODB", &self.address)
            .env("COUNTERSIGN_AWS", &self.address)
            .env("COUNTERSIGN_AWS_CLI", &self.cli)
            .env("COUNTERSIGN_TERRAFORM", states("ip-whitelist"))
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn moto(python: &Path) -> anyhow::Result<Emulator> {
    let script = root().join("crates/countersign-store/emulators/moto_in_turn.py");
    started("moto", python, Command::new(python).arg("-B").arg(script))
}

/// It would listen on all addresses, for more than DynamoDB, and keep what it is told in the home directory.
fn ministack(python: &Path) -> anyhow::Result<Emulator> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr())?.port();
    started(
        "ministack",
        python,
        Command::new(python.with_file_name("ministack"))
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("SERVICES", SERVICES)
            .env("IOT_MTLS_ENABLED", "0")
            .env("HOME", target().join("aws"))
            .current_dir(target().join("aws")),
    )
}

/// Starts an emulator, and waits until it says where it runs.
fn started(name: &'static str, python: &Path, command: &mut Command) -> anyhow::Result<Emulator> {
    let (out, into) = std::io::pipe()?;
    let both = into.try_clone()?;
    let child = command.stdin(Stdio::null()).stdout(into).stderr(both).spawn();
    let mut emulator = Emulator {
        address: String::new(),
        cli: python.with_file_name("aws"),
        process: child.with_context(|| format!("{name} does not start"))?,
    };
    // Its ends of the pipe are the only ones now, so that the lines end when it does.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut lines = BufReader::new(out).lines();
    for line in &mut lines {
        if let Some((_, rest)) = line?.split_once("Running on ") {
            emulator.address = rest.split_whitespace().next().unwrap_or_default().to_owned();
            // What it says from now on is nobody's; the pipe must not fill up.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(emulator);
        }
    }
    bail!("{name} ended before it ran");
}
