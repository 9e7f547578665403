use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::approval::{Verdict, Vote, VoteSource};
use crate::audit::{Head, Record};
use crate::command::spec::{CommandName, Risk};
use crate::envelope::Origin;
use crate::ids::{ChannelId, MessageId, OperationId, PersonId};
use crate::operation::{Found, Outcome, Progress, Reference, Report, Request, Resolution, WithdrawnBecause};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn person(name: &str) -> PersonId {
    PersonId::new("T1", name)
}

fn plan(warning: &str) -> Plan {
    Plan { warnings: vec![warning.to_owned()], ..Plan::default() }
}

fn fingerprint(plan: &Plan) -> Fingerprint {
    Fingerprint::of(&CommandName::new("set-trial"), &json!({}), plan)
}

fn record(after: Option<&Record>, event: Event) -> Record {
    let id = OperationId::from_parts(1, 1);
    let seq = after.map_or(0, |last| last.seq);
    Record::after(after.map_or(Head::start(), Record::head), id, at(seq as i64 + 1), event)
}

fn requested(message: bool) -> Record {
    let request = Request {
        id: OperationId::from_parts(1, 1),
        command: CommandName::new("set-trial"),
        sentence: "set acme trial".to_owned(),
        args: json!({}),
        caller: person("ana"),
        origin: Origin {
            channel: ChannelId::new("C1"),
            message: message.then(|| MessageId::new("1")),
            thread: None,
        },
        risk: Risk::High,
        quorum: Risk::High.quorum(),
        lock: None,
        emergency: None,
        frozen: Vec::new(),
    };
    record(None, Event::Requested(Box::new(request)))
}

/// Whatever may happen next to an operation, and more.
fn candidates(operation: &Operation) -> Vec<Event> {
    let stands = operation.fingerprint().unwrap_or_else(Fingerprint::zero);
    let vote = |name: &str, verdict| Vote {
        person: person(name),
        source: VoteSource::Button,
        verdict,
        fingerprint: stands,
        at: at(50),
    };
    let (one, other) = (plan("one"), plan("other"));
    let moved = if stands == fingerprint(&one) { other } else { one.clone() };
    let fence = operation.fence;
    let claimed = |fence| Event::Claimed { worker: WorkerId::new("w"), fence, lease_until: at(300) };
    let unknown = Outcome::Unknown { reason: "It broke.".to_owned(), reference: Reference::from_bits(1) };
    let failed = Outcome::Failed { reason: "No.".to_owned(), reference: Reference::from_bits(2) };
    let resolution = Resolution { by: person("ben"), found: Found::Failed, reason: "I looked.".to_owned() };
    let progress = Progress { done: 1, total: 3, note: "one".to_owned() };
    let planned = |approve_by| Event::Planned {
        plan: Box::new(one.clone()),
        fingerprint: fingerprint(&one),
        approve_by,
    };
    vec![
        planned(Some(at(100))),
        planned(None),
        Event::RootShown { message: MessageId::new("7") },
        Event::CardShown { message: MessageId::new("2"), shown_at: at(3) },
        Event::Voted(vote("ana", Verdict::Approve)),
        Event::Voted(vote("ben", Verdict::Approve)),
        Event::Voted(vote("chloe", Verdict::Object)),
        Event::Withdrawn {
            person: person("ben"),
            source: VoteSource::Button,
            because: WithdrawnBecause::TakenBack,
        },
        Event::Drifted { fingerprint: fingerprint(&moved), plan: Box::new(moved), approve_by: at(150) },
        Event::Reminded { count: operation.reminders + 1 },
        Event::Approved { fingerprint: stands, run_by: at(200) },
        claimed(fence + 1),
        Event::Renewed { fence, lease_until: at(400) },
        Event::Progressed {
            fence,
            state: json!({"part": fence}),
            progress,
            resume_at: at(310),
            lease_until: at(370),
        },
        Event::Released { fence },
        Event::Finished { outcome: Outcome::Succeeded(Report::default()) },
        Event::Finished { outcome: unknown },
        Event::Finished { outcome: failed },
        Event::Stopped { stop: Stop::Objected { by: person("chloe") } },
        Event::Stopped { stop: Stop::NotSignedInTime },
        Event::Explained { person: person("chloe"), reason: "Not now.".to_owned() },
        Event::Resolved(resolution),
    ]
}

/// The operation without what a retold history may lose.
fn bare(mut operation: Operation) -> Operation {
    operation.head = Head::start();
    operation.ahead.clear();
    if operation.is_over() {
        operation.fence = 0;
    }
    operation
}

fn fold(events: Vec<Event>) -> Operation {
    let mut records: Vec<Record> = Vec::new();
    for event in events {
        records.push(record(records.last(), event));
    }
    Operation::fold(&records).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_retold_history_adds_up_to_the_same(
        message in any::<bool>(),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let mut last = requested(message);
        let mut operation = Operation::fold(std::slice::from_ref(&last)).unwrap();
        for choice in choices {
            let next = record(Some(&last), choice.get(&candidates(&operation)).clone());
            if operation.apply(&next).is_ok() {
                last = next;
            }
            prop_assert_eq!(bare(fold(operation.retell())), bare(operation.clone()));
        }
    }
}

#[test]
fn a_long_life_is_told_in_a_few_events() {
    let mut records = vec![requested(true)];
    let mut then = |event| records.push(record(records.last(), event));
    then(Event::Planned { plan: Box::default(), fingerprint: Fingerprint::zero(), approve_by: None });
    for fence in 1..=50 {
        then(Event::Claimed { worker: WorkerId::new("w"), fence, lease_until: at(300) });
        then(Event::Renewed { fence, lease_until: at(400) });
        let progress = Progress { done: 1, total: 90, note: String::new() };
        let (state, resume_at, lease_until) = (json!(fence), at(310), at(370));
        then(Event::Progressed { fence, state, progress, resume_at, lease_until });
    }
    let retold = Operation::fold(&records).unwrap().retell();
    assert_eq!(retold.len(), 4, "the request, the plan, a claim, and how far it is");
}

#[test]
fn a_whole_life_is_retold_at_every_point_of_it() {
    let fingerprint = Fingerprint::zero();
    let by = |name: &str| Vote {
        person: person(name),
        source: VoteSource::Button,
        verdict: Verdict::Approve,
        fingerprint,
        at: at(50),
    };
    let mut records = vec![requested(true)];
    for event in [
        Event::Planned { plan: Box::default(), fingerprint, approve_by: Some(at(100)) },
        Event::Reminded { count: 2 },
        Event::Voted(by("ana")),
        Event::Voted(by("ben")),
        Event::Approved { fingerprint, run_by: at(200) },
        Event::Claimed { worker: WorkerId::new("w"), fence: 1, lease_until: at(300) },
        Event::Released { fence: 1 },
        Event::Withdrawn {
            person: person("ben"),
            source: VoteSource::Button,
            because: WithdrawnBecause::TakenBack,
        },
    ] {
        records.push(record(records.last(), event));
        let operation = Operation::fold(&records).unwrap();
        assert_eq!(bare(fold(operation.retell())), bare(operation));
    }
    let waiting = fold(Operation::fold(&records).unwrap().retell());
    assert_eq!(waiting.fence, 1, "the worker that let go of it may not write");
    assert_eq!(waiting.reminders, 2, "nobody is reminded again");
    assert_eq!(waiting.votes, [by("ana")]);
}
