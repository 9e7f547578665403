//! What all connections share.

use std::sync::Arc;

use countersign_engine::ports::{BoxFuture, Clock, Delivery, Ids};
use serde_json::Value;
use tokio::sync::watch;

use super::{Health, Sink};
use crate::inbound::natural_key;

/// Where payloads are handed in, and where it is written down how things are.
pub(super) struct Desk {
    pub(super) sink: Arc<dyn Sink>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) health: watch::Sender<Health>,
}

impl Desk {
    /// Stores a payload; resolves to the envelope's id if it may be acknowledged.
    pub(super) fn store(
        self: &Arc<Self>,
        id: String,
        kind: String,
        payload: &Value,
    ) -> BoxFuture<'static, Option<String>> {
        let key = natural_key(&kind, payload);
        let delivery = Delivery { key, kind, payload: payload.to_string(), received_at: self.clock.now() };
        let desk = Arc::clone(self);
        Box::pin(async move {
            match desk.sink.accept(delivery).await {
                Ok(()) => Some(id),
                Err(error) => {
                    tracing::error!(
                        "socket mode: a payload could not be stored and is not acknowledged: {error}"
                    );
                    desk.failed(format!("a payload could not be stored: {error}"));
                    None
                }
            }
        })
    }

    pub(super) fn connected(&self) {
        self.health.send_modify(|health| {
            health.connected += 1;
            health.last_error = None;
        });
    }

    pub(super) fn disconnected(&self) {
        self.health.send_modify(|health| health.connected = health.connected.saturating_sub(1));
    }

    pub(super) fn odd_frame(&self, what: &str) {
        tracing::warn!("socket mode: a frame that is none of ours ({what})");
        self.health.send_modify(|health| health.odd_frames = health.odd_frames.saturating_add(1));
    }

    pub(super) fn failed(&self, error: String) {
        self.health.send_modify(|health| health.last_error = Some(error));
    }
}
