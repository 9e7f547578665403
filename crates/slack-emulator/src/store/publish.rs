//! Tells pages and the delivery of events what was saved.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::broadcast;

use crate::delivery::{Delivery, Outgoing, Pending};
use crate::workspace::Change;
use crate::workspace::tx::Batch;

/// How many changes a slow reader may be behind before it must read everything anew.
const FEED: usize = 1024;

/// Where changes and events go once they are saved.
pub(crate) struct Publisher {
    feed: broadcast::Sender<Change>,
    seq: AtomicU64,
    delivery: Arc<dyn Delivery>,
    pending: Pending,
}

impl Publisher {
    /// A publisher that hands events to `delivery` and counts them in `pending` from the moment they exist.
    pub(crate) fn new(delivery: Arc<dyn Delivery>, pending: Pending) -> Self {
        Self { feed: broadcast::channel(FEED).0, seq: AtomicU64::new(0), delivery, pending }
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.feed.subscribe()
    }

    /// Counts a batch's events, before it is saved.
    pub(crate) fn announce(&self, batch: &Batch) {
        self.pending.add(batch.events.len());
    }

    /// Publishes a saved batch. Events go first: the app should hear of it as soon as the page.
    pub(crate) fn publish(&self, batch: Batch) {
        for (seq, payload) in batch.events {
            self.delivery.deliver(Outgoing::Event { seq, payload });
        }
        for what in batch.changes {
            let seq = self.seq.fetch_add(1, Ordering::Relaxed) + 1;
            let _ = self.feed.send(Change { seq, what });
        }
    }
}
