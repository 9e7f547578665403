use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::audit::{Head, Record};
use crate::command::spec::{CommandName, Risk};
use crate::envelope::Origin;
use crate::ids::{ChannelId, MessageId, OperationId, WorkerId};
use crate::operation::{Alarm, FoldError, Found, Outcome, Reference, Request};
use crate::plan::Fingerprint;

fn person(name: &str) -> PersonId {
    PersonId::new("T1", name)
}

/// An operation that ana asked for, after these events.
fn after(emergency: Option<&str>, events: impl IntoIterator<Item = Event>) -> Operation {
    grown(emergency, events).unwrap()
}

/// What they add up to, if they can.
fn grown(emergency: Option<&str>, events: impl IntoIterator<Item = Event>) -> Result<Operation, FoldError> {
    let id = OperationId::from_parts(1, 1);
    let request = Request {
        id: id.clone(),
        command: CommandName::new("stop"),
        sentence: "stop dev".to_owned(),
        args: json!({}),
        caller: person("ana"),
        origin: Origin { channel: ChannelId::new("C1"), message: Some(MessageId::new("1")), thread: None },
        risk: Risk::High,
        quorum: Risk::High.quorum(),
        lock: None,
        frozen: Vec::new(),
        emergency: emergency.map(str::to_owned),
    };
    let at = Timestamp::UNIX_EPOCH;
    let mut records = vec![Record::after(Head::start(), id.clone(), at, Event::Requested(Box::new(request)))];
    for event in events {
        let head = records.last().unwrap().head();
        records.push(Record::after(head, id.clone(), at, event));
    }
    Operation::fold(&records)
}

fn planned() -> Event {
    Event::Planned {
        plan: Box::default(),
        fingerprint: Fingerprint::zero(),
        approve_by: Some(Timestamp::MAX),
    }
}

fn ran(outcome: Outcome) -> [Event; 4] {
    let fingerprint = Fingerprint::zero();
    let lease_until = Timestamp::UNIX_EPOCH;
    [
        planned(),
        Event::Approved { fingerprint, run_by: Timestamp::MAX },
        Event::Claimed { worker: WorkerId::new("w"), fence: 1, lease_until },
        Event::Finished { outcome },
    ]
}

fn unknown() -> Outcome {
    Outcome::Unknown { reason: "It broke.".to_owned(), reference: Reference::from_bits(1) }
}

#[test]
fn the_caller_alone_cancels_and_only_before_it_runs() {
    let voting = after(None, [planned()]);
    assert!(voting.cancel(&person("ana")).is_some());
    assert_eq!(voting.cancel(&person("ben")), None);
    let [planned, approved, claimed, _] = ran(unknown());
    assert!(after(None, [planned.clone(), approved.clone()]).cancel(&person("ana")).is_some());
    assert_eq!(after(None, [planned, approved, claimed]).cancel(&person("ana")), None);
}

#[test]
fn an_unknown_outcome_stays_open_until_somebody_says_what_they_found() {
    let resolution =
        Resolution { by: person("ben"), found: Found::Succeeded, reason: "The row is there.".to_owned() };
    let lost = after(None, ran(unknown()));
    assert!(lost.is_over() && !lost.is_settled() && lost.keeps_its_place());
    let resolved = lost.resolve(resolution.clone()).unwrap();
    let found = after(None, ran(unknown()).into_iter().chain([resolved]));
    assert!(found.is_settled() && !found.keeps_its_place());
    assert_eq!(found.resolve(resolution.clone()), None, "once");

    let done = after(None, ran(Outcome::Succeeded(Default::default())));
    assert!(done.is_settled());
    assert_eq!(done.resolve(resolution), None);
}

#[test]
fn an_emergency_is_reviewed_by_somebody_else() {
    let review = |by: &str| Review { by: person(by), note: "It was right.".to_owned() };
    let done = after(Some("the site is down"), ran(Outcome::Succeeded(Default::default())));
    assert!(done.is_over() && !done.is_settled());
    assert_eq!(done.review(review("ana")), None);
    let reviewed = done.review(review("ben")).unwrap();
    let all = ran(Outcome::Succeeded(Default::default())).into_iter().chain([reviewed.clone()]);
    let closed = after(Some("the site is down"), all.clone());
    assert!(closed.is_settled());
    assert_eq!(closed.review(review("chloe")), None, "once");
    assert!(grown(Some("the site is down"), all.chain([reviewed])).is_err(), "once");
    assert_eq!(after(None, ran(unknown())).review(review("ben")), None, "no emergency");
    let running = after(Some("the site is down"), [planned()]);
    assert_eq!(running.review(review("ben")), None, "there is nothing to look at yet");
}

#[test]
fn everybody_is_told_once_that_an_emergency_begins_and_once_how_it_ended() {
    let told = |of| Event::Alarmed { of };
    let urgent = |events: &[Event]| grown(Some("the site is down"), events.iter().cloned());
    let due = |events: &[Event]| urgent(events).unwrap().alarm_due();
    assert_eq!(due(&[]), None, "there is no plan to tell of yet");
    assert_eq!(due(&[planned()]), Some(Alarm::Begun));
    let begun = [planned(), told(Alarm::Begun)];
    assert_eq!(due(&begun), None);
    assert!(urgent(&[begun.as_slice(), &[told(Alarm::Begun)]].concat()).is_err(), "not twice");

    let [_, approved, claimed, finished] = ran(unknown());
    let over = [begun.as_slice(), &[approved, claimed, finished]].concat();
    assert_eq!(due(&over), Some(Alarm::Ended));
    assert_eq!(due(&ran(unknown())), Some(Alarm::Ended), "the end says all");
    let ended = [over.as_slice(), &[told(Alarm::Ended)]].concat();
    assert_eq!(due(&ended), None);
    for late in [Alarm::Begun, Alarm::Ended] {
        assert!(urgent(&[ended.as_slice(), &[told(late)]].concat()).is_err(), "{late:?}");
    }

    assert_eq!(after(None, [planned()]).alarm_due(), None, "no emergency");
    assert!(grown(None, [planned(), told(Alarm::Begun)]).is_err(), "no emergency");
}
