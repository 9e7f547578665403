//! `countersign backup`: a copy of the ledger beside a running bot.

use crate::program::countersign;
use crate::serve::office::{Office, ends};
use crate::workspace::{BACKOFFICE, Thread};

#[tokio::test]
async fn a_copy_is_made_while_the_bot_runs_and_can_take_its_place() {
    let office = Office::new().await;
    let backup = async |file: &str| ends(countersign(office.folder.path(), &["backup", file])).await;
    insta::assert_snapshot!(backup("copy.db").await.error(office.folder.path(), None), @"
    There is no ledger at ./ledger.db; name its folder with --data DIR.
    exit code 2
    ");
    let program = office.serves(&[]).await;
    let said = office.workspace.says("ana", BACKOFFICE, "<@U0BOT> set acme trial remaining to 14 days").await;
    office.workspace.thread_that(BACKOFFICE, &said, |thread| thread.says("Waiting for signatures")).await;
    let made = backup("copy.db").await;
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    assert!(made.out.starts_with("copy.db: operations 1, events "), "{}", made.out);
    insta::assert_snapshot!(backup("copy.db").await.error(office.folder.path(), None), @"
    There is a file copy.db already; choose another name, since a backup is never overwritten.
    exit code 2
    ");

    // What was signed after the copy is gone with the ledger; what it says is signed again.
    office.workspace.signs("ana", BACKOFFICE, &said).await;
    program.stops().await;
    let folder = office.folder.path();
    std::fs::rename(folder.join("copy.db"), folder.join("ledger.db")).unwrap();
    let program = office.serves(&[]).await;
    office.workspace.signs("ben", BACKOFFICE, &said).await;
    office.workspace.thread_that(BACKOFFICE, &said, |thread| thread.says("Waiting for signatures")).await;
    let item = serde_json::json!({"channel": BACKOFFICE, "timestamp": said, "name": "white_check_mark"});
    office.workspace.calls("ana", "reactions.remove", item).await;
    office.workspace.signs("ana", BACKOFFICE, &said).await;
    office.workspace.thread_that(BACKOFFICE, &said, Thread::is_done).await;
    program.stops().await;
}
