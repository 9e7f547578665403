//! What every ledger promises.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a promise that is not kept is a failed test"
)]

use std::sync::Arc;

use countersign_core::audit::{self, Checkpoint, Record, Sealed};
use countersign_core::ids::{ChannelId, LockKey, MessageId, OperationId};
use countersign_core::operation::Operation;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::records::{card, channel, first, id, life, message, next};
use crate::ports::{Appended, Begun, Ledger, Next, Place, Turn};

/// Waits for a person alone.
const NEXT: Next = Next { due: None, place: Place::Kept };

/// A moment in the life of the due list.
fn due(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_800_000_000 + second)
}

async fn begun(ledger: &dyn Ledger, number: u64) -> Record {
    let record = first(number);
    assert_eq!(ledger.begin(&format!("key {number}"), &record, due(0)).await.unwrap(), Begun::New);
    record
}

/// The same natural key leads to the operation that it began first.
pub async fn a_key_begins_one_operation(ledger: Arc<dyn Ledger>) {
    begun(&*ledger, 1).await;
    let again = ledger.begin("key 1", &first(2), due(0)).await.unwrap();
    assert_eq!(again, Begun::Already(id(1)));
    assert_eq!(ledger.begin("key 1", &first(1), due(0)).await.unwrap(), Begun::Already(id(1)));
    assert_eq!(ledger.load(&id(2)).await.unwrap(), []);
    assert_eq!(ledger.by_message(&channel(), &message(2)).await.unwrap(), None);
    assert_eq!(ledger.open().await.unwrap(), [id(1)]);
}

/// However many begin with one key at once, one operation is there.
pub async fn of_racing_beginners_exactly_one_begins(ledger: Arc<dyn Ledger>) {
    let mut racers = JoinSet::new();
    for number in 1..=16 {
        let ledger = Arc::clone(&ledger);
        racers.spawn(async move { ledger.begin("key", &first(number), due(0)).await.unwrap() });
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
    assert!(ledger.begin("key", &second, due(0)).await.is_err());
    let mut foreign = first(1);
    foreign.operation = id(2);
    assert!(ledger.begin("key", &foreign, due(0)).await.is_err());
    assert_eq!(ledger.open().await.unwrap(), []);

    begun(&*ledger, 1).await;
    assert!(ledger.begin("another key", &first(1), due(0)).await.is_err());
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [first(1)]);
}

/// What went in comes out, in the order of the chain.
pub async fn what_was_appended_is_loaded_in_order(ledger: Arc<dyn Ledger>) {
    let first = begun(&*ledger, 1).await;
    let second = next(&first, card("2"));
    let third = next(&second, card("3"));
    assert_eq!(ledger.append(std::slice::from_ref(&second), NEXT).await.unwrap(), Appended::Done);
    assert_eq!(ledger.append(std::slice::from_ref(&third), NEXT).await.unwrap(), Appended::Done);
    assert_eq!(ledger.append(&[], NEXT).await.unwrap(), Appended::Done);
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [first, second, third]);
}

/// Who builds on a record that is not the last one any more is told so.
pub async fn a_stale_head_is_a_conflict_and_writes_nothing(ledger: Arc<dyn Ledger>) {
    let first = begun(&*ledger, 1).await;
    let second = next(&first, card("2"));
    ledger.append(std::slice::from_ref(&second), NEXT).await.unwrap();

    let late = next(&first, card("late"));
    assert_eq!(ledger.append(std::slice::from_ref(&late), NEXT).await.unwrap(), Appended::Conflict);
    // The place is right, but it builds on a record that never came in.
    let elsewhere = next(&late, card("elsewhere"));
    assert_eq!(ledger.append(&[elsewhere], NEXT).await.unwrap(), Appended::Conflict);
    let gap = next(&next(&second, card("never appended")), card("gap"));
    assert_eq!(ledger.append(&[gap], NEXT).await.unwrap(), Appended::Conflict);
    // The same record once more: it is in already, and builds on what is the last no more.
    assert_eq!(ledger.append(std::slice::from_ref(&second), NEXT).await.unwrap(), Appended::Conflict);

    assert_eq!(ledger.load(&id(1)).await.unwrap(), [first, second]);
    assert_eq!(ledger.by_message(&channel(), &MessageId::new("late")).await.unwrap(), None);
}

