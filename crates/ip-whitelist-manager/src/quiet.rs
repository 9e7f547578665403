//! The same trouble is told once in a while, and not at every attempt.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use countersign_engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};

use crate::ports::{Cause, Notice, Notices};

/// So long the same trouble of a group is not told again.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Tells others, but of the same trouble only once an hour.
pub struct Quiet {
    others: Arc<dyn Notices>,
    clock: Arc<dyn Clock>,
    /// What was told last of each group, and when.
    told: Mutex<BTreeMap<String, (String, Timestamp)>>,
}

impl Quiet {
    /// Notices that are passed on to `others`.
    pub fn new(others: Arc<dyn Notices>, clock: Arc<dyn Clock>) -> Self {
        Self { others, clock, told: Mutex::default() }
    }

    fn is_known(&self, notice: &Notice) -> bool {
        let Notice::Behind { group, why } = notice else { return false };
        let (now, mut told) = (self.clock.now(), self.told.lock().unwrap_or_else(PoisonError::into_inner));
        let is_known = |(last, when): &(String, Timestamp)| last == why && now.duration_since(*when) < AGAIN;
        if told.get(group).is_some_and(is_known) {
            return true;
        }
        told.insert(group.clone(), (why.clone(), now));
        false
    }
}

#[async_trait]
impl Notices for Quiet {
    async fn tell(&self, notice: &Notice) -> Result<(), Cause> {
        if self.is_known(notice) { Ok(()) } else { self.others.tell(notice).await }
    }
}

#[cfg(test)]
mod tests {
    use countersign_engine::memory::FakeClock;

    use super::*;

    #[derive(Default)]
    struct Heard(Mutex<Vec<Notice>>);

    #[async_trait]
    impl Notices for Heard {
        async fn tell(&self, notice: &Notice) -> Result<(), Cause> {
            self.0.lock().unwrap().push(notice.clone());
            Ok(())
        }
    }

    #[tokio::test]
    async fn the_same_trouble_is_told_once_an_hour() {
        let (heard, clock) = (Arc::new(Heard::default()), Arc::new(FakeClock::at(Timestamp::UNIX_EPOCH)));
        let quiet = Quiet::new(Arc::clone(&heard) as _, Arc::clone(&clock) as _);
        let behind = |group: &str, why: &str| Notice::Behind { group: group.to_owned(), why: why.to_owned() };
        let number = || heard.0.lock().unwrap().len();
        for notice in [behind("web", "full"), behind("web", "full"), behind("db", "full")] {
            quiet.tell(&notice).await.unwrap();
        }
        assert_eq!(number(), 2);
        quiet.tell(&behind("web", "denied")).await.unwrap();
        assert_eq!(number(), 3, "another trouble is news");
        clock.advance(AGAIN);
        quiet.tell(&behind("web", "denied")).await.unwrap();
        assert_eq!(number(), 4);
    }
}
