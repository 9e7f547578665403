//! The inbox: the engine's own one in memory, reached through the gate.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_engine::memory::MemoryInbox;
use countersign_engine::ports::{Delivery, Inbox, InboxError, Keep, Stored};

use crate::gate::{OnPurpose, Port};

/// An inbox that fails, is slow, and loses answers.
#[derive(Debug)]
pub struct Tray {
    pub(super) port: Port,
    pub(super) inbox: Arc<MemoryInbox>,
}

#[async_trait]
impl Inbox for Tray {
    async fn store(&self, delivery: &Delivery) -> Result<Stored, InboxError> {
        let effect = async {
            let stored = self.inbox.store(delivery).await?;
            self.port.happens(|| format!("stored {}: {stored:?}", delivery.key));
            Ok(stored)
        };
        self.port.call(effect, broken).await
    }

    async fn pass(&self, delivery: &Delivery) -> Result<Stored, InboxError> {
        self.port.call(self.inbox.pass(delivery), broken).await
    }

    async fn waiting(&self) -> Result<Vec<Delivery>, InboxError> {
        self.port.call(self.inbox.waiting(), broken).await
    }

    async fn done(&self, key: &str) -> Result<(), InboxError> {
        let effect = async {
            self.inbox.done(key).await?;
            let mut world = self.port.shared.lock();
            let tick = crate::gate::happens(&mut world, self.port.life, || format!("is done with {key}"));
            if let Some(act) = world.history.acts.iter_mut().find(|act| act.key == key) {
                act.done.get_or_insert(tick);
            }
            Ok(())
        };
        self.port.call(effect, broken).await
    }

    async fn set_aside(&self, key: &str) -> Result<(), InboxError> {
        self.port.call(self.inbox.set_aside(key), broken).await
    }

    async fn aside(&self) -> Result<Vec<Delivery>, InboxError> {
        self.port.call(self.inbox.aside(), broken).await
    }

    async fn prune(&self, keep: Keep) -> Result<(), InboxError> {
        self.port.call(self.inbox.prune(keep), broken).await
    }
}

fn broken() -> InboxError {
    InboxError(Box::new(OnPurpose))
}
