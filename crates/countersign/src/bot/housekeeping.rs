//! What the inbox need not remember is forgotten.

use std::sync::Arc;

use countersign_engine::ports::{Clock, Inbox, Keep};
use jiff::SignedDuration;
use tokio::task::JoinHandle;

/// Slack delivers again for up to a day, and what it delivers is up to two hours old:
/// for so long a redelivery must be known as one.
const REMEMBER: SignedDuration = SignedDuration::from_hours(27);
/// So many payloads of unknown kinds are kept for a person to look at.
const SET_ASIDE: usize = 1000;
/// How often it is done.
const EVERY: SignedDuration = SignedDuration::from_mins(10);

/// Prunes `inbox` from now on.
pub(super) fn start(inbox: Arc<dyn Inbox>, clock: Arc<dyn Clock>) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let now = clock.now();
            let keep = Keep { since: now - REMEMBER, set_aside: SET_ASIDE };
            if let Err(error) = inbox.prune(keep).await {
                let cause = countersign_engine::causes::line(&error);
                tracing::warn!(cause, "the inbox could not be pruned; it is tried again");
            }
            clock.sleep_until(now + EVERY).await;
        }
    })
}

#[cfg(test)]
mod tests {
    use countersign_engine::memory::{FakeClock, MemoryInbox};
    use countersign_engine::ports::{Delivery, Stored};
    use jiff::Timestamp;

    use super::*;

    fn delivery(at: Timestamp) -> Delivery {
        let (key, kind) = ("a".to_owned(), "events_api".to_owned());
        Delivery { key, kind, payload: "{}".to_owned(), received_at: at, retry: None }
    }

    /// Lets the housekeeper run until it sleeps: on this runtime nothing else runs.
    async fn turn() {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_key_is_known_for_26_hours_and_forgotten_within_28() {
        let clock = Arc::new(FakeClock::at("2026-11-20T09:00:00Z".parse().unwrap()));
        let inbox = Arc::new(MemoryInbox::default());
        inbox.store(&delivery(clock.now())).await.unwrap();
        inbox.done("a").await.unwrap();
        let housekeeper = start(inbox.clone(), clock.clone());
        for _ in 0..26 * 6 {
            clock.advance(EVERY);
            turn().await;
        }
        assert_eq!(inbox.store(&delivery(clock.now())).await.unwrap(), Stored::Seen);
        for _ in 0..2 * 6 {
            clock.advance(EVERY);
            turn().await;
        }
        assert_eq!(inbox.store(&delivery(clock.now())).await.unwrap(), Stored::New);
        housekeeper.abort();
    }
}
