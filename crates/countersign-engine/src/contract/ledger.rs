//! What every ledger promises.
#![expect(clippy::unwrap_used, reason = "a promise that is not kept is a failed test")]

use std::sync::Arc;

use countersign_core::audit::{self, Record};
use countersign_core::ids::{ChannelId, MessageId};
use countersign_core::operation::Operation;
use tokio::task::JoinSet;

use super::records::{card, channel, first, id, life, message, next};
use crate::ports::{Appended, Begun, Ledger};

async fn begun(ledger: &dyn Ledger, number: u64) -> Record {
    let record = first(number);
    assert_eq!(ledger.begin(&format!("key {number}"), &record).await.unwrap(), Begun::New);
    record
}

/// The same natural key leads to the operation that it began first.
pub async fn a_key_begins_one_operation(ledger: Arc<dyn Ledger>) {
    begun(&*ledger, 1).await;
    let again = ledger.begin("key 1", &first(2)).await.unwrap();
    assert_eq!(again, Begun::Already(id(1)));
    assert_eq!(ledger.begin("key 1", &first(1)).await.unwrap(), Begun::Already(id(1)));
    assert_eq!(ledger.load(&id(2)).await.unwrap(), []);
    assert_eq!(ledger.by_message(&channel(), &message(2)).await.unwrap(), None);
    assert_eq!(ledger.open().await.unwrap(), [id(1)]);
}

/// However many begin with one key at once, one operation is there.
pub async fn of_racing_beginners_exactly_one_begins(ledger: Arc<dyn Ledger>) {
    let mut racers = JoinSet::new();
    for number in 1..=16 {
        let ledger = Arc::clone(&ledger);
        racers.spawn(async move { ledger.begin("key", &first(number)).await.unwrap() });
    }
    let begun = racers.join_all().await;
    let open = ledger.open().await.unwrap();
    assert_eq!(begun.iter().filter(|begun| **begun == Begun::New).count(), 1);
    assert_eq!(open.len(), 1);
    let winner = Begun::Already(open.into_iter().next().unwrap());
    assert_eq!(begun.iter().filter(|begun| **begun == winner).count(), 15);
}

/// Nothing begins with another event, in the middle of a chain, or with an id that is taken.
pub async fn only_a_request_begins_an_operation(ledger: Arc<dyn Ledger>) {
    let second = next(&first(1), card("2"));
    assert!(ledger.begin("key", &second).await.is_err());
    let mut foreign = first(1);
    foreign.operation = id(2);
    assert!(ledger.begin("key", &foreign).await.is_err());
    assert_eq!(ledger.open().await.unwrap(), []);

    begun(&*ledger, 1).await;
    assert!(ledger.begin("another key", &first(1)).await.is_err());
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [first(1)]);
}

/// What went in comes out, in the order of the chain.
pub async fn what_was_appended_is_loaded_in_order(ledger: Arc<dyn Ledger>) {
    let first = begun(&*ledger, 1).await;
    let second = next(&first, card("2"));
    let third = next(&second, card("3"));
    assert_eq!(ledger.append(std::slice::from_ref(&second)).await.unwrap(), Appended::Done);
    assert_eq!(ledger.append(std::slice::from_ref(&third)).await.unwrap(), Appended::Done);
    assert_eq!(ledger.append(&[]).await.unwrap(), Appended::Done);
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [first, second, third]);
}

/// Who builds on a record that is not the last one any more is told so.
pub async fn a_stale_head_is_a_conflict_and_writes_nothing(ledger: Arc<dyn Ledger>) {
    let first = begun(&*ledger, 1).await;
    let second = next(&first, card("2"));
    ledger.append(std::slice::from_ref(&second)).await.unwrap();

    let late = next(&first, card("late"));
    assert_eq!(ledger.append(std::slice::from_ref(&late)).await.unwrap(), Appended::Conflict);
    // The place is right, but it builds on a record that never came in.
    let elsewhere = next(&late, card("elsewhere"));
    assert_eq!(ledger.append(&[elsewhere]).await.unwrap(), Appended::Conflict);
    let gap = next(&next(&second, card("never appended")), card("gap"));
    assert_eq!(ledger.append(&[gap]).await.unwrap(), Appended::Conflict);
    // The same record once more: it is in already, and builds on what is the last no more.
    assert_eq!(ledger.append(std::slice::from_ref(&second)).await.unwrap(), Appended::Conflict);

    assert_eq!(ledger.load(&id(1)).await.unwrap(), [first, second]);
    assert_eq!(ledger.by_message(&channel(), &MessageId::new("late")).await.unwrap(), None);
}

/// Several records go in together or not at all.
pub async fn all_records_are_appended_or_none(ledger: Arc<dyn Ledger>) {
    let first = begun(&*ledger, 1).await;
    let second = next(&first, card("2"));
    let third = next(&second, card("3"));
    assert_eq!(ledger.append(&[second.clone(), third.clone()]).await.unwrap(), Appended::Done);

    let fourth = next(&third, card("4"));
    assert_eq!(ledger.append(&[third.clone(), fourth.clone()]).await.unwrap(), Appended::Conflict);
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [first, second, third.clone()]);
    assert_eq!(ledger.append(std::slice::from_ref(&fourth)).await.unwrap(), Appended::Done);
    assert_eq!(ledger.load(&id(1)).await.unwrap().last(), Some(&fourth));
}

