//! Questions to a ledger that holds many operations.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use countersign_core::audit::{Head, Record};
use countersign_core::command::spec::{CommandName, Risk};
use countersign_core::envelope::Origin;
use countersign_core::ids::{ChannelId, MessageId, OperationId, PersonId};
use countersign_core::operation::{Event, Operation, Request, Stop};
use countersign_core::plan::{FieldChange, Fingerprint, Plan, Step};
use countersign_engine::ports::{Ledger, Next, Place};
use countersign_store::sqlite::SqliteStore;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

/// So many of the operations are open.
const OPEN: u64 = 50;
const WRITERS: u64 = 256;
const ROUNDS: usize = 200;

pub async fn measure(operations: u64) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Arc::new(SqliteStore::open(folder.path().join("ledger.db")).await?);
    let begin = Instant::now();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            for number in (writer..operations).step_by(usize::try_from(WRITERS)?) {
                write(&store, number, number % (operations / OPEN).max(1) == 0).await?;
            }
            anyhow::Ok(())
        });
    }
    for written in writers.join_all().await {
        written?;
    }
    let took = begin.elapsed();
    let size = std::fs::metadata(folder.path().join("ledger.db"))?.len() / 1_000_000;
    println!(
        "a ledger of {operations} operations, {OPEN} of them open: {size} MB, written in {} s",
        took.as_secs()
    );
    ask(&store, operations).await
}

async fn ask(store: &SqliteStore, operations: u64) -> Result<()> {
    let (mut due, mut pending, mut show, mut by_message) = (vec![], vec![], vec![], vec![]);
    for round in 0..ROUNDS {
        let number = (round as u64 * 7_919) % operations;
        let begin = Instant::now();
        ensure!(!store.due(at(i64::MAX / 4), 100).await?.is_empty(), "something is due");
        due.push(begin.elapsed());

        let begin = Instant::now();
        for id in store.open().await? {
            Operation::fold(&store.load(&id).await?)?;
        }
        pending.push(begin.elapsed());

        let begin = Instant::now();
        Operation::fold(&store.load(&id(number)).await?)?;
        show.push(begin.elapsed());

        let begin = Instant::now();
        ensure!(store.by_message(&channel(), &message(number)).await?.is_some(), "every request is known");
        by_message.push(begin.elapsed());
    }
    for (what, mut times) in [
        ("what is due", due),
        ("pending: all that is open, folded", pending),
        ("show: one operation, folded", show),
        ("the operation of a message", by_message),
    ] {
        times.sort_unstable();
        let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
        println!("  {what:<34} median {:>7} p99 {:>7}", millis(at(50)), millis(at(99)));
    }
    Ok(())
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

/// An operation that was planned, shown and stopped; or one that waits.
async fn write(store: &SqliteStore, number: u64, open: bool) -> Result<()> {
    let request = Request {
        id: id(number),
        command: CommandName::new("set-trial"),
        sentence: format!("set acme-{number} trial remaining to 14 days"),
        args: serde_json::json!({"subdomain": format!("acme-{number}"), "days": 14}),
        caller: PersonId::new("T1", "U1"),
        origin: Origin { channel: channel(), message: Some(message(number)), thread: None },
        risk: Risk::High,
        quorum: Risk::High.quorum(),
        lock: None,
        frozen: Vec::new(),
        emergency: None,
    };
    let now = at(0);
    let first = Record::after(Head::start(), id(number), now, Event::Requested(Box::new(request)));
    let change = |field: &str| FieldChange {
        of: None,
        field: field.to_owned(),
        before: Some("trial".to_owned()),
        after: Some("enterprise".to_owned()),
    };
    let plan = Plan {
        steps: vec![Step { title: "Update 1 row".to_owned(), changes: vec![change("plan"), change("ends")] }],
        ..Plan::default()
    };
    let planned = Event::Planned {
        plan: Box::new(plan),
        fingerprint: Fingerprint::of_bytes(b"plan"),
        approve_by: Some(at(3_600)),
    };
    let shown = Event::CardShown { message: MessageId::new(format!("card {number}")), shown_at: now };
    let mut records = vec![first.clone()];
    for event in
        [planned, shown].into_iter().chain((!open).then_some(Event::Stopped { stop: Stop::NotSignedInTime }))
    {
        let head = records.last().map_or_else(Head::start, Record::head);
        records.push(Record::after(head, id(number), now, event));
    }
    store.begin(&format!("msg/T1/C1/{number}"), &first, now).await?;
    let next = Next { due: open.then(|| at(3_600)), place: Place::GivenUp };
    store.append(records.get(1..).unwrap_or_default(), next).await?;
    if !open {
        Ledger::close(store, &id(number)).await?;
    }
    Ok(())
}

fn id(number: u64) -> OperationId {
    OperationId::from_parts(1_800_000_000_000, u128::from(number))
}

fn channel() -> ChannelId {
    ChannelId::new("C1")
}

fn message(number: u64) -> MessageId {
    MessageId::new(format!("1800000000.{number:06}"))
}

fn at(second: i64) -> Timestamp {
    let begin = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_800_000_000);
    begin.checked_add(SignedDuration::from_secs(second)).unwrap_or(Timestamp::MAX)
}
