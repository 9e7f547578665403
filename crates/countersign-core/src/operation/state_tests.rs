use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::approval::{Verdict, VoteSource};
use crate::command::spec::{CommandName, Risk};
use crate::envelope::Origin;
use crate::ids::{ChannelId, PersonId};
use crate::operation::{Found, GRACE, Reference, Report, WithdrawnBecause};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn request() -> Request {
    Request {
        id: OperationId::from_parts(1, 1),
        command: CommandName::new("stop"),
        sentence: "stop dev".to_owned(),
        args: json!({}),
        caller: PersonId::new("T1", "ana"),
        origin: Origin { channel: ChannelId::new("C1"), message: None, thread: None },
        risk: Risk::High,
        quorum: Risk::High.quorum(),
        lock: None,
        frozen: Vec::new(),
        emergency: None,
    }
}

/// What a request at a terminal with these events after it, one a second, adds up to.
fn grown(events: &[Event]) -> Result<Operation, FoldError> {
    grown_from(request(), events)
}

fn grown_from(request: Request, events: &[Event]) -> Result<Operation, FoldError> {
    let id = request.id.clone();
    let mut records =
        vec![Record::after(Head::start(), id.clone(), at(1), Event::Requested(Box::new(request)))];
    for event in events {
        let last = records.last().unwrap();
        records.push(Record::after(last.head(), id.clone(), at(records.len() as i64 + 1), event.clone()));
    }
    Operation::fold(&records)
}

fn planned() -> Event {
    Event::Planned { plan: Box::default(), fingerprint: Fingerprint::zero(), approve_by: Some(at(1_000)) }
}

fn shown() -> Event {
    Event::CardShown { message: MessageId::new("2"), shown_at: at(3) }
}

fn approved() -> Event {
    Event::Approved { fingerprint: Fingerprint::zero(), run_by: at(900) }
}

fn claimed(fence: u64) -> Event {
    Event::Claimed { worker: WorkerId::new(format!("w{fence}")), fence, lease_until: at(60) }
}

fn progressed(fence: u64) -> Event {
    let progress = Progress { done: 1, total: 3, note: String::new() };
    Event::Progressed { fence, state: json!(1), progress, resume_at: at(70), lease_until: at(130) }
}

fn renewed(fence: u64) -> Event {
    Event::Renewed { fence, lease_until: at(80) }
}

fn claim(operation: &Operation) -> &Claim {
    let Phase::Applying(claim) = &operation.phase else { panic!("{:?}", operation.phase) };
    claim
}

#[test]
fn only_the_claim_that_stands_renews_progresses_and_releases() {
    let working = [planned(), approved(), claimed(1)];
    let and = |event: Event| grown(&[working.as_slice(), &[event]].concat());
    assert_eq!(claim(&and(renewed(1)).unwrap()).lease_until, at(80));
    let part = and(progressed(1)).unwrap();
    assert_eq!(claim(&part).state, Some(json!(1)));
    assert_eq!((claim(&part).resume_at, claim(&part).lease_until), (Some(at(70)), at(130)));
    for event in [renewed(0), renewed(2), progressed(0), progressed(2), Event::Released { fence: 2 }] {
        assert!(and(event.clone()).is_err(), "{event:?}");
    }
    let next = grown(&[working.as_slice(), &[progressed(1), claimed(2)]].concat()).unwrap();
    assert_eq!(claim(&next).resume_at, None, "the next part runs");
    assert_eq!((claim(&next).fence, claim(&next).worker.as_str()), (2, "w2"));
    let released = [working.as_slice(), &[progressed(1), claimed(2), Event::Released { fence: 2 }]].concat();
    assert!(grown(&released).is_err(), "what was begun is not given back");
}

