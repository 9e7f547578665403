//! `countersign dev` on a folder or a port that it cannot have.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::program::{Dev, Said, ends};
use crate::workspace::BACKOFFICE;

/// `dev` on `data` in `folder`, which does not start.
async fn dev(folder: &Path, data: &str) -> Said {
    let said = ends(folder, &["dev", "--data", data, "--port", "0", "--no-browser"]).await;
    assert_eq!(said.out, "", "it does not say that it runs");
    said
}

#[tokio::test]
async fn the_folder_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes"), "mine").unwrap();
    insta::assert_snapshot!(dev(folder.path(), "notes").await.error(folder.path(), None), @"
    The folder notes cannot be used: it is a file; name a folder with --data DIR.
    exit code 1
    ");
    insta::assert_snapshot!(dev(folder.path(), "notes/below").await.error(folder.path(), None), @"
    The folder notes/below cannot be used: a part of its path is a file; name another folder with --data DIR.
    exit code 1
    ");
    assert_eq!(fs::read_to_string(folder.path().join("notes")).unwrap(), "mine");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_folder_cannot_be_made() {
    let folder = tempfile::tempdir().unwrap();
    let said = dev(folder.path(), "/proc/countersign").await;
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.starts_with("The folder /proc/countersign cannot be used: "), "{}", said.err);
}

#[tokio::test]
async fn the_port_is_in_use() {
    let running = Dev::new().await;
    let folder = tempfile::tempdir().unwrap();
    let port = running.workspace.port().to_string();
    let said = ends(folder.path(), &["dev", "--data", "data", "--port", &port, "--no-browser"]).await;
    insta::assert_snapshot!(said.error(folder.path(), Some(&port)), @"
    Port [port] is in use; stop the other program, or choose another port with --port.
    exit code 1
    ");
}

#[tokio::test]
async fn a_second_one_on_the_same_folder() {
    let mut running = Dev::new().await;
    let ts = running.workspace.says("ana", BACKOFFICE, "I was here first").await;
    let folder = running.folder.path().to_owned();
    let data = folder.to_str().unwrap();
    insta::assert_snapshot!(dev(&folder, data).await.error(&folder, None), @"
    The ledger cannot be opened: [dir]/ledger.db is in use by another countersign; stop that one or choose another --data folder.
    exit code 1
    ");
    let fresh = ends(&folder, &["dev", "--data", data, "--fresh", "--port", "0", "--no-browser"]).await;
    insta::assert_snapshot!(fresh.error(&folder, None), @"
    The folder [dir] cannot be used: another countersign is running on it; stop that one, or choose another --data DIR.
    exit code 1
    ");
    assert!(running.is_alive());
    assert!(running.workspace.help().await.contains("trial remaining to"));
    assert_eq!(running.workspace.thread(BACKOFFICE, &ts).await.root["text"], "I was here first");
}

/// A folder that was used, with rubbish in the place of one of its databases.
async fn with_rubbish(database: &str) -> TempDir {
    let mut running = Dev::new().await;
    running.kill().await;
    let folder = running.folder;
    fs::write(folder.path().join(database), rubbish()).unwrap();
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(folder.path().join(format!("{database}{ending}")));
    }
    folder
}

fn rubbish() -> Vec<u8> {
    b"this is no database\n".repeat(500)
}

/// What it says about rubbish in the place of `database`. Nobody's file is touched, and a fresh start helps.
async fn rubbish_in(database: &str) -> String {
    let folder = with_rubbish(database).await;
    let others = ["ledger.db", "workspace.db", "demo.db"].into_iter().filter(|&one| one != database);
    let before: Vec<_> = others.map(|one| (one, fs::read(folder.path().join(one)).unwrap())).collect();
    let said = dev(folder.path(), folder.path().to_str().unwrap()).await;
    let error = said.error(folder.path(), None);
    assert_eq!(fs::read(folder.path().join(database)).unwrap(), rubbish(), "it may be somebody's file");
    for (name, bytes) in before {
        assert!(
            fs::metadata(folder.path().join(name)).unwrap().len() >= bytes.len() as u64,
            "{name} is whole"
        );
    }
    let fresh = Dev::on(folder, &["--fresh"]).await;
    assert!(fresh.workspace.help().await.contains("trial remaining to"));
    error
}

#[tokio::test]
async fn the_ledger_is_rubbish() {
    insta::assert_snapshot!(rubbish_in("ledger.db").await, @"
    The ledger cannot be opened: [dir]/ledger.db is no SQLite database, or it is damaged; put a backup in its place or move it away.
    Or start over with --fresh: it forgets what this folder's workspace, ledger and demo database hold.
    exit code 1
    ");
}

#[tokio::test]
async fn the_product_database_is_rubbish() {
    insta::assert_snapshot!(rubbish_in("demo.db").await, @"
    The demo database cannot be used: [dir]/demo.db is damaged, or no demo database; move it away, or start over with --fresh: error returned from database: (code: 26) file is not a database.
    exit code 1
    ");
}

#[tokio::test]
async fn the_workspace_is_rubbish() {
    insta::assert_snapshot!(rubbish_in("workspace.db").await, @"
    [dir]/workspace.db cannot be read as a workspace; move it away, or start anew with --fresh: error returned from database: (code: 26) file is not a database.
    exit code 1
    ");
}
