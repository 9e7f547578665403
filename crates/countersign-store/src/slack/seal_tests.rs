use countersign_core::command::spec::{CommandName, Risk};
use countersign_core::envelope::Origin;
use countersign_core::ids::PersonId;
use countersign_core::operation::{Reference, Report, Request, Table};
use countersign_core::plan::Fingerprint;
use countersign_engine::memory::SequenceIds;

use super::*;

fn sealer(key: &str) -> Sealer {
    Sealer::new(LedgerKey::new(&key.repeat(32)).unwrap(), Arc::new(SequenceIds::default()))
}

fn operation(plan: Plan) -> Operation {
    let id = OperationId::from_parts(1, 1);
    let request = Request {
        id: id.clone(),
        command: CommandName::new("set-trial"),
        sentence: "s".repeat(300),
        args: json!({"subdomain": "acme", "number": 0.1}),
        caller: PersonId::new("T1", "ana"),
        origin: Origin { channel: ChannelId::new("C1"), message: Some(MessageId::new("1")), thread: None },
        risk: Risk::High,
        quorum: Risk::High.quorum(),
        lock: None,
        emergency: None,
        frozen: Vec::new(),
    };
    let planned = Event::Planned { plan: Box::new(plan), fingerprint: Fingerprint::zero(), approve_by: None };
    let first =
        Record::after(Head::start(), id.clone(), Timestamp::UNIX_EPOCH, Event::Requested(Box::new(request)));
    let second = Record::after(first.head(), id, Timestamp::UNIX_EPOCH, planned);
    Operation::fold(&[first, second]).unwrap()
}

fn plan(bytes: usize) -> Plan {
    Plan { warnings: vec!["w".repeat(bytes)], ..Plan::default() }
}

#[test]
fn what_was_sealed_opens_in_its_place_alone() {
    let (channel, message) = (ChannelId::new("C1"), MessageId::new("2.000001"));
    let place = Place { channel: &channel, message: &message };
    let operation = operation(plan(10));
    let payload = sealer("k").seal(place, (&operation, "key"), Timestamp::UNIX_EPOCH).unwrap();
    let kept = sealer("k").open(place, &payload).unwrap();
    assert_eq!((kept.key.as_str(), kept.seq), ("key", 2));
    assert_eq!(Operation::fold(&kept.records()).unwrap(), operation);

    let (elsewhere, later) = (ChannelId::new("C2"), MessageId::new("2.000002"));
    assert_eq!(sealer("k").open(Place { channel: &elsewhere, message: &message }, &payload), None);
    assert_eq!(sealer("k").open(Place { channel: &channel, message: &later }, &payload), None);
    assert_eq!(sealer("x").open(place, &payload), None);
    for broken in [
        json!({}),
        json!({"version": 2, "seal": payload["seal"]}),
        json!({"version": 1, "seal": "?"}),
        json!({"version": 1, "seal": "AAAA"}),
        json!({"version": 1, "seal": 7}),
        json!([1]),
    ] {
        assert_eq!(sealer("k").open(place, &broken), None, "{broken}");
    }
}

#[test]
fn the_longest_plan_fits_and_a_longer_state_is_refused() {
    let (channel, message) = (ChannelId::new("C1"), MessageId::new("2.000001"));
    let place = Place { channel: &channel, message: &message };
    let seal = |operation: &Operation| sealer("k").seal(place, (operation, "key"), Timestamp::UNIX_EPOCH);
    let longest = seal(&operation(plan(LONGEST_PLAN))).unwrap();
    assert!(longest.to_string().len() < 7_700, "{}", longest.to_string().len());
    assert_eq!(seal(&operation(plan(2 * LONGEST_PLAN))), Err(TooLong));
}

#[test]
fn rows_are_spared_before_a_state_is_refused() {
    let (channel, message) = (ChannelId::new("C1"), MessageId::new("2.000001"));
    let place = Place { channel: &channel, message: &message };
    let mut operation = operation(plan(LONGEST_PLAN));
    operation.request.emergency = Some("It burns.".to_owned());
    let rows = vec![vec![Some("x".repeat(100))]; 100];
    let table = Some(Table { columns: vec!["a".to_owned()], rows, left_out: 0 });
    let summary = "Done.".to_owned();
    operation.phase = Phase::Finished(Outcome::Succeeded(Report { summary, table }));
    let payload = sealer("k").seal(place, (&operation, "key"), Timestamp::UNIX_EPOCH).unwrap();
    let kept = sealer("k").open(place, &payload).unwrap();
    let found = Operation::fold(&kept.records()).unwrap().phase;
    assert!(matches!(found, Phase::Finished(Outcome::Succeeded(Report { table: None, .. }))), "{found:?}");
}

#[test]
fn what_is_over_is_kept_in_a_few_words() {
    let (channel, message) = (ChannelId::new("C1"), MessageId::new("2.000001"));
    let place = Place { channel: &channel, message: &message };
    let mut operation = operation(plan(LONGEST_PLAN));
    let outcome = Outcome::Failed { reason: "No.".to_owned(), reference: Reference::from_bits(1) };
    operation.phase = Phase::Finished(outcome);
    let payload = sealer("k").seal(place, (&operation, "key"), Timestamp::UNIX_EPOCH).unwrap();
    assert!(payload.to_string().len() < 500, "{payload}");
    let kept = sealer("k").open(place, &payload).unwrap();
    assert_eq!((kept.root(), kept.records()), (Some(MessageId::new("1")), Vec::new()));
}
