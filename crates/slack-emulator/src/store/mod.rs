//! Where a workspace is kept: in memory alone, or in an SQLite file.
//!
//! The state lives in memory; each change is a [`Batch`] of rows that is saved in one transaction before the
//! change is answered, shown or delivered. Batches are saved and published in the order in which they happened, and
//! those that wait together share one transaction.

mod load;
mod lock;
mod publish;
mod sqlite;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub(crate) use publish::Publisher;
pub(crate) use sqlite::{Opened, open};
pub use sqlite::{StoreError, forget};

use crate::workspace::Refused;
use crate::workspace::tx::Batch;

/// Where to keep the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreLocation {
    /// Nowhere: a restart begins with the seed.
    Memory,
    /// In an SQLite file, made if it is missing; its folder must exist.
    File(PathBuf),
}

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
    writer: Option<mpsc::UnboundedSender<Note>>,
}

/// What the writer is told.
pub(crate) enum Note {
    /// Save this.
    Save(Entry),
    /// Save what came before, and close the file.
    Stop,
}

/// A batch on its way to the file.
pub(crate) struct Entry {
    batch: Batch,
    saved: oneshot::Sender<()>,
}

/// The promise that a batch is saved.
pub(crate) struct Saved(Option<oneshot::Receiver<()>>);

impl Journal {
    /// A journal that saves nothing.
    pub(crate) fn in_memory(publisher: Arc<Publisher>) -> Self {
        Self { publisher, writer: None }
    }

    /// A journal that saves into an opened file; the task ends after [`Journal::stop`], when all is saved.
    pub(crate) fn in_file(publisher: Arc<Publisher>, file: sqlite::Writer) -> (Self, JoinHandle<()>) {
        let (writer, notes) = mpsc::unbounded_channel();
        let task = tokio::spawn(file.run(notes, Arc::clone(&publisher)));
        (Self { publisher, writer: Some(writer) }, task)
    }

    /// Closes the file once all that came before is saved.
    pub(crate) fn stop(&self) {
        if let Some(writer) = &self.writer {
            let _ = writer.send(Note::Stop);
        }
    }

    pub(crate) fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    /// Takes a batch. Call it while holding the state, so that the order here is the order of the changes.
    pub(crate) fn append(&self, batch: Batch) -> Saved {
        self.publisher.announce(&batch);
        match &self.writer {
            None => {
                self.publisher.publish(batch);
                Saved(None)
            }
            Some(writer) => {
                let (saved, wait) = oneshot::channel();
                let _ = writer.send(Note::Save(Entry { batch, saved }));
                Saved(Some(wait))
            }
        }
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
