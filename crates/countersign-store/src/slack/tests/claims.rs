//! Markers as claims: between processes, after crashes, and where a message is gone.

use countersign_core::ids::MessageId;
use countersign_core::operation::{Event, Outcome, Phase, Report, Stop};
use countersign_engine::ports::{Appended, Ledger as _};
use jiff::SignedDuration;
use serde_json::json;

use super::wire::{Life, Office, c1, claimed};

fn done() -> Event {
    Event::Finished { outcome: Outcome::Succeeded(Report { summary: "Done.".to_owned(), table: None }) }
}

#[tokio::test]
async fn the_walk_leaves_its_markers() {
    let office = Office::new().await;
    let program = office.starts().await;
    let mut life = Life::begins(&office, &program, &office.says("set").await).await.unwrap();
    assert_eq!(office.markers(&life.root).await, ["eyes"]);
    life.is_shown(&office, &program).await;
    life.is_approved(&office, &program).await;
    life.then(&office, &program, claimed(&office, ("w", 1))).await;
    assert_eq!(office.markers(&life.root).await, ["eyes", "gear"]);
    life.then(&office, &program, done()).await;
    assert_eq!(office.markers(&life.root).await, ["eyes", "gear", "white_check_mark"]);
}

#[tokio::test]
async fn of_two_processes_one_begins_a_request() {
    let office = Office::new().await;
    let (one, other) = (office.starts().await, office.starts().await);
    let said = office.says("set").await;
    let life = Life::begins(&office, &one, &said).await.unwrap();
    assert_ne!(Life::begins(&office, &other, &said).await.err().unwrap(), *life.id());
    assert_eq!(Life::begins(&office, &one, &said).await.err().unwrap(), *life.id());
    assert_eq!(other.store.open().await.unwrap(), []);
}

#[tokio::test]
async fn of_two_processes_one_applies() {
    let office = Office::new().await;
    let one = office.starts().await;
    let mut life = Life::begins(&office, &one, &office.says("set").await).await.unwrap();
    life.is_shown(&office, &one).await;
    life.is_approved(&office, &one).await;
    one.store.append(&[], super::wire::NEXT).await.unwrap();
    // As in a rolling restart: the other has taken up the same operation, before it was approved.
    let other = office.starts().await;
    let mut there = Life { root: life.root.clone(), last: last(&other, &life).await };
    there.is_approved(&office, &other).await;
    assert_eq!(life.then(&office, &one, claimed(&office, ("one", 1))).await, Appended::Done);
    assert_eq!(there.then(&office, &other, claimed(&office, ("other", 1))).await, Appended::Conflict);
    let Some(Phase::Applying(claim)) = there.in_memory(&other).await.map(|o| o.phase) else {
        panic!("the other knows now that somebody applies it")
    };
    assert_eq!(claim.worker.as_str(), "worker-unknown");

    // It does not take over before a minute is over, and not at all once the first has finished.
    there.last = last(&other, &life).await;
    let early = countersign_core::audit::Record::after(
        there.last.head(),
        there.id().clone(),
        there.last.at,
        claimed(&office, ("other", 2)),
    );
    other.store.append(&[early], super::wire::NEXT).await.unwrap_err();
    life.then(&office, &one, done()).await;
    office.later(SignedDuration::from_secs(61));
    assert_eq!(there.then(&office, &other, claimed(&office, ("other", 2))).await, Appended::Conflict);
    let Some(Phase::Finished(outcome)) = there.in_memory(&other).await.map(|o| o.phase) else {
        panic!("the other knows now that it is over")
    };
    assert!(matches!(outcome, Outcome::Succeeded(_)));
}

async fn last(program: &super::super::Restarted, life: &Life) -> countersign_core::audit::Record {
    program.store.load(life.id()).await.unwrap().pop().unwrap()
}