/// Several records go in together or not at all.
pub async fn all_records_are_appended_or_none(ledger: Arc<dyn Ledger>) {
    let first = begun(&*ledger, 1).await;
    let second = next(&first, card("2"));
    let third = next(&second, card("3"));
    assert_eq!(ledger.append(&[second.clone(), third.clone()], NEXT).await.unwrap(), Appended::Done);

    let fourth = next(&third, card("4"));
    assert_eq!(ledger.append(&[third.clone(), fourth.clone()], NEXT).await.unwrap(), Appended::Conflict);
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [first, second, third.clone()]);
    assert_eq!(ledger.append(std::slice::from_ref(&fourth), NEXT).await.unwrap(), Appended::Done);
    assert_eq!(ledger.load(&id(1)).await.unwrap().last(), Some(&fourth));
}

/// However many append to one head at once, one does.
pub async fn of_racing_appenders_exactly_one_wins(ledger: Arc<dyn Ledger>) {
    let first = begun(&*ledger, 1).await;
    let mut racers = JoinSet::new();
    for racer in 0..16 {
        let (ledger, record) = (Arc::clone(&ledger), next(&first, card(&format!("card {racer}"))));
        racers.spawn(
            async move { (ledger.append(std::slice::from_ref(&record), NEXT).await.unwrap(), record) },
        );
    }
    let mut winners = racers.join_all().await;
    winners.retain(|(appended, _)| *appended == Appended::Done);
    assert_eq!(winners.len(), 1);
    let loaded = ledger.load(&id(1)).await.unwrap();
    assert_eq!(loaded.last(), winners.first().map(|(_, record)| record));
    assert_eq!(loaded.len(), 2);
}

/// What answers a delivery is appended as everything else is, and refused as everything else is.
pub async fn what_answers_a_delivery_is_appended(ledger: Arc<dyn Ledger>) {
    let first = begun(&*ledger, 1).await;
    let second = next(&first, card("2"));
    let answer = ledger.append_for("vote", std::slice::from_ref(&second), NEXT).await.unwrap();
    assert_eq!(answer, Appended::Done);
    let late = next(&first, card("late"));
    assert_eq!(ledger.append_for("vote 2", &[late], NEXT).await.unwrap(), Appended::Conflict);
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [first, second]);
}

/// Records of an operation that does not exist are refused.
pub async fn what_never_began_cannot_grow(ledger: Arc<dyn Ledger>) {
    assert!(ledger.append(&[first(1)], NEXT).await.is_err());
    assert!(ledger.append(&[next(&first(1), card("2"))], NEXT).await.is_err());
    assert_eq!(ledger.load(&id(1)).await.unwrap(), []);
    assert_eq!(ledger.open().await.unwrap(), []);
}

/// Records that do not follow one another are refused.
pub async fn a_broken_chain_is_not_taken(ledger: Arc<dyn Ledger>) {
    let one = begun(&*ledger, 1).await;
    let other = begun(&*ledger, 2).await;
    let (second, foreign) = (next(&one, card("2")), next(&other, card("3")));
    assert!(ledger.append(&[second.clone(), second.clone()], NEXT).await.is_err());
    assert!(ledger.append(&[second.clone(), foreign], NEXT).await.is_err());
    let third = next(&second, card("3"));
    assert!(ledger.append(&[second.clone(), next(&third, card("4"))], NEXT).await.is_err());
    assert_eq!(ledger.load(&id(1)).await.unwrap(), [one]);
    assert_eq!(ledger.load(&id(2)).await.unwrap(), [other]);
}

/// Each operation has a chain of its own.
pub async fn operations_do_not_mix(ledger: Arc<dyn Ledger>) {
    let (one, two) = (begun(&*ledger, 1).await, begun(&*ledger, 2).await);
    let (after_one, after_two) = (next(&one, card("a")), next(&two, card("b")));
    ledger.append(std::slice::from_ref(&after_two), NEXT).await.unwrap();
    ledger.append(std::slice::from_ref(&after_one), NEXT).await.unwrap();
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
    ledger.append(&[planned, shown], NEXT).await.unwrap();
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
    assert_eq!(ledger.append(&[shown], NEXT).await.unwrap(), Appended::Done);
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
        ledger.append(std::slice::from_ref(&record), NEXT).await.unwrap();
        written.push(record);
    }
    let loaded = ledger.load(&id(1)).await.unwrap();
    assert_eq!(audit::verify(&loaded), Ok(()));
    assert_eq!(loaded, written);
    assert_eq!(Operation::fold(&loaded), Operation::fold(&written));
    assert!(Operation::fold(&loaded).unwrap().is_over());
}

