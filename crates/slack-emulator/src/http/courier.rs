//! An event on its way: sent until the app takes it, or until all attempts have failed.

use axum::http::HeaderMap;
use serde_json::Value;

use super::client::{Failure, Taken};
use super::request::{Content, Retry};
use super::{Inner, lock};
use crate::delivery::{LoopbackUrl, RETRY_AFTER};

impl Inner {
    /// Delivers one event.
    pub(super) async fn carry(&self, seq: u64, payload: Value) {
        let content = Content::json(&payload);
        let mut retry = None;
        for number in 1.. {
            let begun = self.clock.now();
            let Some(failure) = self.attempt(&content, retry).await else { break };
            tracing::warn!(seq, reason = failure.reason(), "the app did not take an event");
            let wait = RETRY_AFTER.get(number - 1).filter(|_| !failure.forbids_retry());
            let Some(wait) = wait else { break };
            self.clock.sleep_until(begun.saturating_add(*wait).unwrap_or(begun)).await;
            retry = Some(Retry { number, reason: failure.reason() });
        }
        if lock(&self.events).remove(&seq).is_some() {
            self.finish(seq);
        }
    }

    /// One attempt; why it failed, if it did.
    async fn attempt(&self, content: &Content, retry: Option<Retry>) -> Option<Failure> {
        let Some(urls) = lock(&self.urls).clone() else { return Some(Failure::Unknown) };
        let twice = lock(&self.faults).take_twice();
        if twice {
            // The second copy is as good as the first: whichever is taken, the event is.
            let (first, second) = tokio::join!(
                self.exchange(&urls.url, content, retry),
                self.exchange(&urls.url, content, retry)
            );
            return first.or(second).err();
        }
        self.exchange(&urls.url, content, retry).await.err()
    }

    /// One signed request and its answer; the faults that are due spoil it.
    pub(super) async fn exchange(
        &self,
        url: &LoopbackUrl,
        content: &Content,
        retry: Option<Retry>,
    ) -> Result<Taken, Failure> {
        let Ok(_place) = self.under_way.acquire().await else { return Err(Failure::Unknown) };
        let spoil = lock(&self.faults).take_spoil();
        let headers = self.headers(content, retry, spoil);
        let answer = self.client.send(url, (headers, content), &*self.clock).await;
        if spoil.loses_answer() { Err(Failure::Timeout) } else { answer }
    }

    fn headers(&self, content: &Content, retry: Option<Retry>, spoil: super::faults::Spoil) -> HeaderMap {
        let now = spoil.timestamp(self.clock.now().as_second());
        let mut headers = content.signed(&self.signing_secret, now);
        spoil.headers(&mut headers);
        if let Some(retry) = retry {
            retry.headers(&mut headers);
        }
        headers
    }
}
