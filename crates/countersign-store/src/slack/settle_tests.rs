use countersign_core::audit::{Head, Record};
use countersign_core::command::spec::{CommandName, Risk};
use countersign_core::envelope::Origin;
use countersign_core::ids::{ChannelId, MessageId, OperationId, PersonId};
use countersign_core::operation::Request;
use countersign_core::plan::Fingerprint;
use serde_json::json;

use super::*;

fn operation(events: Vec<Event>) -> Operation {
    let id = OperationId::from_parts(1, 1);
    let request = Request {
        id: id.clone(),
        command: CommandName::new("set-trial"),
        sentence: "set acme trial".to_owned(),
        args: json!({}),
        caller: PersonId::new("T1", "ana"),
        origin: Origin { channel: ChannelId::new("C1"), message: Some(MessageId::new("1")), thread: None },
        risk: Risk::High,
        quorum: Risk::High.quorum(),
        lock: None,
        emergency: None,
        frozen: Vec::new(),
    };
    let mut records: Vec<Record> = Vec::new();
    for event in [vec![Event::Requested(Box::new(request))], events].concat() {
        let head = records.last().map_or(Head::start(), Record::head);
        records.push(Record::after(head, id.clone(), Timestamp::UNIX_EPOCH, event));
    }
    Operation::fold(&records).unwrap()
}

fn voting() -> Operation {
    let approve_by = Some(Timestamp::UNIX_EPOCH);
    operation(vec![Event::Planned { plan: Box::default(), fingerprint: Fingerprint::zero(), approve_by }])
}

/// What becomes of the operation, and the last thing that is written about it.
fn then(mut operation: Operation, standing: Standing) -> (Phase, Vec<Event>) {
    let (at, reference) = (Timestamp::UNIX_EPOCH, Reference::from_bits(1));
    let events = events(&operation, standing, Seen { at, lease_until: at, reference });
    for event in &events {
        let record =
            Record::after(operation.head, operation.request.id.clone(), Timestamp::UNIX_EPOCH, event.clone());
        operation.apply(&record).unwrap();
    }
    (operation.phase, events)
}

fn standing(applying: bool, end: Option<End>) -> Standing {
    Standing { taken: true, applying, end }
}

#[test]
fn without_a_marker_that_says_more_nothing_is_written() {
    assert_eq!(then(voting(), standing(false, None)), (Phase::Voting, Vec::new()));
    assert_eq!(then(operation(Vec::new()), standing(false, None)).1, Vec::new());
}

#[test]
fn a_gear_is_a_claim_of_somebodys() {
    assert!(matches!(then(voting(), standing(true, None)).0, Phase::Applying(claim) if claim.fence == 1));
}

#[test]
fn an_end_is_an_end_and_says_what_it_does_not_know() {
    let end = |applying, end| match then(voting(), standing(applying, Some(end))).0 {
        Phase::Finished(outcome) => format!("{outcome:?}"),
        Phase::Stopped(stop) => format!("{stop:?}"),
        phase => panic!("{phase:?}"),
    };
    insta::assert_snapshot!(end(true, End::Done), @r#"Succeeded(Report { summary: "It was done. The program stopped before it could say what came of it.", table: None })"#);
    insta::assert_snapshot!(end(true, End::Failed), @r#"Failed { reason: "It was not done. The program stopped before it could say why.", reference: Reference("ref-00000001") }"#);
    insta::assert_snapshot!(end(true, End::Unknown), @r#"Unknown { reason: "The program stopped in the middle: someone must look whether it was done.", reference: Reference("ref-00000001") }"#);
    insta::assert_snapshot!(end(false, End::Failed), @r#"Refused { refusal: Blocked { sentence: "It was stopped, and nothing was changed. The program stopped, too, before it could say why." } }"#);
    let unplanned = then(operation(Vec::new()), standing(false, Some(End::Failed))).0;
    assert!(matches!(unplanned, Phase::Stopped(Stop::Refused { .. })));
}

#[test]
fn what_is_over_stays_over() {
    let (stopped, _) = then(voting(), standing(false, Some(End::Failed)));
    let mut over = voting();
    over.phase = stopped.clone();
    assert_eq!(then(over, standing(true, Some(End::Done))), (stopped, Vec::new()));
}
