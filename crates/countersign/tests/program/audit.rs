//! `countersign audit`: what stands in the trail, and whatever was done to it behind the program's back.

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Executor as _};

use crate::program::{Said, countersign};
use crate::serve::office::{Office, ends};
use crate::workspace::{BACKOFFICE, Thread};

impl Office {
    async fn audit(&self, arguments: &[&str]) -> Said {
        let mut command = countersign(self.folder.path(), &["audit"]);
        command.args(arguments);
        ends(command).await
    }

    /// Whoever has the file can do this.
    async fn behind_its_back(&self, sql: &'static str) {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("ledger.db"));
        let mut ledger = options.foreign_keys(false).connect().await.unwrap();
        ledger.execute(sql).await.unwrap();
    }

    /// Three requests: one that is done, one that ben objects to, one that waits.
    async fn works(&self) {
        let program = self.serves(&[]).await;
        let asks = async |who, text: &str| {
            let ts = self.workspace.says(who, BACKOFFICE, text).await;
            self.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
            ts
        };
        let done = asks("ana", "<@U0BOT> set acme trial remaining to 14 days").await;
        self.workspace.signs("ana", BACKOFFICE, &done).await;
        self.workspace.signs("ben", BACKOFFICE, &done).await;
        self.workspace.thread_that(BACKOFFICE, &done, Thread::is_done).await;
        let stopped = asks("ana", "<@U0BOT> set acme trial remaining to 15 days").await;
        let item = serde_json::json!({"channel": BACKOFFICE, "timestamp": stopped, "name": "x"});
        self.workspace.calls("ben", "reactions.add", item).await;
        self.workspace.thread_that(BACKOFFICE, &stopped, |thread| thread.says("Stopped")).await;
        asks("ben", "<@U0BOT> set acme trial remaining to 16 days").await;
        // The trail is read while the bot runs.
        assert_eq!(self.audit(&["verify"]).await.code, 0);
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
}

#[tokio::test]
async fn whatever_is_changed_is_found() {
    let office = Office::new().await;
    office.works().await;
    let fine = office.audit(&["verify"]).await;
    assert_eq!((fine.code, fine.err.as_str()), (0, ""));
    assert!(fine.out.contains("3 operations") && fine.out.contains("Nothing was changed"), "{}", fine.out);
    let before = std::fs::read(office.folder.path().join("ledger.db")).unwrap();
    let mut found = Vec::new();
    for sql in [
        "update events set body = replace(body, 'U0BEN', 'U0EVE') where seq = 4",
        "update events set at = '2026-11-01T00:00:00Z' where seq = 2",
        "delete from events where seq = 3 and operation = (select min(id) from operations)",
        "update events set seq = seq + 100 where seq in (1, 2)",
        "update events set body = 'nonsense' where seq = 2",
        "delete from operations where number = 2",
        "delete from events where operation = (select id from operations where number = 3)",
    ] {
        std::fs::write(office.folder.path().join("ledger.db"), &before).unwrap();
        office.behind_its_back(sql).await;
        let said = office.audit(&["verify"]).await;
        assert_eq!(said.code, 1, "{sql}: {}", said.out);
        let first = said.out.lines().next().unwrap();
        let (id, sentence) = first.trim_start_matches("WRONG    ").split_once(": ").unwrap();
        found.push(sentence.replace(id, "[id]"));
    }
    insta::assert_snapshot!(found.join("\n"), @"
    Record 4 was changed after it was written.
    Record 2 was changed after it was written.
    Record 4 stands where record 3 belongs.
    Record 3 stands where record 1 belongs.
    A record cannot be read: record 2 of [id] cannot be read back: expected ident at line 1 column 2.
    Before it, operation number 2 is missing.
    Its records make no sense: an operation has no records.
    ");
    std::fs::write(office.folder.path().join("ledger.db"), &before).unwrap();
    assert_eq!(office.audit(&["verify"]).await.code, 0);
}
