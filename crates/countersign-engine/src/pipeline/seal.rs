//! Sealing: again and again, a checkpoint over the chains that have moved, and witnesses who remember it.
//!
//! Any number of processes may seal at once: a checkpoint follows the newest one or is not kept. Whoever comes
//! second looks again at the next time.

mod channel;

use std::sync::Arc;

use countersign_core::audit::Checkpoint;
use jiff::SignedDuration;
use tokio::task::JoinHandle;

use super::{Engine, Failure};
use crate::causes;
use crate::ports::{Appended, Witness};
pub use channel::ChannelWitness;

/// How often it is looked for what has moved.
const EVERY: SignedDuration = SignedDuration::from_mins(1);
/// So many checkpoints are made at one time at most.
const MOST_AT_ONCE: usize = 1_000;

/// Sealing, until it is stopped.
pub struct Sealing {
    engine: Arc<Engine>,
    witnesses: Vec<Arc<dyn Witness>>,
    task: JoinHandle<()>,
}

impl Engine {
    /// Seals what has moved, from now on, and tells the witnesses.
    pub fn keep_sealing(self: &Arc<Self>, witnesses: Vec<Arc<dyn Witness>>) -> Sealing {
        let (engine, told) = (Arc::clone(self), witnesses.clone());
        let task = tokio::spawn(async move {
            loop {
                engine.clock().sleep_until(engine.now() + EVERY).await;
                engine.seal_and_tell(&told).await;
            }
        });
        Sealing { engine: Arc::clone(self), witnesses, task }
    }

    /// Seals all chains that have moved since a checkpoint sealed them; gives the checkpoints that it made.
    ///
    /// # Errors
    /// The ledger's failure.
    pub async fn seal(&self) -> Result<Vec<Checkpoint>, Failure> {
        let ledger = &self.ports.ledger;
        let mut made: Vec<Checkpoint> = Vec::new();
        for _ in 0..MOST_AT_ONCE {
            // Read before the heads: no head can then be older than one that the newest checkpoint has sealed.
            let (at, last) = (self.now(), ledger.last_checkpoint().await?);
            let heads = ledger.unsealed(Checkpoint::MOST_HEADS).await?;
            if heads.is_empty() {
                break;
            }
            let all = heads.len() < Checkpoint::MOST_HEADS;
            let checkpoint = Checkpoint::after(last.as_ref(), at, heads);
            if ledger.seal(&checkpoint).await? == Appended::Conflict {
                // Somebody else is at it.
                break;
            }
            made.push(checkpoint);
            if all {
                break;
            }
        }
        Ok(made)
    }

    async fn seal_and_tell(&self, witnesses: &[Arc<dyn Witness>]) {
        let made = match self.seal().await {
            Ok(made) => made,
            Err(failure) => {
                self.log("the trail could not be sealed; it will be tried again", &failure);
                return;
            }
        };
        for witness in witnesses {
            if let Err(cause) = witness.note(&made).await {
                let cause = causes::line(&*cause);
                tracing::warn!(
                    cause,
                    "a checkpoint could not be witnessed; it is tried again with the next one"
                );
            }
        }
    }
}

impl Sealing {
    /// Seals once more what has moved, and lets the witnesses end.
    pub async fn stop(self) {
        self.task.abort();
        self.engine.seal_and_tell(&self.witnesses).await;
        for witness in self.witnesses {
            if let Err(cause) = witness.end().await {
                tracing::warn!(cause = causes::line(&*cause), "the last checkpoint could not be witnessed");
            }
        }
    }
}
