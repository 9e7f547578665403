//! Notices that nobody waits for: what is slow to hear them holds up no sweep and no security group.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use countersign_engine::causes;
use tokio::sync::mpsc;

use crate::ports::{Cause, Notice, Notices};

/// So many wait at most; whoever writes bad rows by the thousand is not told of each.
const MOST: usize = 100;

/// Takes notices, and tells them as fast as `others` hear them.
pub struct Queued {
    others: Arc<dyn Notices>,
    sender: mpsc::Sender<Notice>,
    waiting: Mutex<Option<mpsc::Receiver<Notice>>>,
}

impl Queued {
    /// Nothing is told before [`Queued::tell_all`].
    pub fn new(others: Arc<dyn Notices>) -> Self {
        let (sender, receiver) = mpsc::channel(MOST);
        Self { others, sender, waiting: Mutex::new(Some(receiver)) }
    }

    /// Tells what waits, one after the other, until it is dropped. Only the first call does.
    pub async fn tell_all(&self) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut waiting) = waiting else { return };
        while let Some(notice) = waiting.recv().await {
            if let Err(error) = self.others.tell(&notice).await {
                let error = causes::line(&*error);
                tracing::warn!(%error, ?notice, "a notice of the whitelist was not told");
            }
        }
    }
}

#[async_trait]
impl Notices for Queued {
    async fn tell(&self, notice: &Notice) -> Result<(), Cause> {
        self.sender.try_send(notice.clone()).map_err(|_| "too many notices wait already".into())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Hears nothing until it is let.
    struct Slow(tokio::sync::Semaphore, Mutex<usize>);

    #[async_trait]
    impl Notices for Slow {
        async fn tell(&self, _notice: &Notice) -> Result<(), Cause> {
            self.0.acquire().await?.forget();
            *self.1.lock().unwrap() += 1;
            Ok(())
        }
    }

    fn behind(number: usize) -> Notice {
        Notice::Behind { group: number.to_string(), why: "full".to_owned() }
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_who_hears_slowly_and_not_all_of_a_flood_is_kept() {
        let slow = Arc::new(Slow(tokio::sync::Semaphore::new(0), Mutex::new(0)));
        let queued = Queued::new(Arc::clone(&slow) as _);
        for number in 0..MOST {
            queued.tell(&behind(number)).await.unwrap();
        }
        assert!(queued.tell(&behind(MOST)).await.is_err());
        slow.0.add_permits(MOST);
        // It goes on for ever; on a paused clock the time is over once nothing is left to do.
        let _ = tokio::time::timeout(Duration::from_secs(1), queued.tell_all()).await;
        assert_eq!(*slow.1.lock().unwrap(), MOST);
    }
}