/// However many append to one head at once, one does.
pub async fn of_racing_appenders_exactly_one_wins(ledger: Arc<dyn Ledger>) {
    let first = begun(&*ledger, 1).await;
    let mut racers = JoinSet::new();
    for racer in 0..16 {
        let (ledger, record) = (Arc::clone(&ledger), next(&first, card(&format!("card {racer}"))));
        racers.spawn(async move { (ledger.append(std::slice::from_ref(&record)).await.unwrap(), record) });
    }
    let mut winners = racers.join_all().await;
    winners.retain(|(appended, _)| *appended == Appended::Done);
    assert_eq!(winners.len(), 1);
    let loaded = ledger.load(&id(1)).await.unwrap();
    assert_eq!(loaded.last(), winners.first().map(|(_, record)| record));
    assert_eq!(loaded.len(), 2);
}

/// Records of an operation that does not exist are refused.
pub async fn what_never_began_cannot_grow(ledger: Arc<dyn Ledger>) {
    assert!(ledger.append(&[first(1)]).await.is_err());
    assert!(ledger.append(&[next(&first(1), card("2"))]).await.is_err());
    assert_eq!(ledger.load(&id(1)).await.unwrap(), []);
    assert_eq!(ledger.open().await.unwrap(), []);
}

/// Records that do not follow one another are refused.
pub async fn a_broken_chain_is_not_taken(ledger: Arc<dyn Ledger>) {
    let one = begun(&*ledger, 1).await;
    let other = begun(&*ledger, 2).await;
    let (second, foreign) = (next(&one, card("2")), next(&other, card("3")));
    assert!(ledger.append(&[second.clone(), second.clone()]).await.is_err());
    assert!(ledger.append(&[second.clone(), foreign]).await.is_err());
    let third = next(&second, card("3"));
    assert!(ledger.append(&[second.clone(), next(&third, card("4"))]).await.is_err());
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [one]);
    assert_eq!(ledger.load(&id(2)).await.unwrap(), [other]);
}

/// Each operation has a chain of its own.
pub async fn operations_do_not_mix(ledger: Arc<dyn Ledger>) {
    let (one, two) = (begun(&*ledger, 1).await, begun(&*ledger, 2).await);
    let (after_one, after_two) = (next(&one, card("a")), next(&two, card("b")));
    ledger.append(std::slice::from_ref(&after_two)).await.unwrap();
    ledger.append(std::slice::from_ref(&after_one)).await.unwrap();
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [one, after_one]);
    assert_eq!(ledger.load(&id(2)).await.unwrap(), [two, after_two]);
}

/// The message with the sentence leads to the operation, in its channel only.
pub async fn a_request_is_found_by_its_message(ledger: Arc<dyn Ledger>) {
    begun(&*ledger, 1).await;
    assert_eq!(ledger.by_message(&channel(), &message(1)).await.unwrap(), Some(id(1)));
    assert_eq!(ledger.by_message(&channel(), &message(2)).await.unwrap(), None);
    assert_eq!(ledger.by_message(&ChannelId::new("C2"), &message(1)).await.unwrap(), None);
}

/// The bot's card leads to the operation, also when it is one of several records.
pub async fn a_card_is_found_by_its_message(ledger: Arc<dyn Ledger>) {
    let first = begun(&*ledger, 1).await;
    let planned = next(&first, life().into_iter().next().unwrap());
    let shown = next(&planned, card("the card"));
    ledger.append(&[planned, shown]).await.unwrap();
    let card = MessageId::new("the card");
    assert_eq!(ledger.by_message(&channel(), &card).await.unwrap(), Some(id(1)));
    assert_eq!(ledger.by_message(&ChannelId::new("C2"), &card).await.unwrap(), None);
    ledger.close(&id(1)).await.unwrap();
    assert_eq!(ledger.by_message(&channel(), &card).await.unwrap(), Some(id(1)));
}

/// A message that leads to an operation never leads to another one later.
pub async fn the_first_operation_keeps_a_message(ledger: Arc<dyn Ledger>) {
    begun(&*ledger, 1).await;
    let other = begun(&*ledger, 2).await;
    let shown = next(&other, card(message(1).as_str()));
    assert_eq!(ledger.append(&[shown]).await.unwrap(), Appended::Done);
    assert_eq!(ledger.by_message(&channel(), &message(1)).await.unwrap(), Some(id(1)));
}

/// An operation is open from its beginning until it is closed.
pub async fn what_is_open_comes_in_order_until_it_is_closed(ledger: Arc<dyn Ledger>) {
    assert_eq!(ledger.open().await.unwrap(), []);
    for number in [3, 1, 2] {
        begun(&*ledger, number).await;
    }
    assert_eq!(ledger.open().await.unwrap(), [id(3), id(1), id(2)]);
    ledger.close(&id(1)).await.unwrap();
    ledger.close(&id(1)).await.unwrap();
    ledger.close(&id(9)).await.unwrap();
    assert_eq!(ledger.open().await.unwrap(), [id(3), id(2)]);
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [first(1)]);
}

/// What is read back adds up to the operation, and its hashes still hold.
pub async fn records_read_back_fold_and_verify(ledger: Arc<dyn Ledger>) {
    let mut written = vec![begun(&*ledger, 1).await];
    for event in life() {
        let record = next(written.last().unwrap(), event);
        ledger.append(std::slice::from_ref(&record)).await.unwrap();
        written.push(record);
    }
    let loaded = ledger.load(&id(1)).await.unwrap();
    assert_eq!(audit::verify(&loaded), Ok(()));
    assert_eq!(loaded, written);
    assert_eq!(Operation::fold(&loaded), Operation::fold(&written));
    assert!(Operation::fold(&loaded).unwrap().is_over());
}
