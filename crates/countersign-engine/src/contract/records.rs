//! Operations to fill a ledger with.
#![expect(clippy::unwrap_used, reason = "a promise that is not kept is a failed test")]

use countersign_core::audit::{Head, Record};
use countersign_core::command::spec::{CommandName, Risk};
use countersign_core::envelope::Origin;
use countersign_core::ids::{ChannelId, MessageId, OperationId, PersonId, WorkerId};
use countersign_core::operation::{Event, Outcome, Report, Request, Table};
use countersign_core::plan::{FieldChange, Fingerprint, Plan, Step};
use jiff::Timestamp;
use serde_json::json;

/// The channel in which all of it happens.
pub(super) fn channel() -> ChannelId {
    ChannelId::new("C1")
}

/// The message with which operation `number` is asked for.
pub(super) fn message(number: u64) -> MessageId {
    MessageId::new(format!("{number}.000001"))
}

pub(super) fn id(number: u64) -> OperationId {
    OperationId::from_parts(1_800_000_000_000, u128::from(number))
}

/// The first record of operation `number`.
pub(super) fn first(number: u64) -> Record {
    let request = Request {
        id: id(number),
        command: CommandName::new("set-trial"),
        sentence: "set acme trial remaining to 14 days \u{2013} \"ü\"".to_owned(),
        args: json!({"subdomain": "acme", "days": 14, "b": {"z": 0.1, "a": 1e300}}),
        caller: PersonId::new("T1", "ana"),
        origin: Origin { channel: channel(), message: Some(message(number)), thread: None },
        risk: Risk::High,
        quorum: Risk::Low.quorum(),
        lock: None,
        frozen: Vec::new(),
        emergency: None,
    };
    Record::after(Head::start(), id(number), at(0), Event::Requested(Box::new(request)))
}

/// The record that follows `last` with `event`.
pub(super) fn next(last: &Record, event: Event) -> Record {
    Record::after(last.head(), last.operation.clone(), at(last.seq), event)
}

pub(super) fn card(message: &str) -> Event {
    Event::CardShown { message: MessageId::new(message), shown_at: jiff::Timestamp::UNIX_EPOCH }
}

/// Events from the plan to the outcome, with every sort of value in them.
pub(super) fn life() -> Vec<Event> {
    let change = FieldChange { of: None, field: "plan".into(), before: None, after: Some(String::new()) };
    let plan = Plan {
        steps: vec![Step { title: "Update 1 row of accounts".into(), changes: vec![change] }],
        warnings: vec!["'; drop table events; --".into()],
        fixed: [("now".to_owned(), json!("2026-11-20T12:00:00Z"))].into(),
        // Numbers whose text is easily lost on the way through a float, and keys out of order.
        payload: json!({"z": [0.1, 1.7976931348623157e308, 5e-324, 2.2250738585072014e-308],
            "a": [i64::MIN, u64::MAX, -0.0, 9007199254740993_i64, 100.0, 0.12345678901234568]}),
        ..Plan::default()
    };
    let fingerprint = Fingerprint::of_bytes(b"plan");
    let table =
        Table { columns: vec!["a".into()], rows: vec![vec![None], vec![Some("\u{0}".into())]], left_out: 3 };
    let report = Report { summary: "Done.".into(), table: Some(table) };
    vec![
        Event::Planned { plan: Box::new(plan), fingerprint, approve_by: Some(at(100)) },
        card("2.000002"),
        Event::Approved { fingerprint, run_by: at(200) },
        Event::Claimed { worker: WorkerId::new("w"), fence: 1, lease_until: at(300) },
        Event::Finished { outcome: Outcome::Succeeded(report) },
    ]
}

fn at(second: u64) -> Timestamp {
    Timestamp::new(1_800_000_000 + i64::try_from(second).unwrap(), 1_002_003).unwrap()
}