/// Whatever is due comes when its time has come, and goes when it is put off, or closed.
pub async fn what_is_due_comes_in_time(ledger: Arc<dyn Ledger>) {
    let mut heads = Vec::new();
    for (number, second) in [(1, 30), (2, 10), (3, 20)] {
        let record = first(number);
        ledger.begin(&format!("key {number}"), &record, due(second)).await.unwrap();
        heads.push(record);
    }
    let at = async |second, most| ledger.due(due(second), most).await.unwrap();
    assert_eq!(at(9, 10).await, []);
    assert_eq!(at(10, 10).await, [id(2)]);
    assert_eq!(at(100, 10).await, [id(2), id(3), id(1)], "what has been due for longest comes first");
    assert_eq!(at(100, 2).await, [id(2), id(3)]);

    let later = next(&heads[1], card("2"));
    let next_up = Next { due: Some(due(50)), place: Place::Kept };
    ledger.append(std::slice::from_ref(&later), next_up).await.unwrap();
    assert_eq!(at(49, 10).await, [id(3), id(1)]);
    assert_eq!(at(50, 10).await, [id(3), id(1), id(2)]);

    ledger.postpone(&id(3), heads[2].head(), Some(due(60))).await.unwrap();
    ledger.postpone(&id(2), heads[1].head(), Some(due(99))).await.unwrap();
    assert_eq!(at(60, 10).await, [id(1), id(2), id(3)], "a stale head puts nothing off");
    ledger.postpone(&id(3), heads[2].head(), None).await.unwrap();
    ledger.postpone(&id(9), heads[2].head(), Some(due(1))).await.unwrap();
    ledger.close(&id(1)).await.unwrap();
    assert_eq!(at(100, 10).await, [id(2)]);
    assert_eq!(ledger.open().await.unwrap(), [id(2), id(3)]);
}

/// A conflict changes nothing of what is due, and no place in a line.
pub async fn a_conflict_moves_nothing(ledger: Arc<dyn Ledger>) {
    let one = begun(&*ledger, 1).await;
    let two = begun(&*ledger, 2).await;
    line_up(&*ledger, "dev", &one).await;
    line_up(&*ledger, "dev", &two).await;
    let second = next(&one, card("2"));
    ledger.append(std::slice::from_ref(&second), NEXT).await.unwrap();
    let give_up = Next { due: Some(due(5)), place: Place::GivenUp };
    let late = next(&one, card("late"));
    assert_eq!(ledger.append(&[late], give_up).await.unwrap(), Appended::Conflict);
    assert_eq!(ledger.due(due(100), 10).await.unwrap(), [id(2)]);
    assert_eq!(line_up(&*ledger, "dev", &two).await, Turn::After(vec![id(1)]));
}

async fn line_up(ledger: &dyn Ledger, lock: &str, last: &Record) -> Turn {
    ledger.line_up(&LockKey::new(lock), &last.operation, last.head()).await.unwrap()
}

fn ahead(numbers: &[u64]) -> Turn {
    Turn::After(numbers.iter().map(|number| id(*number)).collect())
}

/// A line is first come, first served; each lock has its own.
pub async fn a_line_keeps_its_order(ledger: Arc<dyn Ledger>) {
    let one = begun(&*ledger, 1).await;
    let two = begun(&*ledger, 2).await;
    let three = begun(&*ledger, 3).await;
    assert_eq!(line_up(&*ledger, "dev", &two).await, ahead(&[]));
    assert_eq!(line_up(&*ledger, "dev", &one).await, ahead(&[2]));
    assert_eq!(line_up(&*ledger, "dev", &three).await, ahead(&[2, 1]));
    assert_eq!(
        line_up(&*ledger, "dev", &one).await,
        ahead(&[2]),
        "whoever stands in it stays where they are"
    );
    ledger.close(&id(2)).await.unwrap();
    assert_eq!(line_up(&*ledger, "dev", &three).await, ahead(&[1]));
    assert_eq!(line_up(&*ledger, "dev", &one).await, ahead(&[]));
    assert_eq!(line_up(&*ledger, "dev", &two).await, Turn::Conflict, "what is closed stands in no line");

    let back = next(&one, card("back"));
    let give_up = Next { due: None, place: Place::GivenUp };
    ledger.append(std::slice::from_ref(&back), give_up).await.unwrap();
    assert_eq!(line_up(&*ledger, "dev", &three).await, ahead(&[]));
    assert_eq!(line_up(&*ledger, "dev", &one).await, Turn::Conflict, "a stale head gets no place");
    assert_eq!(line_up(&*ledger, "dev", &back).await, ahead(&[3]));
}

