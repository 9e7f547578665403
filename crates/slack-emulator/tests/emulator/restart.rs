use serde_json::json;
use slack_emulator::{Emulator, Options, StartError, StoreError, StoreLocation};

use crate::support::{ANA, BACKOFFICE, BOT, World};

#[tokio::test]
async fn messages_reactions_and_threads_are_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let w = World::in_folder(folder.path()).await;
    let root = w.says(ANA, "root").await;
    let reply = json!({"channel": BACKOFFICE, "text": "reply", "thread_ts": root});
    w.ok(BOT, "chat.postMessage", reply).await;
    w.ok("xoxp-ben", "reactions.add", json!({"channel": BACKOFFICE, "timestamp": root, "name": "+1"})).await;
    let gone = w.says(ANA, "gone").await;
    w.ok(ANA, "chat.delete", json!({"channel": BACKOFFICE, "ts": gone})).await;
    let before = w.ok(BOT, "conversations.history", json!({"channel": BACKOFFICE})).await;
    w.emulator.shutdown().await;

    let w = World::in_folder(folder.path()).await;
    let after = w.ok(BOT, "conversations.history", json!({"channel": BACKOFFICE})).await;
    assert_eq!(after, before);
    assert_eq!(after["messages"][0]["reply_count"], 1);
    assert!(w.says(ANA, "later").await > gone, "timestamps go on growing");
}

#[tokio::test]
async fn what_was_not_acknowledged_is_delivered_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let w = World::in_folder(folder.path()).await;
    let mut app = w.connect().await;
    w.says(ANA, "acknowledged").await;
    app.event().await;
    w.emulator.settled().await;
    w.says(ANA, "not acknowledged").await;
    let lost = app.frame().await;
    w.emulator.shutdown().await;

    let w = World::in_folder(folder.path()).await;
    let mut app = w.connect().await;
    let again = app.frame().await;
    assert_eq!(again["payload"], lost["payload"]);
    app.acknowledge(&again).await;
    w.emulator.settled().await;
}

#[tokio::test]
async fn a_reset_forgets_what_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let w = World::in_folder(folder.path()).await;
    w.says(ANA, "hello").await;
    assert_eq!(w.control("reset", json!({})).await["ok"], true);
    w.emulator.settled().await;
    w.emulator.shutdown().await;
    let w = World::in_folder(folder.path()).await;
    let after = w.ok(BOT, "conversations.history", json!({"channel": BACKOFFICE})).await;
    assert_eq!(after["messages"], json!([]));
    w.emulator.settled().await;
}

#[tokio::test]
async fn a_file_that_is_in_use_or_no_workspace_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("workspace.db");
    let start =
        || Emulator::start(Options { store: StoreLocation::File(file.clone()), ..Options::default() });
    let first = start().await.unwrap();
    let Err(StartError::Store(locked)) = start().await else { panic!("two emulators in one file") };
    assert!(matches!(locked, StoreError::Locked { .. }), "{locked}");
    first.shutdown().await;
    std::fs::write(&file, "this is no database, but it is longer than a header would be").unwrap();
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.path().join(format!("workspace.db{ending}")));
    }
    let Err(StartError::Store(wrong)) = start().await else { panic!("a text was taken for a workspace") };
    assert!(matches!(wrong, StoreError::Unreadable { .. }), "{wrong}");
    slack_emulator::forget(&file).unwrap();
    start().await.unwrap().shutdown().await;
}
