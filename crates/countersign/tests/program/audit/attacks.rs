//! Whoever has the ledger's file, and wants another history.

use countersign_core::audit::{Checkpoint, Head, Record, Sealed};
use countersign_core::ids::OperationId;
use countersign_core::operation::Event;
use jiff::{SignedDuration, Timestamp};

use super::*;

const FIRST: &str = "(select id from operations where number = 1)";
const ADDED: &str = "op_01JD3V5Y8Z4QK2M7N9P0R1S2T3";
const LAST: &str = "(select id from operations where number = 3)";

/// An office with a history, and a copy of its ledger.
struct Scene {
    office: Office,
    before: Vec<u8>,
    ids: Vec<(i64, String)>,
    /// How many records the first operation has.
    length: i64,
}

impl Scene {
    async fn new() -> Self {
        let office = Office::new().await;
        office.works().await;
        let before = std::fs::read(office.folder.path().join("ledger.db")).unwrap();
        let operations = sqlx::query_as("select number, id from operations");
        let ids = operations.fetch_all(&mut office.ledger().await).await.unwrap();
        let count = format!("select count(*) from events where operation = {FIRST}");
        let count = sqlx::query_scalar(AssertSqlSafe(count));
        let length = count.fetch_one(&mut office.ledger().await).await.unwrap();
        Self { office, before, ids, length }
    }

    /// Everything is as it was.
    fn restore(&self) {
        std::fs::write(self.office.folder.path().join("ledger.db"), &self.before).unwrap();
    }

    /// What is said to be wrong, without ids and times, after the ledger was treated with `sql`.
    async fn found(&self, sql: &str) -> String {
        self.restore();
        self.office.behind_its_back(sql).await;
        self.wrong(&[]).await
    }

    /// What `verify` says is wrong.
    async fn wrong(&self, arguments: &[&str]) -> String {
        let said = self.office.audit(&[&["verify"], arguments].concat()).await;
        assert_eq!(said.code, 1, "{arguments:?}: {}", said.out);
        let lines = said.out.lines().filter(|line| !line.contains("ledger.db"));
        let lines: Vec<String> = lines.map(|line| line.split(" of 20").next().unwrap().to_owned()).collect();
        let mut text = lines.join("\n");
        for (number, id) in &self.ids {
            text = text.replace(id, &format!("[{number}]"));
        }
        text.replace(ADDED, "[added]").replace(&format!("1 to {} ", self.length), "1 to [last] ")
    }

    /// An operation's records.
    async fn records(&self, number: i64) -> (OperationId, Vec<(Timestamp, Event)>) {
        let mut ledger = self.office.ledger().await;
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "select id, at, body from operations join events on operation = id where number = ?1 order by seq",
        )
        .bind(number)
        .fetch_all(&mut ledger)
        .await
        .unwrap();
        let event = |(_, at, body): &(String, String, String)| {
            (at.parse().unwrap(), serde_json::from_str(body).unwrap())
        };
        (rows[0].0.parse().unwrap(), rows.iter().map(event).collect())
    }

    /// Writes an operation's records anew, as a chain that fits; gives its heads.
    async fn forge(&self, operation: &OperationId, events: Vec<(Timestamp, Event)>) -> Vec<Head> {
        let mut ledger = self.office.ledger().await;
        sqlx::query("delete from events where operation = ?1")
            .bind(operation.to_string())
            .execute(&mut ledger)
            .await
            .unwrap();
        let mut head = Head::start();
        let mut heads = Vec::new();
        for (at, event) in events {
            let record = Record::after(head, operation.clone(), at, event);
            head = record.head();
            heads.push(head);
            sqlx::query(
                "insert into events (operation, seq, at, body, prev, hash) values (?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .bind(operation.to_string())
            .bind(i64::try_from(record.seq).unwrap())
            .bind(record.at.to_string())
            .bind(serde_json::to_string(&record.event).unwrap())
            .bind(record.prev.to_string())
            .bind(record.hash.to_string())
            .execute(&mut ledger)
            .await
            .unwrap();
        }
        heads
    }

    /// Writes all checkpoints anew, so that they seal what is there.
    async fn reseal(&self, operation: &OperationId, heads: &[Head]) {
        let mut ledger = self.office.ledger().await;
        let bodies: Vec<(String,)> = sqlx::query_as("select body from checkpoints order by number")
            .fetch_all(&mut ledger)
            .await
            .unwrap();
        let mut last = None;
        for (body,) in bodies {
            let mut checkpoint: Checkpoint = serde_json::from_str(&body).unwrap();
            for sealed in checkpoint.heads.iter_mut().filter(|sealed| sealed.operation == *operation) {
                let seq = usize::try_from(sealed.seq).unwrap();
                *sealed = Sealed::new(operation.clone(), heads[seq - 1]);
            }
            let anew = Checkpoint::after(last.as_ref(), checkpoint.at, checkpoint.heads);
            sqlx::query("update checkpoints set body = ?2, hash = ?3 where number = ?1")
                .bind(i64::try_from(anew.number).unwrap())
                .bind(serde_json::to_string(&anew).unwrap())
                .bind(anew.hash.to_string())
                .execute(&mut ledger)
                .await
                .unwrap();
            last = Some(anew);
        }
    }
}

