use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::approval::Quorum;
use crate::command::spec::{CommandName, Risk};
use crate::envelope::Origin;
use crate::ids::{ChannelId, OperationId, PersonId};
use crate::operation::{Found, Progress, Reference, Resolution, Review, Table};
use crate::plan::{FieldChange, Fingerprint, Step};
use crate::policy::{Freeze, Frozen};
use crate::router::Problem;
use crate::secret::MASK;

/// What every text of the events below says.
const TEXT: &str = "the key is correct horse for acme";

fn text() -> String {
    TEXT.to_owned()
}

fn hidden() -> Hidden {
    let mut hidden = Hidden::new([7; 32], OperationId::from_parts(0, 1));
    hidden.keep_secret("correct horse");
    hidden
}

fn ana() -> PersonId {
    PersonId::new("T1", "ana")
}

fn requested() -> Request {
    let freeze = Freeze {
        what: Frozen::Everything,
        until: Timestamp::MAX,
        reason: text(),
        by: Some(ana()),
        others: Some(1),
    };
    Request {
        id: OperationId::from_parts(0, 1),
        command: CommandName::new("set-key"),
        sentence: text(),
        args: json!({"key": "correct horse", "notes": [TEXT, 3]}),
        caller: ana(),
        origin: Origin { channel: ChannelId::new("C1"), message: None, thread: None },
        risk: Risk::High,
        quorum: Quorum::default(),
        lock: None,
        frozen: vec![freeze],
        emergency: Some(text()),
    }
}

fn plan() -> Plan {
    let change = FieldChange { of: Some(text()), field: text(), before: Some(text()), after: Some(text()) };
    Plan {
        steps: vec![Step { title: text(), changes: vec![change] }],
        warnings: vec![text()],
        irreversible: vec![text()],
        fixed: [("note".to_owned(), json!(TEXT))].into(),
        payload: json!({"notes": [TEXT]}),
    }
}

fn finished(outcome: Outcome) -> Event {
    Event::Finished { outcome }
}

fn refused(refusal: Refusal) -> Event {
    Event::Stopped { stop: Stop::Refused { refusal } }
}

/// Every event that holds a text of people or of runbooks, and the texts in every place.
fn telling() -> Vec<Event> {
    let (plan, fingerprint, now) = (plan(), Fingerprint::zero(), Timestamp::UNIX_EPOCH);
    let reference = || Reference::from_bits(1);
    let table = Table { columns: vec![text()], rows: vec![vec![None, Some(text())]], left_out: 0 };
    let problem = Problem { column: 1, argument: None, found: text(), rule: text() };
    vec![
        Event::Requested(Box::new(requested())),
        Event::Planned { plan: Box::new(plan.clone()), fingerprint, approve_by: None },
        Event::Drifted { plan: Box::new(plan), fingerprint, approve_by: now },
        Event::Explained { person: ana(), reason: text() },
        Event::Progressed {
            fence: 1,
            state: json!({"next": TEXT}),
            progress: Progress { done: 1, total: 2, note: text() },
            resume_at: now,
            lease_until: now,
        },
        finished(Outcome::Succeeded(Report { summary: text(), table: Some(table) })),
        finished(Outcome::Failed { reason: text(), reference: reference() }),
        finished(Outcome::Unknown { reason: text(), reference: reference() }),
        refused(Refusal::Blocked { sentence: text() }),
        refused(Refusal::Unreadable { sentence: text() }),
        refused(Refusal::Frozen { what: "everything".to_owned(), until: now, reason: text() }),
        refused(Refusal::Malformed { usage: "set key".to_owned(), example: None, problems: vec![problem] }),
        refused(Refusal::WrongName { expected: text() }),
        Event::Resolved(Resolution { by: ana(), found: Found::Failed, reason: text() }),
        Event::Reviewed(Review { by: ana(), note: text() }),
    ]
}

fn json_of(event: &Event) -> String {
    serde_json::to_string(event).unwrap()
}

#[test]
fn nothing_secret_is_written_whatever_happened() {
    for event in telling() {
        let before = json_of(&event);
        let after = json_of(&event.without_secrets(&mut hidden()));
        assert!(before.contains("horse") && !after.contains("horse"), "{after}");
    }
}

#[test]
fn what_people_wrote_around_a_secret_stays_readable() {
    let masked = format!("the key is {MASK} for acme");
    for event in telling() {
        let json = json_of(&event.without_secrets(&mut hidden()));
        assert!(json.contains(&masked), "{json}");
    }
}

#[test]
fn what_holds_no_secret_is_written_as_it_happened() {
    let mut nothing = Hidden::new([7; 32], OperationId::from_parts(0, 1));
    for event in telling() {
        assert_eq!(event.clone().without_secrets(&mut nothing), event);
    }
    assert!(nothing.is_empty());
}

#[test]
fn a_runbook_gets_its_plan_back_where_the_secret_is_known() {
    let mut hidden = hidden();
    let mut written = plan();
    written.hide(&mut hidden);
    let revealed = written.reveal(&hidden).unwrap();
    assert_eq!((&revealed.fixed, &revealed.payload), (&plan().fixed, &plan().payload));
    assert_eq!(revealed.steps, written.steps, "what people see stays masked");
    assert_eq!(written.reveal(&self::hidden()), None, "another process does not know it");
}

#[test]
fn the_arguments_that_an_author_marks_are_secret_and_the_others_are_not() {
    let mut hidden = Hidden::new([7; 32], OperationId::from_parts(0, 1));
    let mut request = requested();
    request.args = json!({"key": "correct horse", "subdomain": "acme", "days": 7});
    let marked = ["key", "days", "left-out"].map(str::to_owned);
    request.keep_secret(&marked.into(), &mut hidden);
    let Event::Requested(written) = Event::Requested(Box::new(request)).without_secrets(&mut hidden) else {
        panic!("it is still the request")
    };
    assert_eq!(written.sentence, format!("the key is {MASK} for acme"));
    assert_eq!((&written.args["subdomain"], &written.args["days"]), (&json!("acme"), &json!(7)));
    assert!(!written.args.to_string().contains("horse"), "{}", written.args);
}
