//! The folder in which `dev` keeps everything.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::DEMO_CONFIG;

/// The files that a fresh start removes: ours, and nothing else that may lie in the folder.
const DATABASES: [&str; 3] = ["ledger.db", "workspace.db", "demo.db"];
/// The demo's configuration in the folder.
const CONFIG: &str = "countersign.toml";

/// From where to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Where the last start ended.
    WhereItWas,
    /// From nothing: everything that was kept is removed.
    Fresh,
}

/// The folder for a user who names none: `countersign/dev` in their state directory.
///
/// # Errors
/// A sentence, when the environment names no home.
#[expect(clippy::disallowed_methods, reason = "this is the edge where the program's environment is read")]
pub fn default_folder() -> Result<PathBuf, String> {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").or_else(|| set("HOME").map(|home| home.join(".local/state")));
    state
        .map(|state| state.join("countersign").join("dev"))
        .ok_or_else(|| "There is no HOME to keep anything in. Name a folder with --data DIR.".to_owned())
}

/// Makes the folder, and empties it for a fresh start. It is for its owner alone.
pub(super) fn prepare(folder: &Path, start: Start) -> io::Result<()> {
    make_private(folder).map_err(explained)?;
    if start == Start::Fresh {
        refuse_if_in_use(folder)?;
        for database in DATABASES {
            for suffix in ["", "-wal", "-shm"] {
                remove(&folder.join(format!("{database}{suffix}")))?;
            }
        }
        remove(&folder.join(CONFIG))?;
    }
    Ok(())
}

/// Makes the folder for its owner alone; one that is there is left as it is.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// What the system says about a folder that cannot be made, as something to do.
fn explained(error: io::Error) -> io::Error {
    let sentence = match error.kind() {
        ErrorKind::AlreadyExists => "it is a file; name a folder with --data DIR",
        ErrorKind::NotADirectory => "a part of its path is a file; name another folder with --data DIR",
        ErrorKind::PermissionDenied => "you may not make it there; name another folder with --data DIR",
        _ => return error,
    };
    io::Error::new(error.kind(), sentence)
}

/// The demo's configuration as a file that a newcomer can edit.
pub(super) fn demo_config_file(folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join(CONFIG);
    if !path.exists() {
        fs::write(&path, DEMO_CONFIG)?;
    }
    Ok(path)
}

/// Nothing is removed under a running program.
fn refuse_if_in_use(folder: &Path) -> io::Result<()> {
    let path = folder.join("ledger.db.lock");
    match fs::File::open(&path) {
        Ok(file) => file.try_lock().map_err(|_| {
            io::Error::other(
                "another countersign is running on it; stop that one, or choose another --data DIR",
            )
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_start_removes_what_is_ours_alone() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["ledger.db", "ledger.db-wal", "demo.db", CONFIG, "mine.txt"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        prepare(folder.path(), Start::WhereItWas).unwrap();
        assert!(folder.path().join("ledger.db").exists());
        prepare(folder.path(), Start::Fresh).unwrap();
        let left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["mine.txt"]);
    }

    #[test]
    fn nothing_is_removed_under_a_running_program() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ledger.db"), "x").unwrap();
        let lock = fs::File::create(folder.path().join("ledger.db.lock")).unwrap();
        lock.lock().unwrap();
        let refused = prepare(folder.path(), Start::Fresh).unwrap_err();
        insta::assert_snapshot!(refused, @"another countersign is running on it; stop that one, or choose another --data DIR");
        assert!(folder.path().join("ledger.db").exists());
    }
}
