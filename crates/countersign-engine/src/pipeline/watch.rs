//! What is due comes from the ledger: a deadline or a reminder survives the process that would have kept it.
//!
//! A process keeps timers for what it has in hand. Beside them it asks the ledger again and again for what is
//! due, and so takes over what another process left behind.

use std::sync::Arc;

use countersign_core::ids::OperationId;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;

use super::{Engine, Failure};

/// How often the ledger is asked.
const EVERY: SignedDuration = SignedDuration::from_secs(5);
/// So many operations are taken up at once; the rest at the next look.
const MOST: usize = 100;

impl Engine {
    /// Takes up whatever is due, from now on, until the task that is returned is aborted.
    pub fn keep_watch(self: &Arc<Self>) -> JoinHandle<()> {
        let engine = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                engine.clock().sleep_until(engine.now() + EVERY).await;
                // A decision that finds no answer asks for itself.
                if let Err(failure) = engine.ports.freezes.refresh(engine.now()).await {
                    engine.log("what is frozen is not known; it will be asked again", &failure);
                }
                if let Err(failure) = engine.take_up_what_is_due().await {
                    engine.log("the ledger does not say what is due; it will be asked again", &failure);
                }
            }
        })
    }

    /// Takes up whatever the ledger says is due now.
    ///
    /// # Errors
    /// The ledger's failure.
    pub async fn take_up_what_is_due(self: &Arc<Self>) -> Result<(), Failure> {
        for operation in self.ports.ledger.due(self.now(), MOST).await? {
            if self.tasks.is_due(&operation) {
                self.advance(&operation);
            }
        }
        Ok(())
    }

    /// The operation was due, was looked at, and rests until `when` (UTC): the ledger is told, so that nobody
    /// looks again before.
    pub(super) async fn put_off(&self, id: &OperationId, when: Option<Timestamp>) {
        if !self.tasks.was_due(id) {
            return;
        }
        let put_off = async {
            if let Some(operation) = self.load(id).await? {
                self.ports.ledger.postpone(id, operation.head, when).await?;
            }
            Ok::<_, Failure>(())
        };
        if let Err(failure) = put_off.await {
            self.log("an operation could not be put off; it will be looked at again", &failure);
        }
    }
}
