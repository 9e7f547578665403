//! A ledger full of operations as the demo makes them: asked for, planned, shown, signed by two, done.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, ensure};
use countersign_core::approval::{Verdict, Vote, VoteSource};
use countersign_core::audit::{Checkpoint, Head, Record};
use countersign_core::command::spec::{CommandName, Risk};
use countersign_core::envelope::Origin;
use countersign_core::ids::{ChannelId, MessageId, OperationId, PersonId, WorkerId};
use countersign_core::operation::{Event, Outcome, Report, Request};
use countersign_core::plan::{FieldChange, Fingerprint, Plan, Step};
use countersign_engine::ports::{Appended, Ledger, Next, Place};
use countersign_store::SqliteStore;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// How many events an operation has.
pub const EVENTS: usize = 8;
/// So many writers work side by side, so that they share each wait for the disk.
const WRITERS: usize = 64;

static MADE: AtomicUsize = AtomicUsize::new(0);

/// How many events there are.
#[expect(clippy::cast_precision_loss, reason = "a million is exact")]
pub fn made() -> f64 {
    (MADE.load(Ordering::Relaxed) * EVENTS) as f64
}

/// Makes a ledger at `path` with so many operations, and checkpoints over all of them.
pub async fn make(path: &Path, operations: usize) -> Result<()> {
    let store = Arc::new(SqliteStore::open(path).await?);
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            for number in (writer..operations).step_by(WRITERS) {
                write(&store, number).await?;
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    while let Some(written) = writers.join_next().await {
        written??;
    }
    loop {
        let last = store.last_checkpoint().await?;
        let heads = store.unsealed(Checkpoint::MOST_HEADS).await?;
        if heads.is_empty() {
            break;
        }
        let checkpoint = Checkpoint::after(last.as_ref(), at(operations + 1)?, heads);
        ensure!(store.seal(&checkpoint).await? == Appended::Done, "nobody else seals");
    }
    store.close().await;
    MADE.store(operations, Ordering::Relaxed);
    Ok(())
}

async fn write(store: &SqliteStore, number: usize) -> Result<()> {
    let at = at(number)?;
    let id = OperationId::from_parts(u64::try_from(at.as_millisecond())?, u128::try_from(number)?);
    let mut head = Head::start();
    let mut records = Vec::with_capacity(EVENTS);
    for event in events(&id, number, at) {
        let record = Record::after(head, id.clone(), at, event);
        head = record.head();
        records.push(record);
    }
    let [first, rest @ ..] = records.as_slice() else { return Ok(()) };
    store.begin(&format!("msg/{number}"), first, at).await?;
    let next = Next { due: None, place: Place::GivenUp };
    ensure!(store.append(rest, next).await? == Appended::Done, "nobody else appends");
    Ok(Ledger::close(store, &id).await?)
}

/// An operation every minute.
fn at(number: usize) -> Result<Timestamp> {
    Ok(Timestamp::from_second(1_700_000_000 + i64::try_from(number)? * 60)?)
}

fn events(id: &OperationId, number: usize, at: Timestamp) -> [Event; EVENTS] {
    let account = format!("account-{number}");
    let sentence = format!("set {account} trial remaining to 14 days");
    let args = json!({"subdomain": account, "days": 14});
    let (command, message) =
        (CommandName::new("set-trial-remaining-to-days"), MessageId::new(format!("{number}.0001")));
    let change = |field: &str, before: &str, after: &str| FieldChange {
        of: None,
        field: field.to_owned(),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
    };
    let changes = vec![
        change("plan", "free", "enterprise"),
        change("trial_ends_at", "2026-11-24 09:00:00", "2026-12-04 09:00:00"),
    ];
    let plan = Plan {
        steps: vec![Step { title: "Update 1 row of accounts".to_owned(), changes }],
        fixed: [("now".to_owned(), json!("2026-11-20T09:00:00Z"))].into(),
        ..Plan::default()
    };
    let fingerprint = Fingerprint::of(&command, &args, &plan);
    let vote = |user: &str| {
        let source = VoteSource::Reaction { message: message.clone(), emoji: "white_check_mark".to_owned() };
        let person = PersonId::new("T0DEMO", user);
        Event::Voted(Vote { person, source, verdict: Verdict::Approve, fingerprint, at })
    };
    let origin =
        Origin { channel: ChannelId::new("C0BACKOFFICE"), message: Some(message.clone()), thread: None };
    let request = Request {
        id: id.clone(),
        command,
        sentence,
        args,
        caller: PersonId::new("T0DEMO", "U0ANA"),
        origin,
        risk: Risk::High,
        quorum: Risk::High.quorum(),
        lock: None,
        frozen: Vec::new(),
        emergency: None,
    };
    let soon = at + SignedDuration::from_mins(15);
    let summary = format!("{account} is on an Enterprise trial for 14 more days.");
    [
        Event::Requested(Box::new(request)),
        Event::Planned { plan: Box::new(plan), fingerprint, approve_by: Some(soon) },
        Event::CardShown { message: MessageId::new(format!("{number}.0002")), shown_at: at },
        vote("U0ANA"),
        vote("U0BEN"),
        Event::Approved { fingerprint, run_by: soon },
        Event::Claimed { worker: WorkerId::new("worker-1"), fence: 1, lease_until: soon },
        Event::Finished { outcome: Outcome::Succeeded(Report { summary, table: None }) },
    ]
}