#[test]
fn it_waits_in_its_line_only_while_it_may_run() {
    let other = OperationId::from_parts(2, 2);
    let queued = Event::Queued { ahead: vec![other.clone()] };
    assert!(grown(&[planned(), queued.clone()]).is_err());
    let waiting = grown(&[planned(), approved(), queued.clone()]).unwrap();
    assert_eq!(waiting.ahead, [other]);
    assert!(waiting.keeps_its_place());
    assert!(!grown(&[planned()]).unwrap().keeps_its_place());
    assert!(grown(&[planned(), approved(), queued, claimed(1)]).unwrap().ahead.is_empty());
    assert!(grown(&[planned(), approved(), claimed(1)]).unwrap().keeps_its_place());
}

#[test]
fn it_hangs_off_one_message() {
    let root = |id: &str| Event::RootShown { message: MessageId::new(id) };
    let posted = grown(&[root("1")]).unwrap();
    assert_eq!(posted.thread_root(), Some(&MessageId::new("1")));
    assert!(grown(&[root("1"), root("2")]).is_err());
    assert_eq!(grown(&[]).unwrap().thread_root(), None);
}

#[test]
fn records_of_another_operation_do_not_fit() {
    let mut operation = grown(&[]).unwrap();
    let foreign = Record::after(operation.head, OperationId::from_parts(2, 2), at(2), planned());
    assert!(operation.apply(&foreign).is_err());
    let gap =
        Record::after(Head { seq: 2, ..operation.head }, operation.request.id.clone(), at(2), planned());
    assert!(operation.apply(&gap).is_err());
    assert_eq!(Operation::fold(&[]).unwrap_err(), FoldError::Empty);
    assert!(matches!(Operation::fold(&[foreign]).unwrap_err(), FoldError::OutOfPlace { seq: 2, .. }));
    // The beginning was cut off, or the request was put under another name.
    let (start, id, asked) = (Head::start(), request().id, Event::Requested(Box::new(request())));
    let cut_off = Record::after(Head { seq: 1, ..start }, id, at(1), asked.clone());
    assert!(matches!(Operation::fold(&[cut_off]).unwrap_err(), FoldError::OutOfPlace { seq: 2, .. }));
    let renamed = Record::after(start, OperationId::from_parts(2, 2), at(1), asked);
    assert!(matches!(Operation::fold(&[renamed]).unwrap_err(), FoldError::OutOfPlace { seq: 1, .. }));
}

#[test]
fn chat_need_not_confirm_what_rests_on_terminals_alone() {
    let signed = |by: &str, source| {
        Event::Voted(Vote {
            person: PersonId::new("T1", by),
            source,
            verdict: Verdict::Approve,
            fingerprint: Fingerprint::zero(),
            at: at(4),
        })
    };
    let at_a_terminal = || signed("ana", VoteSource::Terminal);
    let in_chat = || signed("ben", VoteSource::Button);
    let rests = |operation: Result<Operation, FoldError>| operation.unwrap().rests_on_terminals();

    assert!(grown(&[]).unwrap().is_from_a_terminal());
    assert!(rests(grown(&[planned()])));
    assert!(rests(grown(&[planned(), at_a_terminal()])));
    assert!(!rests(grown(&[planned(), at_a_terminal(), in_chat()])));

    let origin = Origin { message: Some(MessageId::new("1")), ..request().origin };
    let said = |events: &[Event]| grown_from(Request { origin: origin.clone(), ..request() }, events);
    assert!(!said(&[]).unwrap().is_from_a_terminal());
    assert!(!rests(said(&[planned()])), "nobody at a terminal has looked at it");
    assert!(rests(said(&[planned(), at_a_terminal()])));
    assert!(!rests(said(&[planned(), in_chat()])));
}

