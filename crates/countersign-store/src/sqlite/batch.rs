//! Work that shares a transaction. What came in, and what is done, is written with few statements for many
//! of them: each statement costs two changes of threads, however little it does.

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::SqliteConnection;
use tokio::sync::oneshot;

use super::error::StoreError;
use super::inbox::{self, Finish, Receive};
use super::writer::Work;

/// Work of all kinds.
#[derive(Default)]
pub(super) struct Batch {
    receives: Vec<Pending<Receive>>,
    finishes: Vec<Pending<Finish>>,
    others: Vec<Box<dyn Job>>,
}

/// A piece of work, on its way to the batch.
pub(super) enum Piece {
    Receive(Pending<Receive>),
    Finish(Pending<Finish>),
    Other(Box<dyn Job>),
}

impl Batch {
    pub(super) fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Receive(pending) => self.receives.push(pending),
            Piece::Finish(pending) => self.finishes.push(pending),
            Piece::Other(job) => self.others.push(job),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.receives.len() + self.finishes.len() + self.others.len()
    }

    /// Writes everything, inside a transaction.
    pub(super) async fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), Arc<sqlx::Error>> {
        let stored = inbox::receive(connection, self.receives.iter().map(|pending| &pending.work)).await?;
        for (pending, stored) in self.receives.iter_mut().zip(stored) {
            pending.result = Some(Ok(stored));
        }
        inbox::finish(connection, self.finishes.iter().map(|pending| &pending.work)).await?;
        for pending in &mut self.finishes {
            pending.result = Some(Ok(()));
        }
        for job in &mut self.others {
            job.run(connection).await?;
        }
        Ok(())
    }

    /// Tells everybody what became of the transaction.
    pub(super) fn answer(self, committed: &Result<(), Arc<sqlx::Error>>) {
        self.apart().for_each(|job| job.answer(committed.clone()));
    }

    /// The pieces, each as a batch of its own.
    pub(super) fn pieces(self) -> impl Iterator<Item = Self> {
        self.apart().map(|job| Self { others: vec![job], ..Self::default() })
    }

    fn apart(self) -> impl Iterator<Item = Box<dyn Job>> {
        let receives = self.receives.into_iter().map(|pending| Box::new(pending) as Box<dyn Job>);
        let finishes = self.finishes.into_iter().map(|pending| Box::new(pending) as Box<dyn Job>);
        receives.chain(finishes).chain(self.others)
    }
}

/// Work of any kind, with the one who waits for it.
#[async_trait]
pub(super) trait Job: Send {
    async fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), Arc<sqlx::Error>>;
    fn answer(self: Box<Self>, committed: Result<(), Arc<sqlx::Error>>);
}

/// Work of one kind, with the one who waits for it.
pub(super) struct Pending<W: Work> {
    work: W,
    result: Option<Result<W::Answer, StoreError>>,
    answer: oneshot::Sender<Result<W::Answer, StoreError>>,
}

impl<W: Work> Pending<W> {
    /// The work, and where its answer comes.
    pub(super) fn new(work: W) -> (Self, oneshot::Receiver<Result<W::Answer, StoreError>>) {
        let (answer, answered) = oneshot::channel();
        (Self { work, result: None, answer }, answered)
    }
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
