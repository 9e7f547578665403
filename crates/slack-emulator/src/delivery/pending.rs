//! Counts what is on its way to the app, so that a test can wait until nothing is.

use std::sync::Arc;

use tokio::sync::watch;

/// The number of events and requests that are undelivered or unacknowledged.
#[derive(Clone)]
pub(crate) struct Pending(Arc<watch::Sender<usize>>);

impl Pending {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::channel(0).0))
    }

    pub(crate) fn add(&self, count: usize) {
        self.0.send_if_modified(|now| {
            *now += count;
            count > 0
        });
    }

    pub(crate) fn done(&self) {
        self.0.send_modify(|now| *now = now.saturating_sub(1));
    }

    /// Resolves when nothing is on its way.
    pub(crate) async fn settled(&self) {
        let _ = self.0.subscribe().wait_for(|now| *now == 0).await;
    }
}
