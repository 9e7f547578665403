//! What has come in on one connection and is not stored yet.

use std::collections::VecDeque;
use std::sync::Arc;

use countersign_engine::ports::BoxFuture;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::socket_mode::desk::{Desk, Store};
use crate::socket_mode::frame::Arrival;

/// Payloads that are being stored at once.
const MOST_IN_FLIGHT: usize = 64;
/// Payloads that wait for that. Reading goes on while there is room for them, since between
/// the payloads there are pings that Slack wants answered.
const MOST_WAITING: usize = 256;
/// Bytes that wait.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Payloads on their way to the store, oldest first, and never more of them than it can hold.
pub(super) struct Backlog {
    desk: Arc<Desk>,
    storing: FuturesUnordered<BoxFuture<'static, Option<String>>>,
    waiting: VecDeque<Store>,
    bytes: usize,
}

impl Backlog {
    pub(super) fn new(desk: Arc<Desk>) -> Self {
        Self { desk, storing: FuturesUnordered::new(), waiting: VecDeque::new(), bytes: 0 }
    }

    /// May more be read?
    pub(super) fn has_room(&self) -> bool {
        self.waiting.len() < MOST_WAITING && self.bytes < MOST_BYTES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.storing.is_empty()
    }

    /// Stores it, now or when it is its turn.
    pub(super) fn push(&mut self, arrival: &Arrival) {
        let store = self.desk.take(arrival);
        self.bytes += store.size();
        self.waiting.push_back(store);
        self.fill();
    }

    /// The next that is stored, with its acknowledgement, or that could not be.
    pub(super) async fn next(&mut self) -> Option<Option<String>> {
        let stored = self.storing.next().await;
        self.fill();
        stored
    }

    /// Lets what is being stored end by itself: a delivery that is stored and not passed on would wait
    /// for the next start. What still waits comes again, since nothing acknowledged it.
    pub(super) fn leave_behind(&mut self) {
        self.waiting.clear();
        let mut storing = std::mem::take(&mut self.storing);
        tokio::spawn(async move { while storing.next().await.is_some() {} });
    }

    fn fill(&mut self) {
        while self.storing.len() < MOST_IN_FLIGHT {
            let Some(store) = self.waiting.pop_front() else { return };
            self.bytes = self.bytes.saturating_sub(store.size());
            self.storing.push(store.run(Arc::clone(&self.desk)));
        }
    }
}
