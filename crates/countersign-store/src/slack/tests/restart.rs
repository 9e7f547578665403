//! What a start finds, phase by phase.

use countersign_core::approval::{Verdict, Vote, VoteSource};
use countersign_core::envelope::{Act, Change};
use countersign_core::ids::PersonId;
use countersign_core::operation::{Event, Outcome, Phase, Progress, Report};
use countersign_core::reply::Reply;
use countersign_engine::ports::{Chat as _, Clock as _, Ledger as _};
use jiff::SignedDuration;
use serde_json::json;

use super::wire::{Life, Office, c1, claimed, plan_print};

/// A test that waits longer than this has failed.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

fn vote(office: &Office, source: VoteSource) -> Event {
    let person = PersonId::new("T0DEMO", "U0BEN");
    let at = office.clock.now();
    Event::Voted(Vote { person, source, verdict: Verdict::Approve, fingerprint: plan_print(), at })
}

/// An operation that waits for votes.
async fn waiting(office: &Office) -> (super::super::Restarted, Life, countersign_core::ids::MessageId) {
    let program = office.starts().await;
    let mut life = Life::begins(office, &program, &office.says("set").await).await.unwrap();
    let card = life.is_shown(office, &program).await;
    (program, life, card)
}

#[tokio::test]
async fn votes_that_a_card_shows_are_kept() {
    let office = Office::new().await;
    let (program, mut life, card) = waiting(&office).await;
    life.then(&office, &program, vote(&office, VoteSource::Button)).await;
    program.chat.edit(&c1(), &card, &Reply::line("ben has signed")).await.unwrap();
    let before = life.in_memory(&program).await.unwrap();
    let again = office.starts().await;
    let after = life.in_memory(&again).await.unwrap();
    assert_eq!((after.votes, after.proposal, after.card), (before.votes, before.proposal, before.card));
    assert_eq!(again.store.by_message(&c1(), &card).await.unwrap(), Some(life.id().clone()));
    assert_eq!(again.store.due(office.clock.now(), 10).await.unwrap(), [life.id().clone()]);
    assert_eq!(Life::begins(&office, &again, &life.root).await.err(), Some(life.id().clone()));
}

#[tokio::test]
async fn reactions_on_the_card_are_read_again() {
    let office = Office::new().await;
    let (program, mut life, card) = waiting(&office).await;
    let emoji = "white_check_mark".to_owned();
    let source = VoteSource::Reaction { message: life.root.clone(), emoji };
    life.then(&office, &program, vote(&office, source)).await;
    program.chat.edit(&c1(), &card, &Reply::line("ben has signed")).await.unwrap();
    // ben's is not there any more, ana's came, and nobody heard of either.
    office.reacts("ana", &card, "+1").await;
    office.reacts("ana", &life.root, "white_check_mark").await;
    office.reacts("ana", &life.root, "eyes").await;
    let missed = office.starts().await.missed;
    let told: Vec<_> = missed
        .iter()
        .map(|envelope| match &envelope.act {
            Act::Reacted { message, emoji, change } => {
                (envelope.person.user.as_str(), message.clone(), emoji.as_str(), *change)
            }
            act => panic!("{act:?}"),
        })
        .collect();
    let expected = [
        ("U0BEN", life.root.clone(), "white_check_mark", Change::Removed),
        ("U0ANA", card, "+1", Change::Added),
    ];
    assert_eq!(told, expected, "what stands on the request may be from before the plan");
}

#[tokio::test]
async fn a_claim_without_an_end_is_somebodys_for_a_minute() {
    let office = Office::new().await;
    let (program, mut life, _card) = waiting(&office).await;
    life.is_approved(&office, &program).await;
    life.then(&office, &program, claimed(&office, ("w", 1))).await;
    // The card still says that it waits for votes: the marker was first.
    let again = office.starts().await;
    let Phase::Applying(claim) = life.in_memory(&again).await.unwrap().phase else { panic!("it is applied") };
    assert_eq!(claim.lease_until, office.clock.now() + SignedDuration::from_secs(60));
}