#[test]
fn votes_and_reminders_belong_to_the_plan_that_stands() {
    let vote = |plan: &[u8], by: &str| {
        Event::Voted(Vote {
            person: PersonId::new("T1", by),
            source: VoteSource::Button,
            verdict: Verdict::Approve,
            fingerprint: if plan.is_empty() { Fingerprint::zero() } else { Fingerprint::of_bytes(plan) },
            at: at(4),
        })
    };
    assert!(grown(&[planned(), vote(b"other", "ana")]).is_err());
    let other = Event::Approved { fingerprint: Fingerprint::of_bytes(b"other"), run_by: at(900) };
    assert!(grown(&[planned(), other]).is_err());
    let back = |by: &str, source| Event::Withdrawn {
        person: PersonId::new("T1", by),
        source,
        because: WithdrawnBecause::TakenBack,
    };
    let both = [planned(), vote(b"", "ana"), vote(b"", "ben")];
    let left = |event: Event| grown(&[both.as_slice(), &[event]].concat()).unwrap().votes.len();
    assert_eq!(left(back("ana", VoteSource::Button)), 1);
    assert_eq!(left(back("ana", VoteSource::Typed)), 2, "not the way in which they had voted");
    let reminded = |count| Event::Reminded { count };
    assert_eq!(grown(&[planned(), reminded(2)]).unwrap().reminders, 2);
    assert!(grown(&[planned(), reminded(1), reminded(1)]).is_err());
    let voided =
        grown(&both).unwrap().void(WithdrawnBecause::NotEligible, |vote| vote.person.user.as_str() == "ana");
    let [Event::Withdrawn { person, because: WithdrawnBecause::NotEligible, .. }] = voided.as_slice() else {
        panic!("{voided:?}")
    };
    assert_eq!(person.user.as_str(), "ben");
}

#[test]
fn a_failure_may_come_before_the_claim_and_nothing_comes_after_the_end() {
    let failed = || Event::Finished {
        outcome: Outcome::Failed { reason: String::new(), reference: Reference::from_bits(1) },
    };
    assert!(grown(&[failed()]).unwrap().is_over());
    assert!(grown(&[planned(), failed()]).is_err());
    assert!(grown(&[planned(), approved(), failed()]).unwrap().is_settled());
    let done = Event::Finished { outcome: Outcome::Succeeded(Report::default()) };
    assert!(grown(&[done]).is_err(), "nothing succeeds before it is planned");
    let by = PersonId::new("T1", "ben");
    let resolved =
        Event::Resolved(Resolution { by: by.clone(), found: Found::Failed, reason: String::new() });
    assert!(grown(&[failed(), resolved.clone()]).is_err(), "its outcome is known");
    let unknown = Event::Finished {
        outcome: Outcome::Unknown { reason: String::new(), reference: Reference::from_bits(1) },
    };
    let lost = [planned(), approved(), claimed(1), unknown, resolved.clone()];
    assert!(grown(&lost).unwrap().is_settled());
    assert!(grown(&[lost.as_slice(), &[resolved]].concat()).is_err(), "once");
    let reviewed = Event::Reviewed(Review { by, note: String::new() });
    assert!(grown(&[failed(), reviewed]).is_err(), "it was no emergency");
}

#[test]
fn when_it_is_due() {
    let hour = SignedDuration::from_secs(998);
    let due = |events: &[Event]| grown(events).unwrap().due(hour, at(500));
    let soon = Some(at(500) + GRACE);
    assert_eq!(due(&[]), soon);
    assert_eq!(due(&[planned()]), soon, "its card has to be shown");
    // Signatures may come from 2 to 1000; the first reminder comes after a sixth of that.
    assert_eq!(due(&[planned(), shown()]), Some(at(2) + hour / 6));
    let reminded = Event::Reminded { count: 16 };
    assert_eq!(due(&[planned(), shown(), reminded]), Some(at(1_000) + SignedDuration::from_millis(1)));
    assert_eq!(due(&[planned(), shown(), approved()]), soon);
    let lease = Some(at(60) + SignedDuration::from_millis(1));
    assert_eq!(due(&[planned(), approved(), claimed(1)]), lease);
    assert_eq!(due(&[planned(), approved(), claimed(1), progressed(1)]), Some(at(70)));
    assert_eq!(due(&[Event::Stopped { stop: Stop::NotSignedInTime }]), soon);
}
