//! Running programs, and finding or installing those that the tests need.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::counts::Counts;

/// The project's root.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where builds and what the tests install are kept.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// Runs a program to its end.
pub(crate) fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("{command:?} does not start"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}

/// Runs a program, shows what it prints, and adds up the lines of counts in it.
/// A program that fails without counting a failure counts as one.
pub(crate) fn count(command: &mut Command) -> anyhow::Result<Counts> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("{command:?} does not start"))?;
    let mut counts = Counts::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.context("the output cannot be read")?;
            println!("{line}");
            counts.add(Counts::of_line(&line).unwrap_or_default());
        }
    }
    let status = child.wait().with_context(|| format!("{command:?} is lost"))?;
    if !status.success() && (counts.is_good() || counts == Counts::default()) {
        println!("{command:?} ended with {status}");
        counts.add(Counts::failed());
    }
    Ok(counts)
}

/// Is there such a program, and does it answer?
pub(crate) fn answers(program: &str, argument: &str) -> bool {
    let run = Command::new(program)
        .arg(argument)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    run.is_ok_and(|status| status.success())
}

/// A Python in the folder `name` under the target directory that has `packages`; `None`, with a line that says
/// why, where it cannot be had.
pub(crate) fn python(name: &str, packages: &[&str]) -> Option<PathBuf> {
    if !answers("python3", "--version") {
        println!("skipped: {} need Python 3", packages.join(" and "));
        return None;
    }
    let folder = target().join(name);
    let program = folder.join("bin/python");
    let install = || {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let options = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        succeed(Command::new(&program).args(options).args(packages))
    };
    installed(packages, &folder.join("installed"), install).then_some(program)
}

/// Installs packages, unless the note beside them says that just these are there.
pub(crate) fn installed(
    packages: &[&str],
    note: &Path,
    install: impl FnOnce() -> anyhow::Result<()>,
) -> bool {
    let wanted = packages.join(" ");
    if std::fs::read_to_string(note).is_ok_and(|there| there == wanted) {
        return true;
    }
    println!("installing {wanted} …");
    let done = install().and_then(|()| Ok(std::fs::write(note, &wanted)?));
    if let Err(error) = &done {
        println!("skipped: {wanted} cannot be installed: {error:#}");
    }
    done.is_ok()
}

/// Chromium, installed where that may be done; `None`, with a line that says why, where it may not.
pub(crate) fn chromium() -> Option<PathBuf> {
    let names = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let find = || names.iter().map(PathBuf::from).find(|path| path.exists());
    if let Some(found) = find() {
        return Some(found);
    }
    let debian = Path::new("/etc/debian_version").exists();
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0");
    if !(debian && root) {
        println!("skipped: there is no Chromium, and it is installed by itself only as root on Debian");
        return None;
    }
    println!("installing Debian's chromium …");
    let apt = |arguments: &[&str]| {
        succeed(
            Command::new("apt-get")
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .stdout(Stdio::null()),
        )
    };
    let installed = apt(&["update", "-qq"]).and_then(|()| {
        apt(&["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-color-emoji"])
    });
    if let Err(error) = installed {
        println!("skipped: Chromium cannot be installed: {error:#}");
        return None;
    }
    find()
}