#[tokio::test]
async fn a_worker_that_says_that_it_is_alive_is_left_alone() {
    let office = Office::new().await;
    let one = office.starts().await;
    let mut life = Life::begins(&office, &one, &office.says("set").await).await.unwrap();
    life.is_shown(&office, &one).await;
    life.is_approved(&office, &one).await;
    life.then(&office, &one, claimed(&office, ("one", 1))).await;
    let other = office.starts().await;
    let mut there = Life { root: life.root.clone(), last: last(&other, &life).await };
    office.later(SignedDuration::from_secs(50));
    let lease_until = office.emulator.workspace().clock().now() + SignedDuration::from_secs(60);
    life.then(&office, &one, Event::Renewed { fence: 1, lease_until }).await;
    office.later(SignedDuration::from_secs(20));
    assert_eq!(there.then(&office, &other, claimed(&office, ("other", 2))).await, Appended::Conflict);
    match there.in_memory(&other).await.map(|operation| operation.phase) {
        Some(Phase::Applying(claim)) => assert_eq!(claim.lease_until, lease_until),
        phase => panic!("{phase:?}"),
    }
}

#[tokio::test]
async fn what_was_released_can_be_claimed_once_more() {
    let office = Office::new().await;
    let program = office.starts().await;
    let mut life = Life::begins(&office, &program, &office.says("set").await).await.unwrap();
    life.is_shown(&office, &program).await;
    life.is_approved(&office, &program).await;
    life.then(&office, &program, claimed(&office, ("w", 1))).await;
    life.then(&office, &program, Event::Released { fence: 1 }).await;
    assert_eq!(office.markers(&life.root).await, ["eyes"]);
    assert_eq!(life.then(&office, &program, claimed(&office, ("w", 2))).await, Appended::Done);
    assert_eq!(office.markers(&life.root).await, ["eyes", "gear"]);
}

#[tokio::test]
async fn without_its_request_an_operation_is_claimed_on_its_card_and_without_both_by_nobody() {
    let office = Office::new().await;
    let program = office.starts().await;
    // The root of a thread leaves a stone behind; an answer in a thread leaves nothing.
    let above = office.says("look at acme").await;
    let args = json!({"channel": "C1", "text": "set", "thread_ts": above});
    let said = office.calls("xoxp-ana", "chat.postMessage", args).await;
    let said = MessageId::new(said["ts"].as_str().unwrap());
    let mut life = Life::begins(&office, &program, &said).await.unwrap();
    let card = life.is_shown(&office, &program).await;
    life.is_approved(&office, &program).await;
    let delete = json!({"channel": "C1", "ts": life.root});
    office.calls("xoxp-ana", "chat.delete", delete).await;
    assert_eq!(life.then(&office, &program, claimed(&office, ("w", 1))).await, Appended::Done);
    assert_eq!(office.markers(&card).await, ["gear"]);
    life.then(&office, &program, Event::Released { fence: 1 }).await;
    office.calls("xoxb-backoffice", "chat.delete", json!({"channel": "C1", "ts": card})).await;
    let record = countersign_core::audit::Record::after(
        life.last.head(),
        life.id().clone(),
        life.last.at,
        claimed(&office, ("w", 2)),
    );
    program.store.append(&[record], super::wire::NEXT).await.unwrap_err();
    // It can still be stopped.
    let stopped = Event::Stopped { stop: Stop::NotStartedInTime };
    assert_eq!(life.then(&office, &program, stopped).await, Appended::Done);
}

#[tokio::test]
async fn a_request_that_is_gone_begins_nothing() {
    let office = Office::new().await;
    let program = office.starts().await;
    let said = office.says("set").await;
    office.calls("xoxp-ana", "chat.delete", json!({"channel": "C1", "ts": said})).await;
    let life = tokio::spawn(async move { Life::begins(&office, &program, &said).await.is_ok() });
    assert!(life.await.is_err(), "the ledger refuses");
}

#[tokio::test]
async fn what_is_closed_is_forgotten_after_a_day_and_begins_no_more() {
    let office = Office::new().await;
    let program = office.starts().await;
    let mut life = Life::begins(&office, &program, &office.says("set").await).await.unwrap();
    life.then(&office, &program, Event::Stopped { stop: Stop::RulesChanged }).await;
    program.store.close(life.id()).await.unwrap();
    office.later(SignedDuration::from_hours(25));
    let mut next = Life::begins(&office, &program, &office.says("set").await).await.unwrap();
    next.then(&office, &program, Event::Stopped { stop: Stop::RulesChanged }).await;
    program.store.close(next.id()).await.unwrap();
    assert_eq!(life.in_memory(&program).await, None);
    assert!(next.in_memory(&program).await.is_some());
    assert!(Life::begins(&office, &program, &life.root).await.is_err(), "its 👀 stands there");
    assert_eq!(program.store.by_message(&c1(), &life.root).await.unwrap(), None);
}
