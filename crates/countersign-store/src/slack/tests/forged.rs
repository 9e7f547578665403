//! What another app, or somebody who copies, can do: nothing.

use countersign_core::operation::{Event, Outcome, Reference};
use countersign_core::reply::Reply;
use countersign_engine::ports::{Chat as _, Ledger as _, Post};
use serde_json::{Value, json};

use super::wire::{Life, Office, c1};

/// The payload of a card's metadata, as everybody can read it.
async fn payload(office: &Office, life: &Life) -> Value {
    let thread = office.thread(&life.root).await;
    thread.iter().find_map(|message| message.pointer("/metadata/event_payload").cloned()).unwrap()
}

#[tokio::test]
async fn what_stands_in_the_metadata_says_nothing() {
    let office = Office::new().await;
    let program = office.starts().await;
    let mut life = Life::begins(&office, &program, &office.says("set").await).await.unwrap();
    life.is_shown(&office, &program).await;
    let payload = payload(&office, &life).await;
    let keys: Vec<&String> = payload.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["mark", "version", "seal"]);
    assert!(!payload.to_string().contains("acme"), "{payload}");
    assert!(payload.to_string().len() < 8_000);
}

#[tokio::test]
async fn a_copy_on_another_message_is_not_taken_up() {
    let office = Office::new().await;
    let program = office.starts().await;
    let mut life = Life::begins(&office, &program, &office.says("set").await).await.unwrap();
    let card = life.is_shown(&office, &program).await;
    let payload = payload(&office, &life).await;
    // A message of the bot's own, as if somebody had its token: and still the seal is for another message.
    let other = office.says("set").await;
    let reply = Reply::line("The card");
    let post = Post { channel: &c1(), thread: Some(&other), reply: &reply, mark: Some("m") };
    let copy = program.chat.post(post).await.unwrap();
    let metadata = json!({"event_type": "countersign", "event_payload": payload});
    let args = json!({"channel": "C1", "ts": copy, "text": "The card", "metadata": metadata});
    office.calls("xoxb-backoffice", "chat.update", args).await;
    office.calls("xoxb-backoffice", "chat.delete", json!({"channel": "C1", "ts": card})).await;
    let again = office.starts().await;
    assert_eq!(again.store.open().await.unwrap(), []);
    assert_eq!(again.store.by_message(&c1(), &copy).await.unwrap(), None);
}

#[tokio::test]
async fn a_seal_under_another_key_or_changed_by_a_letter_does_not_open() {
    let office = Office::new().await;
    let program = office.starts().await;
    let mut life = Life::begins(&office, &program, &office.says("set").await).await.unwrap();
    let card = life.is_shown(&office, &program).await;
    assert_eq!(office.starts().await.store.open().await.unwrap(), [life.id().clone()]);
    assert_eq!(office.starts_with(&"x".repeat(32)).await.store.open().await.unwrap(), []);
    let mut payload = payload(&office, &life).await;
    let seal = payload["seal"].as_str().unwrap();
    let changed = if seal.starts_with('A') { seal.replacen('A', "B", 1) } else { format!("A{}", &seal[1..]) };
    payload["seal"] = json!(changed);
    let metadata = json!({"event_type": "countersign", "event_payload": payload});
    let args = json!({"channel": "C1", "ts": card, "text": "The card", "metadata": metadata});
    office.calls("xoxb-backoffice", "chat.update", args).await;
    assert_eq!(office.starts().await.store.open().await.unwrap(), []);
}

#[tokio::test]
async fn peoples_own_emoji_are_no_markers() {
    let office = Office::new().await;
    let program = office.starts().await;
    let mut life = Life::begins(&office, &program, &office.says("set").await).await.unwrap();
    life.is_shown(&office, &program).await;
    for emoji in ["gear", "white_check_mark", "x", "question"] {
        office.reacts("ben", &life.root, emoji).await;
    }
    let again = office.starts().await;
    let operation = life.in_memory(&again).await.unwrap();
    assert_eq!(operation.phase, countersign_core::operation::Phase::Voting);
    // And nobody but the bot makes a sentence a request that was taken.
    let said = office.says("set").await;
    office.reacts("ben", &said, "eyes").await;
    assert!(Life::begins(&office, &again, &said).await.is_ok());
}

#[tokio::test]
async fn an_outcome_that_is_unknown_stays_open_with_its_reference() {
    let office = Office::new().await;
    let program = office.starts().await;
    let mut life = Life::begins(&office, &program, &office.says("set").await).await.unwrap();
    life.is_shown(&office, &program).await;
    life.is_approved(&office, &program).await;
    life.then(&office, &program, super::wire::claimed(&office, ("w", 1))).await;
    let outcome = Outcome::Unknown { reason: "It broke.".to_owned(), reference: Reference::from_bits(7) };
    life.then(&office, &program, Event::Finished { outcome: outcome.clone() }).await;
    let card = life.in_memory(&program).await.unwrap().card.unwrap().message;
    program.chat.edit(&c1(), &card, &Reply::line("Unknown")).await.unwrap();
    let again = office.starts().await;
    let operation = life.in_memory(&again).await.unwrap();
    assert_eq!(operation.phase, countersign_core::operation::Phase::Finished(outcome));
    assert!(operation.is_unknown());
}