#[tokio::test]
async fn an_end_that_only_its_marker_tells_is_the_end() {
    let ends = [
        Outcome::Succeeded(Report::default()),
        Outcome::Failed { reason: "No.".to_owned(), reference: reference() },
        Outcome::Unknown { reason: "?".to_owned(), reference: reference() },
    ];
    for outcome in ends {
        let office = Office::new().await;
        let (program, mut life, _card) = waiting(&office).await;
        life.is_approved(&office, &program).await;
        life.then(&office, &program, claimed(&office, ("w", 1))).await;
        life.then(&office, &program, Event::Finished { outcome: outcome.clone() }).await;
        let again = office.starts().await;
        let Phase::Finished(found) =
            life.in_memory(&again).await.map(|o| o.phase).unwrap_or(Phase::Requested)
        else {
            // A request with a known end is not even looked for.
            assert!(!matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
            assert_eq!(again.store.open().await.unwrap(), []);
            continue;
        };
        assert!(matches!(found, Outcome::Unknown { .. }), "{found:?}");
    }
}

fn reference() -> countersign_core::operation::Reference {
    countersign_core::operation::Reference::from_bits(1)
}

#[tokio::test]
async fn a_part_that_was_begun_is_seen_to_have_begun() {
    let office = Office::new().await;
    let (program, mut life, card) = waiting(&office).await;
    life.is_approved(&office, &program).await;
    life.then(&office, &program, claimed(&office, ("w", 1))).await;
    let now = office.clock.now();
    let progress = Progress { done: 1, total: 2, note: "one".to_owned() };
    let (state, resume_at, lease_until) = (json!({"next": 2}), now, now + SignedDuration::from_secs(60));
    life.then(&office, &program, Event::Progressed { fence: 1, state, progress, resume_at, lease_until })
        .await;
    program.chat.edit(&c1(), &card, &Reply::line("1 of 2")).await.unwrap();
    let between = life.in_memory(&office.starts().await).await.unwrap();
    assert!(matches!(&between.phase, Phase::Applying(claim) if claim.resume_at.is_some()), "{between:?}");
    // Nothing draws the card now: the ledger itself writes the claim into it.
    life.then(&office, &program, claimed(&office, ("w", 2))).await;
    let during = life.in_memory(&office.starts().await).await.unwrap();
    let Phase::Applying(claim) = &during.phase else { panic!("{during:?}") };
    assert_eq!((claim.resume_at, claim.state.clone()), (None, Some(json!({"next": 2}))));
}

#[tokio::test]
async fn a_request_without_a_card_is_answered_and_never_begun_again() {
    for (worker, markers, words) in [
        (None, ["eyes", "x"].as_slice(), "say the sentence again"),
        (Some("w"), &["eyes", "gear", "question"], "Someone must look"),
    ] {
        let office = Office::new().await;
        let program = office.starts().await;
        let mut life = Life::begins(&office, &program, &office.says("set").await).await.unwrap();
        if let Some(worker) = worker {
            let plan = Box::default();
            let planned = Event::Planned { plan, fingerprint: plan_print(), approve_by: None };
            life.then(&office, &program, planned).await;
            life.then(&office, &program, claimed(&office, (worker, 1))).await;
        }
        drop(program);
        let again = office.starts().await;
        assert_eq!(again.store.open().await.unwrap(), []);
        assert!(Life::begins(&office, &again, &life.root).await.is_err());
        assert_eq!(office.thread(&life.root).await.len(), 0, "another process may be at it");
        office.later(SignedDuration::from_secs(60));
        let told = async {
            while office.thread(&life.root).await.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, told).await.expect("its author is told");
        assert!(office.thread(&life.root).await[0].to_string().contains(words));
        assert_eq!(office.markers(&life.root).await, markers);
        let third = office.starts().await;
        office.later(SignedDuration::from_secs(60));
        assert_eq!(office.thread(&life.root).await.len(), 1);
        drop(third);
    }
}

#[tokio::test]
async fn a_deleted_card_takes_its_operation_with_it() {
    let office = Office::new().await;
    let (_program, life, card) = waiting(&office).await;
    office.calls("xoxb-backoffice", "chat.delete", json!({"channel": "C1", "ts": card})).await;
    let again = office.starts().await;
    assert_eq!(again.store.open().await.unwrap(), []);
    assert!(Life::begins(&office, &again, &life.root).await.is_err());
}

#[tokio::test]
async fn what_is_over_is_not_taken_up() {
    let office = Office::new().await;
    let (program, mut life, card) = waiting(&office).await;
    let stop = countersign_core::operation::Stop::NotSignedInTime;
    life.then(&office, &program, Event::Stopped { stop }).await;
    program.chat.edit(&c1(), &card, &Reply::line("Stopped")).await.unwrap();
    program.store.close(life.id()).await.unwrap();
    let again = office.starts().await;
    assert_eq!(again.store.open().await.unwrap(), []);
    assert!(Life::begins(&office, &again, &life.root).await.is_err());
}

#[tokio::test]
async fn a_lost_answer_to_the_first_marker_is_no_reason_to_forget_a_request() {
    let office = Office::new().await;
    let program = office.starts().await;
    let said = office.says("set").await;
    program.store.book.doubt(&c1(), &said, super::super::markers::TAKEN);
    let args = json!({"channel": "C1", "timestamp": said, "name": "eyes"});
    office.calls("xoxb-backoffice", "reactions.add", args).await;
    assert!(Life::begins(&office, &program, &said).await.is_ok());
}
