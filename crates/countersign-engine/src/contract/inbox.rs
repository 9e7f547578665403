//! What every inbox promises.
#![expect(clippy::unwrap_used, reason = "a promise that is not kept is a failed test")]

use std::sync::Arc;

use jiff::Timestamp;
use tokio::task::JoinSet;

use crate::ports::{Delivery, Inbox, Keep, Retry, Stored};

fn delivery(key: &str, second: i64) -> Delivery {
    Delivery {
        key: key.to_owned(),
        kind: "events_api".to_owned(),
        payload: format!(r#"{{"key":"{key}"}}"#),
        received_at: Timestamp::from_second(second).unwrap(),
        retry: None,
    }
}

fn keep(second: i64, set_aside: usize) -> Keep {
    Keep { since: Timestamp::from_second(second).unwrap(), set_aside }
}

/// The second delivery with a key is dropped.
pub async fn a_delivery_is_new_once(inbox: Arc<dyn Inbox>) {
    assert_eq!(inbox.store(&delivery("a", 1)).await.unwrap(), Stored::New);
    assert_eq!(inbox.store(&delivery("a", 2)).await.unwrap(), Stored::Seen);
    assert_eq!(inbox.store(&delivery("b", 3)).await.unwrap(), Stored::New);
}

/// What needs no work is known from then on, waits for nobody, and is forgotten like the rest.
pub async fn what_passes_is_known_and_waits_for_nobody(inbox: Arc<dyn Inbox>) {
    assert_eq!(inbox.pass(&delivery("a", 1)).await.unwrap(), Stored::New);
    assert_eq!(inbox.pass(&delivery("a", 2)).await.unwrap(), Stored::Seen);
    assert_eq!(inbox.store(&delivery("a", 3)).await.unwrap(), Stored::Seen);
    inbox.store(&delivery("b", 4)).await.unwrap();
    assert_eq!(inbox.pass(&delivery("b", 5)).await.unwrap(), Stored::Seen);
    assert_eq!(inbox.waiting().await.unwrap(), [delivery("b", 4)]);
    assert_eq!(inbox.aside().await.unwrap(), []);
    inbox.prune(keep(100, 0)).await.unwrap();
    assert_eq!(inbox.pass(&delivery("a", 200)).await.unwrap(), Stored::New);
}

/// A copy that comes later changes nothing about the first.
pub async fn the_first_copy_is_the_one_that_stays(inbox: Arc<dyn Inbox>) {
    let first = delivery("a", 1);
    let other = Delivery { payload: "{}".to_owned(), ..delivery("a", 2) };
    inbox.store(&first).await.unwrap();
    inbox.store(&other).await.unwrap();
    assert_eq!(inbox.waiting().await.unwrap(), [first]);
}

/// Deliveries wait in the order in which they were stored.
pub async fn what_waits_comes_in_order(inbox: Arc<dyn Inbox>) {
    assert_eq!(inbox.waiting().await.unwrap(), []);
    let all = [delivery("c", 1), delivery("a", 2), delivery("b", 2), delivery("aa", 3)];
    for one in &all {
        inbox.store(one).await.unwrap();
    }
    assert_eq!(inbox.waiting().await.unwrap(), all);
}

/// Done is done: the delivery is gone from the queue, and its key is known.
pub async fn what_is_done_waits_no_more_and_stays_known(inbox: Arc<dyn Inbox>) {
    for key in ["a", "b"] {
        inbox.store(&delivery(key, 1)).await.unwrap();
    }
    inbox.done("a").await.unwrap();
    inbox.done("a").await.unwrap();
    inbox.done("never stored").await.unwrap();
    assert_eq!(inbox.waiting().await.unwrap(), [delivery("b", 1)]);
    assert_eq!(inbox.store(&delivery("a", 9)).await.unwrap(), Stored::Seen);
    assert_eq!(inbox.waiting().await.unwrap(), [delivery("b", 1)]);
}

/// However many copies come at once, one is new.
pub async fn of_racing_copies_exactly_one_is_new(inbox: Arc<dyn Inbox>) {
    let mut racers = JoinSet::new();
    for racer in 0..16 {
        let inbox = Arc::clone(&inbox);
        racers.spawn(async move { inbox.store(&delivery("a", racer)).await.unwrap() });
    }
    let stored = racers.join_all().await;
    assert_eq!(stored.iter().filter(|stored| **stored == Stored::New).count(), 1);
    assert_eq!(inbox.waiting().await.unwrap().len(), 1);
}

/// Whatever characters a payload has, it comes back with them, and the time to its last digit.
pub async fn text_comes_back_as_it_went_in(inbox: Arc<dyn Inbox>) {
    let odd = Delivery {
        key: "a'b\"c\u{0}d; drop table inbox -- ü🙂".to_owned(),
        kind: String::new(),
        payload: "line\r\n\t\u{0}\u{feff}{\"text\": \"’“\"}".to_owned(),
        received_at: Timestamp::new(1_800_000_000, 123_456_789).unwrap(),
        retry: Some(Retry { number: 3, reason: "http'; --\u{0}ü".to_owned() }),
    };
    inbox.store(&odd).await.unwrap();
    assert_eq!(inbox.waiting().await.unwrap(), std::slice::from_ref(&odd));
    inbox.done(&odd.key).await.unwrap();
    assert_eq!(inbox.waiting().await.unwrap(), []);
}

/// Set aside is as good as done, but the delivery is kept as it came.
pub async fn what_is_set_aside_waits_no_more_and_is_kept(inbox: Arc<dyn Inbox>) {
    for key in ["a", "b", "c"] {
        inbox.store(&delivery(key, 1)).await.unwrap();
    }
    inbox.set_aside("c").await.unwrap();
    inbox.set_aside("a").await.unwrap();
    inbox.set_aside("a").await.unwrap();
    inbox.set_aside("never stored").await.unwrap();
    assert_eq!(inbox.waiting().await.unwrap(), [delivery("b", 1)]);
    let mut aside = inbox.aside().await.unwrap();
    aside.sort_by(|one, other| one.key.cmp(&other.key));
    assert_eq!(aside, [delivery("a", 1), delivery("c", 1)]);
    assert_eq!(inbox.store(&delivery("a", 9)).await.unwrap(), Stored::Seen);
    inbox.done("b").await.unwrap();
    inbox.set_aside("b").await.unwrap();
    assert_eq!(inbox.aside().await.unwrap().len(), 2, "what is done has no payload to keep");
}

/// A key is forgotten once it is old and done, and not a second earlier.
pub async fn pruning_forgets_what_is_old_and_done(inbox: Arc<dyn Inbox>) {
    for (key, second) in [("old", 99), ("waiting", 99), ("kept", 100)] {
        inbox.store(&delivery(key, second)).await.unwrap();
    }
    inbox.done("old").await.unwrap();
    inbox.done("kept").await.unwrap();
    inbox.prune(keep(100, 10)).await.unwrap();
    assert_eq!(inbox.waiting().await.unwrap(), [delivery("waiting", 99)]);
    for (key, stored) in [("old", Stored::New), ("waiting", Stored::Seen), ("kept", Stored::Seen)] {
        assert_eq!(inbox.store(&delivery(key, 200)).await.unwrap(), stored, "{key}");
    }
}

/// However many there are.
pub async fn pruning_forgets_many(inbox: Arc<dyn Inbox>) {
    let mut stored = JoinSet::new();
    for number in 0..2500 {
        let inbox = Arc::clone(&inbox);
        stored.spawn(async move {
            let key = number.to_string();
            inbox.store(&delivery(&key, 1)).await.unwrap();
            inbox.done(&key).await.unwrap();
        });
    }
    stored.join_all().await;
    inbox.prune(keep(2, 10)).await.unwrap();
    for number in [0, 999, 1000, 1001, 2499] {
        let again = delivery(&number.to_string(), 3);
        assert_eq!(inbox.store(&again).await.unwrap(), Stored::New, "{number}");
    }
}

/// Of what was set aside the newest is kept, up to an age; the keys live as long as any other.
pub async fn pruning_keeps_the_newest_of_what_was_set_aside(inbox: Arc<dyn Inbox>) {
    for (key, second) in [("a", 99), ("b", 100), ("c", 101), ("d", 102)] {
        inbox.store(&delivery(key, second)).await.unwrap();
        inbox.set_aside(key).await.unwrap();
    }
    inbox.prune(keep(100, 2)).await.unwrap();
    assert_eq!(inbox.aside().await.unwrap(), [delivery("c", 101), delivery("d", 102)]);
    for (key, stored) in [("a", Stored::New), ("b", Stored::Seen), ("d", Stored::Seen)] {
        assert_eq!(inbox.store(&delivery(key, 200)).await.unwrap(), stored, "{key}");
    }
}