/// The same history with another signer.
fn with_eve(events: &[(Timestamp, Event)]) -> Vec<(Timestamp, Event)> {
    let swap = |event: &Event| {
        let text = serde_json::to_string(event).unwrap().replace("U0BEN", "U0EVE");
        serde_json::from_str(&text).unwrap()
    };
    events.iter().map(|(at, event)| (*at, swap(event))).collect()
}

#[tokio::test]
async fn a_sound_trail_says_until_where_it_is_sealed() {
    let scene = Scene::new().await;
    let kept = std::fs::read_to_string(scene.office.folder.path().join("kept.jsonl")).unwrap();
    let kept: Vec<Checkpoint> = kept.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = |said: Said| {
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
        let at = kept[1].at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        said.out.replace(&at, "[time]")
    };
    let fine = line(scene.office.audit(&["verify"]).await);
    let events: String = fine.split(", ").nth(1).unwrap().to_owned();
    insta::assert_snapshot!(fine.replace(&events, "[so many] events"), @"
    ./ledger.db: 3 operations, [so many] events, 2 checkpoints. Nothing was changed, removed, added or moved.
    It is sealed up to checkpoint 2 of [time]; 0 events are newer.
    This says nothing about one who wrote all of it anew: compare with a checkpoint that was kept elsewhere, by --against FILE or --hash N:HEX.
    ");
    let against = line(scene.office.audit(&["verify", "--against", "kept.jsonl"]).await);
    insta::assert_snapshot!(against.lines().last().unwrap(), @"Up to checkpoint 2 it is what was kept elsewhere.");
    // As a person copies it from the channel, with what a chat puts between.
    let copied = format!("`1:\u{2060}{}` ", kept[0].hash);
    let hash = line(scene.office.audit(&["verify", "--hash", &copied]).await);
    insta::assert_snapshot!(hash.lines().last().unwrap(), @"Up to checkpoint 1 it is what was kept elsewhere.");

    let json: Value =
        serde_json::from_str(&scene.office.audit(&["verify", "--json", "--hash", &copied]).await.out)
            .unwrap();
    assert_eq!(
        (&json["ok"], &json["checked"]["proven"]["checkpoint"]),
        (&true.into(), &2.into()),
        "{json:#}"
    );
    let nothing = scene.office.audit(&["verify", "--against", "countersign.toml"]).await;
    insta::assert_snapshot!(nothing.error(scene.office.folder.path(), None), @"
    There is no checkpoint in countersign.toml.
    exit code 2
    ");
    let nonsense = scene.office.audit(&["verify", "--hash", "12"]).await;
    assert!(
        nonsense.err.contains("write the checkpoint's number, a colon, and its 64 characters"),
        "{}",
        nonsense.err
    );
}

#[tokio::test]
async fn whatever_is_changed_removed_added_or_moved_is_found() {
    let scene = Scene::new().await;
    let mut found = Vec::new();
    for sql in [
        format!(
            "update events set body = replace(body, 'U0ANA', 'U0EVE') where seq = 1 and operation = {FIRST}"
        ),
        // What reading would overlook is a change all the same.
        format!(
            "update events set body = json_set(body, '$.by_the_way', 1) where seq = 2 and operation = {FIRST}"
        ),
        format!("update events set at = '2026-11-01T00:00:00Z' where seq = 2 and operation = {FIRST}"),
        format!("delete from events where seq = 3 and operation = {FIRST}"),
        format!("update events set seq = seq + 100 where seq = 1 and operation = {FIRST}"),
        format!("update events set body = 'nonsense' where seq = 2 and operation = {FIRST}"),
        "delete from operations where number = 2".to_owned(),
        "update operations set number = -1 where number = 2".to_owned(),
        format!("delete from events where operation = {LAST}"),
    ] {
        let said = scene.found(&sql).await;
        found.extend(said.lines().filter(|line| line.starts_with("WRONG")).map(str::to_owned));
    }
    insta::assert_snapshot!(found.join("\n"), @"
    WRONG    [1]: Record 1 was changed after it was written.
    WRONG    [1]: Record 2 was changed after it was written.
    WRONG    [1]: Record 2 was changed after it was written.
    WRONG    [1]: Record 4 stands where record 3 belongs.
    WRONG    [1]: Record 2 stands where record 1 belongs.
    WRONG    [1]: Record 2 cannot be read: at byte 0 it is no JSON.
    WRONG    [3]: Before it, operation number 2 is missing.
    WRONG    [2]: It is gone, although checkpoint 1 sealed it.
    WRONG    [2]: It has records, but is not among the operations.
    WRONG    [3]: Before it, operation number 2 is missing.
    WRONG    [3]: Record 1 is gone, although checkpoint 2 sealed it.
    ");
    scene.restore();
    assert_eq!(scene.office.audit(&["verify"]).await.code, 0);
}

#[tokio::test]
async fn what_a_checkpoint_sealed_cannot_be_cut_off() {
    let scene = Scene::new().await;
    let newest = format!(
        "delete from events where operation = {LAST}; delete from messages where operation = {LAST}; \
         delete from operations where number = 3"
    );
    insta::assert_snapshot!(scene.found(&newest).await, @"
    WRONG    [3]: It is gone, although checkpoint 2 sealed it.
    Up to checkpoint 1
    ");
    let end = format!("delete from events where seq > 4 and operation = {FIRST}");
    insta::assert_snapshot!(scene.found(&end).await, @"
    WRONG    [1]: Record 5 is gone, although checkpoint 1 sealed it.
    No checkpoint proves anything of it.
    ");
    // With the newest checkpoint cut off as well, only what was kept elsewhere tells.
    scene.restore();
    scene.office.behind_its_back(&format!("{newest}; delete from checkpoints where number = 2")).await;
    assert_eq!(scene.office.audit(&["verify"]).await.code, 0);
    insta::assert_snapshot!(scene.wrong(&["--against", "kept.jsonl"]).await, @"
    WRONG    checkpoint 2: It was kept elsewhere, and is not in the ledger.
    WRONG    [3]: It is gone, although checkpoint 2 sealed it.
    Up to checkpoint 1
    Up to checkpoint 1 it is what was kept elsewhere.
    ");
}

#[tokio::test]
async fn checkpoints_cannot_be_changed_removed_or_moved() {
    let scene = Scene::new().await;
    for (sql, expected) in [
        (
            "update checkpoints set body = json_set(body, '$.heads[0].seq', 1) where number = 1",
            "WRONG    checkpoint 1: It was changed after it was made.",
        ),
        (
            "delete from checkpoints where number = 1",
            "WRONG    checkpoint 2: Checkpoint 2 stands where checkpoint 1 belongs.",
        ),
        (
            "update checkpoints set number = 3 - number + 10; update checkpoints set number = number - 10",
            "WRONG    checkpoint 1: Checkpoint 2 stands where checkpoint 1 belongs.",
        ),
        (
            "update checkpoints set body = '{}' where number = 2",
            "WRONG    checkpoint 2: It cannot be read: missing field `number` at line 1 column 2.",
        ),
    ] {
        let said = scene.found(sql).await;
        assert_eq!(said.lines().next(), Some(expected), "{said}");
    }
}

#[tokio::test]
async fn a_chain_that_was_written_anew_is_not_what_was_sealed() {
    let scene = Scene::new().await;
    let (operation, events) = scene.records(1).await;
    let heads = scene.forge(&operation, with_eve(&events)).await;
    let said = scene.wrong(&[]).await;
    insta::assert_snapshot!(said, @"
    WRONG    [1]: One of the records 1 to [last] is not the one that checkpoint 1 sealed: it was changed, and the rest was written anew.
    No checkpoint proves anything of it.
    ");

    // With the checkpoints written anew, too, it is sound in itself, and only what was kept elsewhere tells.
    scene.reseal(&operation, &heads).await;
    let alone = scene.office.audit(&["verify"]).await;
    assert_eq!(alone.code, 0, "{}", alone.out);
    insta::assert_snapshot!(scene.wrong(&["--against", "kept.jsonl"]).await, @"
    WRONG    checkpoint 1: It is not the one that was kept elsewhere: what it seals was written anew.
    WRONG    [1]: One of the records 1 to [last] is not the one that checkpoint 1 sealed: it was changed, and the rest was written anew.
    No checkpoint proves anything of it.
    Nothing of it is what was kept elsewhere.
    ");
    let kept = std::fs::read_to_string(scene.office.folder.path().join("kept.jsonl")).unwrap();
    let first: Checkpoint = serde_json::from_str(kept.lines().next().unwrap()).unwrap();
    let hash = format!("1:{}", first.hash);
    insta::assert_snapshot!(scene.wrong(&["--hash", &hash]).await, @"
    WRONG    checkpoint 1: It is not the one that was kept elsewhere: what it seals was written anew.
    No checkpoint proves anything of it.
    Nothing of it is what was kept elsewhere.
    ");

    // Whoever changes the kept file without knowing how is found as well.
    let changed = kept.replacen("\"seq\":", "\"seq\":1", 1);
    std::fs::write(scene.office.folder.path().join("changed.jsonl"), changed).unwrap();
    let said = scene.office.audit(&["verify", "--against", "changed.jsonl"]).await;
    insta::assert_snapshot!(said.error(scene.office.folder.path(), None), @"
    Line 1 of changed.jsonl was changed: what it says does not give its hash.
    exit code 2
    ");
}

#[tokio::test]
async fn an_operation_that_is_added_later_is_found() {
    let scene = Scene::new().await;
    let (_, events) = scene.records(1).await;
    let old = events[0].0 - SignedDuration::from_hours(20);
    let id: OperationId = ADDED.parse().unwrap();
    let Event::Requested(request) = &events[0].1 else { panic!("{events:?}") };
    let mut request = request.clone();
    request.id = id.clone();
    scene.forge(&id, vec![(old, Event::Requested(request))]).await;
    let sql = format!(
        "insert into operations (number, id, key, channel, open, unsealed) values (4, '{id}', 'k', 'C', 0, 0)"
    );
    scene.office.behind_its_back(&sql).await;
    insta::assert_snapshot!(scene.wrong(&[]).await, @"
    WRONG    [added]: It says that it began before checkpoint 1, which did not find it: it was added later.
    Up to checkpoint 2
    ");
}
