//! One task that writes, and commits in groups.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::error::StoreError;
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
    Work(Box<dyn Job>),
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
        let (answer, answered) = oneshot::channel();
        let job = Pending { work, result: None, answer };
        let message = Message::Work(Box::new(job));
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
        let mut jobs = Vec::with_capacity(waiting.len());
        let mut is_closing = false;
        for message in waiting.drain(..) {
            match message {
                Message::Work(_) if is_closing => {}
                Message::Work(job) => jobs.push(job),
                Message::Close => is_closing = true,
            }
        }
        if !jobs.is_empty() {
            database.write(jobs).await;
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
    /// Writes everything in one transaction. If one job breaks it, each gets a transaction of its own.
    async fn write(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        let mut outcome = self.transaction(&mut jobs).await;
        if matches!(outcome, Err(Broken::Job(_))) && jobs.len() > 1 {
            for mut job in jobs {
                let outcome = self.transaction(std::slice::from_mut(&mut job)).await;
                job.answer(outcome.map_err(Broken::into_inner));
            }
            return;
        }
        for job in jobs {
            job.answer(outcome.as_mut().map(|_| ()).map_err(|broken| broken.share()));
        }
    }

    async fn transaction(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), Broken> {
        let outcome = self.attempt(jobs).await;
        if outcome.is_err() {
            // SQLite may have rolled back by itself; then this says so, and that is fine.
            let _ = sqlx::query("rollback").execute(&mut self.connection).await;
        }
        outcome
    }

    async fn attempt(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), Broken> {
        sqlx::query("begin immediate").execute(&mut self.connection).await.map_err(Broken::all)?;
        for job in jobs {
            job.run(&mut self.connection).await.map_err(Broken::Job)?;
        }
        sqlx::query("commit").execute(&mut self.connection).await.map_err(Broken::all)?;
        Ok(())
    }
}

/// Why a transaction was undone.
enum Broken {
    /// One job could not be written; the others may be able to without it.
    Job(Arc<sqlx::Error>),
    /// It could not begin or commit: this hits all alike.
    All(Arc<sqlx::Error>),
}

impl Broken {
    fn all(error: sqlx::Error) -> Self {
        Self::All(Arc::new(error))
    }

    fn into_inner(self) -> Arc<sqlx::Error> {
        match self {
            Self::Job(error) | Self::All(error) => error,
        }
    }

    fn share(&self) -> Arc<sqlx::Error> {
        match self {
            Self::Job(error) | Self::All(error) => Arc::clone(error),
        }
    }
}

/// Work of any kind, with the one who waits for it.
#[async_trait]
trait Job: Send {
    async fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), Arc<sqlx::Error>>;
    fn answer(self: Box<Self>, committed: Result<(), Arc<sqlx::Error>>);
}

struct Pending<W: Work> {
    work: W,
    result: Option<Result<W::Answer, StoreError>>,
    answer: oneshot::Sender<Result<W::Answer, StoreError>>,
}

#[async_trait]
impl<W: Work> Job for Pending<W> {
    async fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), Arc<sqlx::Error>> {
        match self.work.run(connection).await {
            Err(StoreError::Database(error)) => Err(error),
            result => {
                self.result = Some(result);
                Ok(())
            }
        }
    }

    fn answer(self: Box<Self>, committed: Result<(), Arc<sqlx::Error>>) {
        let result = match committed {
            Ok(()) => self.result.unwrap_or(Err(StoreError::Closed)),
            Err(error) => Err(StoreError::Database(error)),
        };
        // Whoever brought it may have stopped waiting; it is done all the same.
        let _ = self.answer.send(result);
    }
}