/// Each lock has a line of its own.
pub async fn locks_do_not_mix(ledger: Arc<dyn Ledger>) {
    let one = begun(&*ledger, 1).await;
    let two = begun(&*ledger, 2).await;
    assert_eq!(line_up(&*ledger, "dev", &one).await, ahead(&[]));
    assert_eq!(line_up(&*ledger, "prod", &two).await, ahead(&[]));
}

/// However many line up at once, each has a place of its own, and one is first.
pub async fn of_racing_operations_one_is_first(ledger: Arc<dyn Ledger>) {
    let mut racers = JoinSet::new();
    for number in 1..=8 {
        let record = begun(&*ledger, number).await;
        let ledger = Arc::clone(&ledger);
        racers.spawn(async move {
            match line_up(&*ledger, "dev", &record).await {
                Turn::After(ahead) => ahead.len(),
                Turn::Conflict => usize::MAX,
            }
        });
    }
    let mut places = racers.join_all().await;
    places.sort_unstable();
    assert_eq!(places, (0..8).collect::<Vec<_>>());
}

/// What has moved waits to be sealed; what a checkpoint sealed does not, until it moves again.
pub async fn what_has_moved_is_unsealed(ledger: Arc<dyn Ledger>) {
    assert_eq!(ledger.last_checkpoint().await.unwrap(), None);
    assert_eq!(ledger.unsealed(10).await.unwrap(), []);
    let one = begun(&*ledger, 1).await;
    let two = begun(&*ledger, 2).await;
    let mut found = unsealed(&*ledger).await;
    assert_eq!(found, [sealed(&one), sealed(&two)]);
    assert_eq!(ledger.unsealed(1).await.unwrap().len(), 1);

    // The second moves on between the look and the seal.
    let after_two = next(&two, card("2"));
    ledger.append(std::slice::from_ref(&after_two), NEXT).await.unwrap();
    let first = Checkpoint::after(None, due(1), std::mem::take(&mut found));
    assert_eq!(ledger.seal(&first).await.unwrap(), Appended::Done);
    assert_eq!(ledger.last_checkpoint().await.unwrap(), Some(first));
    assert_eq!(unsealed(&*ledger).await, [sealed(&after_two)]);

    let after_one = next(&one, card("1"));
    ledger.append(std::slice::from_ref(&after_one), NEXT).await.unwrap();
    ledger.close(&id(1)).await.unwrap();
    assert_eq!(unsealed(&*ledger).await, [sealed(&after_one), sealed(&after_two)]);
}

/// A checkpoint that does not follow the newest one is a conflict, and seals nothing.
pub async fn checkpoints_follow_one_another(ledger: Arc<dyn Ledger>) {
    let one = begun(&*ledger, 1).await;
    let first = Checkpoint::after(None, due(1), Vec::new());
    assert_eq!(ledger.seal(&first).await.unwrap(), Appended::Done);
    let stale = Checkpoint::after(None, due(2), vec![sealed(&one)]);
    assert_eq!(ledger.seal(&stale).await.unwrap(), Appended::Conflict);
    assert_eq!(ledger.seal(&first).await.unwrap(), Appended::Conflict);
    assert_eq!(unsealed(&*ledger).await, [sealed(&one)]);
    assert_eq!(ledger.last_checkpoint().await.unwrap(), Some(first.clone()));
    let second = Checkpoint::after(Some(&first), due(3), vec![sealed(&one)]);
    assert_eq!(ledger.seal(&second).await.unwrap(), Appended::Done);
    assert_eq!(unsealed(&*ledger).await, []);
    assert_eq!(ledger.last_checkpoint().await.unwrap(), Some(second));
}

fn sealed(record: &Record) -> Sealed {
    Sealed::new(record.operation.clone(), record.head())
}

async fn unsealed(ledger: &dyn Ledger) -> Vec<Sealed> {
    let mut found = ledger.unsealed(10).await.unwrap();
    found.sort_by(|a, b| OperationId::cmp(&a.operation, &b.operation));
    found
}
