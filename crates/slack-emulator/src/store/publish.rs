//! Tells pages and the delivery of events what was saved.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use tokio::sync::{broadcast, mpsc};

use crate::workspace::Change;
use crate::workspace::tx::Batch;

/// How many changes a slow reader may be behind before it must read everything anew.
const FEED: usize = 1024;

/// Where changes and events go once they are saved.
pub(crate) struct Publisher {
    feed: broadcast::Sender<Change>,
    seq: AtomicU64,
    events: mpsc::UnboundedSender<(u64, Value)>,
}

impl Publisher {
    /// A publisher that hands events to `events`.
    pub(crate) fn new(events: mpsc::UnboundedSender<(u64, Value)>) -> Self {
        Self { feed: broadcast::channel(FEED).0, seq: AtomicU64::new(0), events }
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.feed.subscribe()
    }

    /// Publishes a saved batch. Events go first: the app should hear of it as soon as the page.
    pub(crate) fn publish(&self, batch: Batch) {
        for event in batch.events {
            let _ = self.events.send(event);
        }
        for what in batch.changes {
            let seq = self.seq.fetch_add(1, Ordering::Relaxed) + 1;
            let _ = self.feed.send(Change { seq, what });
        }
    }
}
