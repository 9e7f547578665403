//! Where a workspace is kept: in memory alone, or in an SQLite file.
//!
//! The state lives in memory; each change is a [`Batch`] of rows that is saved in one transaction before the
//! change is answered, shown or delivered. Batches are saved and published in the order in which they happened.

mod publish;

use std::sync::Arc;

use tokio::sync::oneshot;

pub(crate) use publish::Publisher;

use crate::workspace::Refused;
use crate::workspace::tx::Batch;

/// One record to save, or to forget when it has no body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) body: Option<String>,
}

/// Takes batches in order.
pub(crate) struct Journal {
    publisher: Arc<Publisher>,
}

/// The promise that a batch is saved.
pub(crate) struct Saved(Option<oneshot::Receiver<()>>);

impl Journal {
    /// A journal that saves nothing.
    pub(crate) fn in_memory(publisher: Arc<Publisher>) -> Self {
        Self { publisher }
    }

    pub(crate) fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    /// Takes a batch. Call it while holding the state, so that the order here is the order of the changes.
    pub(crate) fn append(&self, batch: Batch) -> Saved {
        self.publisher.publish(batch);
        Saved(None)
    }
}

impl Saved {
    /// Resolves when the batch is saved and published.
    pub(crate) async fn wait(self) -> Result<(), Refused> {
        match self.0 {
            None => Ok(()),
            Some(done) => done.await.map_err(|_| Refused::NotSaved),
        }
    }
}
