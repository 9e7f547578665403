//! One task that writes, and commits in groups.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use countersign_engine::ports::Stored;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

use super::batch::{Batch, Pending, Piece};
use super::error::StoreError;
use super::inbox::{Finish, Receive};
use super::lock::Lock;

/// How many pieces of work may wait before those who bring more have to.
const QUEUE: usize = 1024;
/// How many pieces of work share one commit at most.
const BATCH: usize = 256;

/// Something to write. All of it is written, or none.
#[async_trait]
pub(super) trait Work: Send + Sync + 'static {
    /// What whoever brought it wants to know.
    type Answer: Send + 'static;

    /// Writes, inside a transaction that others share.
    ///
    /// # Errors
    /// [`StoreError::Database`] undoes the whole transaction; any other error says
    /// that this work is refused, and nothing of it was written.
    async fn run(&self, connection: &mut SqliteConnection) -> Result<Self::Answer, StoreError>;
}

/// The way to the task that writes.
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
    task: Mutex<Option<JoinHandle<()>>>,
}

enum Message {
    Work(Piece),
    Close,
}

impl Writer {
    /// Starts the task. It owns the connection and the lock, and lets go of them in this order.
    pub(super) fn start(connection: SqliteConnection, lock: Lock) -> Self {
        let (queue, messages) = mpsc::channel(QUEUE);
        let task = tokio::spawn(write(Database { connection, _lock: lock }, messages));
        Self { queue, task: Mutex::new(Some(task)) }
    }

    /// Brings work and waits until it is committed.
    pub(super) async fn run<W: Work>(&self, work: W) -> Result<W::Answer, StoreError> {
        self.bring(work, |pending| Piece::Other(Box::new(pending))).await
    }

    /// Stores a delivery and waits until it is committed.
    pub(super) async fn receive(&self, work: Receive) -> Result<Stored, StoreError> {
        self.bring(work, Piece::Receive).await
    }

    /// Marks a delivery as done and waits until that is committed.
    pub(super) async fn finish(&self, work: Finish) -> Result<(), StoreError> {
        self.bring(work, Piece::Finish).await
    }

    async fn bring<W: Work>(
        &self,
        work: W,
        piece: impl FnOnce(Pending<W>) -> Piece,
    ) -> Result<W::Answer, StoreError> {
        let (pending, answered) = Pending::new(work);
        let message = Message::Work(piece(pending));
        self.queue.send(message).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Waits until everything that was queued before is committed and the file is closed.
    pub(super) async fn close(&self) {
        // If the task is gone already, there is nothing left to close.
        let _ = self.queue.send(Message::Close).await;
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("waiting", &(QUEUE - self.queue.capacity())).finish()
    }
}

async fn write(mut database: Database, mut messages: mpsc::Receiver<Message>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while messages.recv_many(&mut waiting, BATCH).await > 0 {
        let mut batch = Batch::default();
        let mut is_closing = false;
        for message in waiting.drain(..) {
            match message {
                Message::Work(_) if is_closing => {}
                Message::Work(piece) => batch.add(piece),
                Message::Close => is_closing = true,
            }
        }
        if batch.len() > 0 {
            database.write(batch).await;
        }
        if is_closing {
            break;
        }
    }
    if let Err(error) = database.connection.close().await {
        tracing::warn!(error = &error as &dyn std::error::Error, "the ledger was not closed tidily");
    }
}

struct Database {
    connection: SqliteConnection,
    _lock: Lock,
}

impl Database {
    /// Writes everything in one transaction. If one piece breaks it, each gets a transaction of its own.
    async fn write(&mut self, mut batch: Batch) {
        let outcome = self.transaction(&mut batch).await;
        if matches!(outcome, Err(Broken::Piece(_))) && batch.len() > 1 {
            for mut piece in batch.pieces() {
                let outcome = self.transaction(&mut piece).await;
                piece.answer(&outcome.map_err(Broken::into_inner));
            }
            return;
        }
        batch.answer(&outcome.map_err(Broken::into_inner));
    }

    async fn transaction(&mut self, batch: &mut Batch) -> Result<(), Broken> {
        let outcome = self.attempt(batch).await;
        if outcome.is_err() {
            // SQLite may have rolled back by itself; then this says so, and that is fine.
            let _ = sqlx::query("rollback").execute(&mut self.connection).await;
        }
        outcome
    }

    async fn attempt(&mut self, batch: &mut Batch) -> Result<(), Broken> {
        sqlx::query("begin immediate").execute(&mut self.connection).await.map_err(Broken::all)?;
        batch.run(&mut self.connection).await.map_err(Broken::Piece)?;
        sqlx::query("commit").execute(&mut self.connection).await.map_err(Broken::all)?;
        Ok(())
    }
}

/// Why a transaction was undone.
enum Broken {
    /// One piece could not be written; the others may be able to without it.
    Piece(Arc<sqlx::Error>),
    /// It could not begin or commit: this hits all alike.
    All(Arc<sqlx::Error>),
}

impl Broken {
    fn all(error: sqlx::Error) -> Self {
        Self::All(Arc::new(error))
    }

    fn into_inner(self) -> Arc<sqlx::Error> {
        match self {
            Self::Piece(error) | Self::All(error) => error,
        }
    }
}
