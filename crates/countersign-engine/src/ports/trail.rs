//! The ledger for whoever checks it from outside: text as it is kept, of which nothing is taken for granted.

use async_trait::async_trait;
use countersign_core::audit::Written;
use countersign_core::ids::OperationId;

use super::Cause;

/// An operation and its records, as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Its id, as it stands there.
    pub id: String,
    /// Its number in the order in which operations began (1, 2, 3 and so on), where the store counts them without gaps.
    pub number: Option<u64>,
    /// Its records, in the order of their places.
    pub records: Vec<Written>,
}

/// Some operations in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The operations.
    pub chains: Vec<Chain>,
    /// Where the next page begins, for [`Trail::chains`]; `None` at the end.
    pub next: Option<String>,
}

/// A checkpoint, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenCheckpoint {
    /// The number under which it is kept.
    pub number: u64,
    /// The checkpoint, as JSON.
    pub text: String,
}

/// Reads what a [`Ledger`](super::Ledger) keeps, also beside a process that writes to it. Nothing is changed.
#[async_trait]
pub trait Trail: Send + Sync {
    /// Operations with their records, oldest first: the first page, or the one that begins at a page's `next`.
    async fn chains(&self, from: Option<&str>) -> Result<Page, TrailError>;

    /// One operation's records in their order; none when it does not exist.
    async fn records(&self, operation: &OperationId) -> Result<Vec<Written>, TrailError>;

    /// Checkpoints in their order: those after the one with this number (0: from the first), as many as come at
    /// once; none at the end.
    async fn checkpoints(&self, after: u64) -> Result<Vec<WrittenCheckpoint>, TrailError>;

    /// Ids under which there are records, but no operation; the first hundred.
    async fn strays(&self) -> Result<Vec<String>, TrailError>;
}

/// The ledger cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the ledger cannot be read")]
pub struct TrailError(#[source] pub Cause);
