//! Freezes by hand: one item for each thing that is frozen.

use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_core::policy::{Freeze, Frozen};
use jiff::{SignedDuration, Timestamp};

use super::DynamoStore;
use super::change::Change;
use super::error::StoreError;
use super::item::{Search, number, text};
use super::order::millis;
use super::table::{EXPIRES, FREEZES, Key};

/// An answer is good for so long at most; whoever keeps watch asks anew more often than that.
const MOMENT: SignedDuration = SignedDuration::from_secs(10);

/// What is remembered.
#[derive(Default)]
pub(super) struct Answer(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    /// Grows with every write of this process: an answer that was asked for before one is of no use.
    writes: u64,
    /// The last answer, and when it was asked for.
    answer: Option<(Timestamp, Vec<Freeze>)>,
}

impl Answer {
    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn at(&self, now: Timestamp) -> Option<Vec<Freeze>> {
        let remembered = self.lock();
        let (asked, freezes) = remembered.answer.as_ref()?;
        let good = (*asked..=*asked + MOMENT).contains(&now);
        good.then(|| freezes.clone())
    }

    fn writes(&self) -> u64 {
        self.lock().writes
    }

    /// Remembers an answer, unless this process wrote after so many writes.
    fn remember(&self, writes: u64, answer: (Timestamp, Vec<Freeze>)) {
        let mut remembered = self.lock();
        if remembered.writes == writes {
            remembered.answer = Some(answer);
        }
    }

    fn forget(&self) {
        let mut remembered = self.lock();
        remembered.writes += 1;
        remembered.answer = None;
    }
}

/// The freezes that are not over, in the order of what they freeze, as they were a moment ago at most.
pub(super) async fn standing(store: &DynamoStore, now: Timestamp) -> Result<Vec<Freeze>, StoreError> {
    let mut freezes = match store.freezes.at(now) {
        Some(freezes) => freezes,
        None => ask(store, now).await?,
    };
    freezes.retain(|freeze| millis(freeze.until) > now.as_millisecond());
    Ok(freezes)
}

/// The freezes that are not over, asked for now.
pub(super) async fn ask(store: &DynamoStore, now: Timestamp) -> Result<Vec<Freeze>, StoreError> {
    let writes = store.freezes.writes();
    let mut freezes = Vec::new();
    for item in store.table.query(Search::partition(FREEZES)).await? {
        if number::<i64>(&item, "until")? > now.as_millisecond() {
            let freeze: Freeze =
                serde_json::from_str(text(&item, "body")?).map_err(StoreError::unreadable)?;
            freezes.push(freeze);
        }
    }
    freezes.sort_by(|a, b| a.what.cmp(&b.what));
    store.freezes.remember(writes, (now, freezes.clone()));
    Ok(freezes)
}

/// Puts a freeze in force.
pub(super) async fn begin(store: &DynamoStore, freeze: &Freeze) -> Result<(), StoreError> {
    let body = serde_json::to_string(freeze).map_err(StoreError::Unwritable)?;
    let until = millis(freeze.until);
    write(store, Change::of(key(&freeze.what)?).set("until", until).set("body", body), freeze.until).await
}

/// Ends a freeze.
pub(super) async fn end(store: &DynamoStore, what: &Frozen) -> Result<(), StoreError> {
    let over = Change::of(key(what)?).set("until", 0_i64).remove(["body"]);
    write(store, over, Timestamp::UNIX_EPOCH).await
}

/// Whatever was remembered is not so any more, also when the answer to the write is lost.
async fn write(store: &DynamoStore, change: Change, until: Timestamp) -> Result<(), StoreError> {
    store.freezes.forget();
    let written = store.table.change(change.set(EXPIRES, until.as_second())).await;
    store.freezes.forget();
    written.map(drop)
}

fn key(what: &Frozen) -> Result<Key, StoreError> {
    Key::freeze(&serde_json::to_string(what).map_err(StoreError::Unwritable)?)
}
