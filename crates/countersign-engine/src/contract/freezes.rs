//! What every store of freezes promises.
#![expect(clippy::unwrap_used, reason = "a promise that is not kept is a failed test")]

use std::sync::Arc;

use countersign_core::ids::{LockKey, PersonId};
use countersign_core::policy::{Freeze, Frozen};
use jiff::{SignedDuration, Timestamp};

use crate::ports::Freezes;

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_800_000_000 + second)
}

fn freeze(what: Frozen, until: Timestamp) -> Freeze {
    let by = Some(PersonId::new("T1", "ana"));
    Freeze { what, until, reason: "a release – \"ü\"".to_owned(), by, others: Some(1) }
}

fn dev() -> Frozen {
    Frozen::Lock(LockKey::new("env dev"))
}

/// What was begun stands until its end.
pub async fn a_freeze_stands_until_its_end(freezes: Arc<dyn Freezes>) {
    assert_eq!(freezes.standing(at(0)).await.unwrap(), []);
    let (all, one) = (freeze(Frozen::Everything, at(10)), freeze(dev(), at(20)));
    freezes.begin(&one).await.unwrap();
    freezes.begin(&all).await.unwrap();
    assert_eq!(freezes.standing(at(0)).await.unwrap(), [all.clone(), one.clone()]);
    assert_eq!(freezes.standing(at(10)).await.unwrap(), [one]);
    assert_eq!(freezes.standing(at(20)).await.unwrap(), []);
}

/// A second freeze of one thing stands instead of the first.
pub async fn one_thing_has_one_freeze(freezes: Arc<dyn Freezes>) {
    freezes.begin(&freeze(dev(), at(20))).await.unwrap();
    let shorter = freeze(dev(), at(5));
    freezes.begin(&shorter).await.unwrap();
    freezes.begin(&shorter).await.unwrap();
    assert_eq!(freezes.standing(at(0)).await.unwrap(), [shorter]);
    assert_eq!(freezes.standing(at(6)).await.unwrap(), []);
}

/// What was ended stands no more; the others do.
pub async fn a_freeze_can_be_ended(freezes: Arc<dyn Freezes>) {
    let all = freeze(Frozen::Everything, at(10));
    freezes.begin(&all).await.unwrap();
    freezes.begin(&freeze(dev(), at(10))).await.unwrap();
    freezes.end(&dev()).await.unwrap();
    freezes.end(&dev()).await.unwrap();
    assert_eq!(freezes.standing(at(0)).await.unwrap(), [all]);
}
