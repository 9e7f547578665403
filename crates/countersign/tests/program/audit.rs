//! `countersign audit`: what stands in the trail, and whatever was done to it behind the program's back.

mod attacks;
mod python;

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, SqliteConnection};

use crate::program::{Said, countersign};
use crate::serve::office::{Office, ends};
use crate::workspace::{BACKOFFICE, Thread};

impl Office {
    async fn audit(&self, arguments: &[&str]) -> Said {
        let mut command = countersign(self.folder.path(), &["audit"]);
        command.args(arguments);
        ends(command).await
    }

    /// The ledger, for whoever has the file.
    async fn ledger(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("ledger.db"));
        options.foreign_keys(false).connect().await.unwrap()
    }

    async fn behind_its_back(&self, sql: &str) {
        self.ledger().await.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    }

    /// Two requests, one that is done and one that ben objects to, and a checkpoint; then one that waits, and another
    /// checkpoint. The checkpoints stand in a file, too.
    async fn works(&self) {
        let config = self.folder.path().join("countersign.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, format!("{text}\n[audit]\ncheckpoint_file = \"kept.jsonl\"\n")).unwrap();
        let asks = async |who, text: &str| {
            let ts = self.workspace.says(who, BACKOFFICE, text).await;
            self.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
            ts
        };
        let program = self.serves(&[]).await;
        let done = asks("ana", "<@U0BOT> set acme trial remaining to 14 days").await;
        self.workspace.signs("ana", BACKOFFICE, &done).await;
        self.workspace.signs("ben", BACKOFFICE, &done).await;
        self.workspace.thread_that(BACKOFFICE, &done, Thread::is_done).await;
        let stopped = asks("ana", "<@U0BOT> set acme trial remaining to 15 days").await;
        let item = serde_json::json!({"channel": BACKOFFICE, "timestamp": stopped, "name": "x"});
        self.workspace.calls("ben", "reactions.add", item).await;
        self.workspace.thread_that(BACKOFFICE, &stopped, |thread| thread.says("Stopped")).await;
        // The trail is read while the bot runs.
        assert_eq!(self.audit(&["verify"]).await.code, 0);
        program.stops().await;
        let program = self.serves(&[]).await;
        asks("ben", "<@U0BOT> set acme trial remaining to 16 days").await;
        program.stops().await;
    }
}

/// A line without what differs from run to run.
fn anonymous(line: &str) -> String {
    line.split_whitespace().skip(2).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn what_was_done_is_there() {
    let office = Office::new().await;
    insta::assert_snapshot!(office.audit(&["verify"]).await.error(office.folder.path(), None), @"
    There is no ledger at ./ledger.db; name its folder with --data DIR.
    exit code 2
    ");
    office.works().await;

    let listed = office.audit(&["list"]).await;
    assert_eq!((listed.code, listed.err.as_str()), (0, ""));
    let lines: Vec<String> = listed.out.lines().map(anonymous).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    T0DEMO/U0ANA succeeded set acme trial remaining to 14 days
    T0DEMO/U0ANA objected set acme trial remaining to 15 days
    T0DEMO/U0BEN open set acme trial remaining to 16 days
    ");
    let few =
        office.audit(&["list", "--person", "U0ANA", "--state", "objected", "--since", "2026-01-01"]).await;
    assert_eq!(few.out.lines().count(), 1);
    assert_eq!(office.audit(&["list", "--until", "2026-01-01"]).await.out, "");
    assert_eq!(office.audit(&["list", "--environment", "staging"]).await.out, "");
    assert_eq!(office.audit(&["list", "--since", "soon"]).await.code, 2);

    let id = listed.out.split_whitespace().next().unwrap();
    let shown: Value = serde_json::from_str(&office.audit(&["show", id]).await.out).unwrap();
    let events: Vec<&str> =
        shown.as_array().unwrap().iter().map(|one| one["event"]["type"].as_str().unwrap()).collect();
    assert_eq!(events.first(), Some(&"requested"), "{shown:#}");
    assert_eq!(events.last(), Some(&"finished"), "{shown:#}");
    insta::assert_snapshot!(office.audit(&["show", "op_x"]).await.error(office.folder.path(), None), @"
    There is no operation op_x. Its card shows its id: op_…
    exit code 2
    ");

    let exported = office.audit(&["export", "--state", "succeeded"]).await.out;
    let lines: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(&Value::Array(lines), &shown);

    let all = office.audit(&["export"]).await.out;
    let last: Value = serde_json::from_str(all.lines().last().unwrap()).unwrap();
    assert_eq!(last["number"], 2, "the checkpoints come last: {last}");
    let table = office.audit(&["export", "--format", "csv"]).await.out;
    let mut rows = table.split("\r\n");
    insta::assert_snapshot!(rows.next().unwrap(), @"operation,seq,at,event,person,command,sentence,details,hash");
    let request = rows.next().unwrap();
    assert!(request.contains(r#""requested","T0DEMO/U0ANA","#), "{request}");
}

#[tokio::test]
async fn what_is_damaged_is_not_left_out_in_silence() {
    let office = Office::new().await;
    office.works().await;
    let listed = office.audit(&["list"]).await.out;
    let id = listed.split_whitespace().next().unwrap();
    office.behind_its_back(&format!("delete from events where operation = '{id}' and seq = 2")).await;
    for (arguments, lines) in
        [(["list"].as_slice(), 2), (&["export", "--format", "csv", "--state", "open"], 3)]
    {
        let said = office.audit(arguments).await;
        assert!(said.out.lines().count() >= lines && !said.out.contains(id), "{arguments:?}: {}", said.out);
        insta::allow_duplicates! {
            insta::assert_snapshot!(said.error(office.folder.path(), None).replace(id, "op_…"), @"
            Left out, since what is kept of it is damaged: op_…. What is wrong with it: countersign audit verify.
            exit code 1
            ");
        }
    }
    office.behind_its_back("update checkpoints set body = 'rubbish' where number = 1").await;
    let said = office.audit(&["export"]).await;
    insta::assert_snapshot!(said.error(office.folder.path(), None).replace(id, "op_…"), @"
    Left out, since what is kept of it is damaged: op_…, checkpoint 1. What is wrong with it: countersign audit verify.
    exit code 1
    ");
}
