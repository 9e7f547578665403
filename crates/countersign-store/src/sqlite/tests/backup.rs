//! Copies of a ledger, made while it is written to.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use countersign_engine::ports::Ledger as _;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{DUE, database, first, fresh, tool};
use crate::sqlite::{BackupError, Copied, OpenError, SqliteStore, backup};

#[tokio::test]
async fn a_backup_is_a_ledger() {
    let (store, folder) = fresh().await;
    store.begin("key", &first(1), DUE).await.unwrap();
    let copy = folder.path().join("copy.db");
    let copied = backup(&database(folder.path()), &copy).await.unwrap();
    assert_eq!(copied, Copied { operations: 1, events: 1 });
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    store.begin("later", &first(2), DUE).await.unwrap();

    let again = SqliteStore::open(&copy).await.unwrap();
    assert_eq!(again.load(&first(1).operation).await.unwrap(), [first(1)]);
    assert_eq!(again.load(&first(2).operation).await.unwrap(), []);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().filter(part).count(), 0);
}

fn part(file: &std::io::Result<std::fs::DirEntry>) -> bool {
    file.as_ref().unwrap().file_name().to_string_lossy().ends_with(".part")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_writer_goes_on_and_every_copy_is_of_one_moment() {
    let (store, folder) = fresh().await;
    let store = Arc::new(store);
    let mut writers = JoinSet::new();
    for number in 1..=300 {
        let store = Arc::clone(&store);
        writers.spawn(async move { store.begin(&number.to_string(), &first(number), DUE).await.unwrap() });
    }
    for round in 0..3 {
        let copy = folder.path().join(format!("copy {round}"));
        let copied = backup(&database(folder.path()), &copy).await.unwrap();
        assert_eq!(copied.operations, copied.events, "of each operation all or nothing");
    }
    writers.join_all().await;
}

#[tokio::test]
async fn a_backup_overwrites_nothing_and_leaves_nothing_half_done() {
    let (_store, folder) = fresh().await;
    let (here, there) = (database(folder.path()), folder.path().join("there"));
    std::fs::write(&there, "mine").unwrap();
    assert!(matches!(backup(&here, &there).await, Err(BackupError::Exists(_))));
    assert_eq!(std::fs::read(&there).unwrap(), b"mine");
    let nowhere = folder.path().join("no/folder/copy");
    assert!(matches!(backup(&here, &nowhere).await, Err(BackupError::NotWritable { .. })));
    let missing = backup(&folder.path().join("none"), &folder.path().join("copy")).await;
    assert!(matches!(missing, Err(BackupError::Ledger(OpenError::Missing(_)))));

    let foreign = TempDir::new().unwrap();
    let other = foreign.path().join("other.db");
    let mut connection = tool(&other).await;
    sqlx::query("create table t (x)").execute(&mut connection).await.unwrap();
    let refused = backup(&other, &foreign.path().join("copy")).await;
    assert!(matches!(refused, Err(BackupError::Ledger(OpenError::Foreign(_)))), "{refused:?}");
    let names: Vec<_> =
        std::fs::read_dir(foreign.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["other.db"]);
}
