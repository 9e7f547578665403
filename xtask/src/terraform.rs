//! The Terraform modules: their form, their own tests, and whether the rights that they give are the right ones.
//! Nothing of it asks AWS.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::counts::Counts;
use crate::tools::{answers, count, installed, root, succeed, target};

/// Evaluates policies as AWS does, from AWS's own list of actions, resources and conditions.
const RIGHTS: &str = "@cloud-copilot/iam-simulate@0.1.173";

/// Every module and every example.
pub(crate) fn run() -> anyhow::Result<Counts> {
    if !answers("terraform", "version") {
        println!("skipped: there is no Terraform");
        return Ok(Counts::skipped());
    }
    let terraform = Terraform::new()?;
    let mut counts = Counts::default();
    counts.add(checked("formatting", terraform.run(&root(), &["fmt", "-check", "-recursive", "terraform"])));
    for folder in folders()? {
        println!("{}", folder.strip_prefix(root()).unwrap_or(&folder).display());
        counts.add(terraform.judge(&folder)?);
    }
    Ok(counts)
}

/// What the tests of a module made of it, a file for each of their runs.
pub(crate) fn states(module: &str) -> PathBuf {
    target().join("terraform").join(module).join("states")
}

/// Terraform, and where it finds its providers.
struct Terraform {
    config: Option<String>,
}

impl Terraform {
    /// Providers come from Terraform's registry, or from where it says that stands beside the project in its place.
    fn new() -> anyhow::Result<Self> {
        let offline = root().join("../shared/tools/terraform-offline/env");
        if !offline.exists() {
            return Ok(Self { config: None });
        }
        let output = Command::new("bash").arg(&offline).stderr(Stdio::inherit()).output()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let config =
            said.trim().strip_prefix("export TF_CLI_CONFIG_FILE='").and_then(|rest| rest.strip_suffix('\''));
        Ok(Self {
            config: Some(config.context("the provider without a registry cannot be set up")?.to_owned()),
        })
    }

    fn command(&self, folder: &Path) -> Command {
        let name = folder.file_name().unwrap_or_default();
        let mut command = Command::new("terraform");
        command.current_dir(folder).env("TF_DATA_DIR", target().join("terraform").join(name).join("data"));
        command.envs(self.config.iter().map(|file| ("TF_CLI_CONFIG_FILE", file)));
        command
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
        succeed(self.command(folder).args(arguments))
    }

    fn judge(&self, folder: &Path) -> anyhow::Result<Counts> {
        let mut init = self.command(folder);
        if let Err(error) = succeed(init.args(["init", "-input=false", "-no-color"]).stdout(Stdio::null())) {
            println!("skipped: the AWS provider cannot be installed: {error:#}");
            return Ok(Counts::skipped());
        }
        let mut counts = checked("validation", self.run(folder, &["validate", "-no-color"]));
        if folder.join("tests").exists() {
            counts.add(self.tests(folder)?);
        }
        if folder.join("tests/rights.mjs").exists() {
            counts.add(rights(folder)?);
        }
        Ok(counts)
    }

    /// Runs the module's own tests, and keeps what they made of it.
    fn tests(&self, folder: &Path) -> anyhow::Result<Counts> {
        let states = states(&name(folder));
        let _ = std::fs::remove_dir_all(&states);
        std::fs::create_dir_all(&states)?;
        let output = self.command(folder).args(["test", "-json", "-verbose"]).output()?;
        let mut counts = Counts::default();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let line: Value =
                serde_json::from_str(line).context("Terraform says something else than JSON")?;
            match line["type"].as_str() {
                Some("diagnostic") => println!("{}", line["diagnostic"]),
                Some("test_summary") => {
                    println!("{}", line["@message"].as_str().unwrap_or_default());
                    let said = line["@message"].as_str().and_then(|said| said.split_once(' '));
                    counts.add(said.and_then(|(_, counts)| Counts::of_line(counts)).unwrap_or_default());
                }
                Some("test_state") => {
                    let run = line["@testrun"].as_str().context("a run has no name")?;
                    std::fs::write(
                        states.join(format!("{run}.json")),
                        made(&line["test_state"]).to_string(),
                    )?;
                }
                _ => {}
            }
        }
        if !output.status.success() && counts.is_good() {
            counts.add(Counts::failed());
        }
        ensure!(
            counts != Counts::default(),
            "Terraform ran no test: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(counts)
    }
}

/// The resources of a state, without what Terraform knows of their kinds.
fn made(state: &Value) -> Value {
    let all = state["root_module"]["resources"].as_array().map_or(&[] as &[Value], Vec::as_slice);
    let kept =
        |one: &Value| ["type", "name", "index", "values"].map(|key| (key.to_owned(), one[key].clone()));
    json!({ "resources": all.iter().map(|one| Value::Object(kept(one).into_iter().collect())).collect::<Vec<_>>() })
}

/// Are the rights that the module gives what its program needs, and no more?
fn rights(folder: &Path) -> anyhow::Result<Counts> {
    if !answers("node", "--version") || !answers("npm", "--version") {
        println!("skipped: the check of rights needs Node.js and npm");
        return Ok(Counts::skipped());
    }
    let tools = target().join("terraform/node");
    let install = || {
        std::fs::create_dir_all(&tools)?;
        let options = ["install", "--silent", "--no-audit", "--no-fund", "--prefix"];
        succeed(Command::new("npm").args(options).arg(&tools).arg(RIGHTS))
    };
    if !installed(&[RIGHTS], &tools.join("installed"), install) {
        return Ok(Counts::skipped());
    }
    count(
        Command::new("node")
            .current_dir(root())
            .arg("terraform/tests/rights.mjs")
            .args([folder, &states(&name(folder))])
            .env("NODE_MODULES", tools.join("node_modules")),
    )
}

fn checked(what: &str, result: anyhow::Result<()>) -> Counts {
    match result {
        Ok(()) => Counts::passed(),
        Err(error) => {
            println!("{what}: {error:#}");
            Counts::failed()
        }
    }
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn folders() -> anyhow::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for kind in ["modules", "examples"] {
        let of_kind = std::fs::read_dir(root().join("terraform").join(kind))?;
        folders.extend(of_kind.map(|one| Ok(one?.path())).collect::<std::io::Result<Vec<_>>>()?);
    }
    folders.sort();
    Ok(folders)
}
