use super::*;

async fn refusal(path: &Path) -> OpenError {
    SqliteStore::open(path).await.unwrap_err()
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let (store, folder) = fresh().await;
    let one = first(1);
    let two = next(&one);
    store.begin("key", &one, DUE).await.unwrap();
    store.append(std::slice::from_ref(&two), NEXT).await.unwrap();
    store.begin("closed", &first(2), DUE).await.unwrap();
    Ledger::close(&store, &first(2).operation).await.unwrap();
    store.store(&delivery("waits")).await.unwrap();
    store.store(&delivery("done")).await.unwrap();
    store.done("done").await.unwrap();
    SqliteStore::close(&store).await;

    let store = SqliteStore::open(database(folder.path())).await.unwrap();
    assert_eq!(store.load(&one.operation).await.unwrap(), [one.clone(), two]);
    assert_eq!(Ledger::open(&store).await.unwrap(), std::slice::from_ref(&one.operation));
    assert_eq!(store.begin("key", &first(3), DUE).await.unwrap(), Begun::Already(one.operation));
    assert_eq!(store.waiting().await.unwrap(), [delivery("waits")]);
    assert_eq!(store.store(&delivery("done")).await.unwrap(), Stored::Seen);
}

#[tokio::test]
async fn closing_leaves_one_tidy_file_and_turns_everybody_away() {
    let (store, folder) = fresh().await;
    store.store(&delivery("a")).await.unwrap();
    assert_eq!(store.waiting().await.unwrap().len(), 1);
    SqliteStore::close(&store).await;
    SqliteStore::close(&store).await;

    let mut left: Vec<_> =
        folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["ledger.db", "ledger.db.lock"]);
    assert!(store.store(&delivery("b")).await.is_err());
    assert!(store.waiting().await.is_err());
}

#[tokio::test]
async fn a_second_store_is_kept_out_until_the_first_is_closed() {
    let (store, folder) = fresh().await;
    let path = database(folder.path());
    let refused = refusal(&path).await;
    assert!(matches!(refused, OpenError::InUse(_)));
    assert!(
        refused.to_string().contains("is in use by another countersign; stop that one or choose another")
    );

    #[cfg(unix)]
    {
        let other_name = folder.path().join("link.db");
        std::os::unix::fs::symlink(&path, &other_name).unwrap();
        assert!(matches!(refusal(&other_name).await, OpenError::InUse(_)), "a link is the same file");
    }
    SqliteStore::close(&store).await;
    SqliteStore::open(&path).await.unwrap();
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let folder = TempDir::new().unwrap();
    let refused = refusal(&folder.path().join("nowhere/ledger.db")).await;
    assert!(matches!(&refused, OpenError::NoFolder(path) if path.ends_with("nowhere")), "{refused:?}");
}

#[tokio::test]
async fn a_folder_in_the_place_of_the_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = database(folder.path());
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(refusal(&path).await, OpenError::NotWritable { .. }));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_not_touched() {
    let folder = TempDir::new().unwrap();
    let path = database(folder.path());
    let text = "This is a shopping list. ".repeat(400);
    std::fs::write(&path, &text).unwrap();
    assert!(matches!(refusal(&path).await, OpenError::NotADatabase(_)));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_damaged_database_is_refused() {
    let (store, folder) = fresh().await;
    SqliteStore::close(&store).await;
    let path = database(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    for byte in bytes.iter_mut().skip(100).take(4000) {
        *byte = 0xa5;
    }
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(refusal(&path).await, OpenError::NotADatabase(_)));
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_not_touched() {
    let folder = TempDir::new().unwrap();
    let path = database(folder.path());
    let mut other = tool(&path).await;
    sqlx::query("create table accounts (id)").execute(&mut other).await.unwrap();
    sqlx::Connection::close(other).await.unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(refusal(&path).await, OpenError::Foreign(_)));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let (store, folder) = fresh().await;
    SqliteStore::close(&store).await;
    let path = database(folder.path());
    sqlx::query("pragma user_version = 99").execute(&mut tool(&path).await).await.unwrap();
    let refused = refusal(&path).await;
    assert!(matches!(refused, OpenError::Newer { found: 99, .. }), "{refused:?}");
}

#[tokio::test]
async fn a_damaged_record_is_an_error_that_names_it() {
    let (store, folder) = fresh().await;
    let one = first(1);
    store.begin("key", &one, DUE).await.unwrap();
    let mut tool = tool(&database(folder.path())).await;
    sqlx::query("update events set body = '{'").execute(&mut tool).await.unwrap();
    let error = store.load(&one.operation).await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, format!("record 1 of {} cannot be read back", one.operation));
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (store, folder) = fresh().await;
    store.store(&delivery("a")).await.unwrap();
    for entry in folder.path().read_dir().unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
    }
}

#[tokio::test]
async fn a_file_of_the_first_schema_is_brought_up() {
    let folder = TempDir::new().unwrap();
    let mut old = tool(&database(folder.path())).await;
    let first_schema = [
        include_str!("../../../migrations/0001_ledger_and_inbox.sql"),
        "pragma application_id = 1129532487; pragma user_version = 1;",
        "insert into inbox (key, kind, payload, received_at, done) \
         values ('waits', 'events_api', '{}', '1970-01-01T00:00:00Z', 0)",
    ];
    for part in first_schema {
        sqlx::raw_sql(part).execute(&mut old).await.unwrap();
    }
    sqlx::Connection::close(old).await.unwrap();

    let store = SqliteStore::open(database(folder.path())).await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), [delivery("waits")]);
    assert_eq!(store.aside().await.unwrap(), []);
}

/// A process that just ended may have a child that holds its lock for a moment.
#[tokio::test]
async fn a_lock_that_is_let_go_of_in_a_moment_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let held = std::fs::File::create(folder.path().join("ledger.db.lock")).unwrap();
    held.lock().unwrap();
    let letting_go = async { drop(held) };
    let (opened, ()) = tokio::join!(SqliteStore::open(folder.path().join("ledger.db")), letting_go);
    opened.unwrap().close().await;
}
