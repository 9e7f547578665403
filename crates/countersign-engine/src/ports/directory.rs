//! Who people are.

use async_trait::async_trait;
use countersign_core::ids::PersonId;
use countersign_core::policy::Person;

use super::Cause;

/// How old an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// A few minutes: good enough to answer and to count.
    Recent,
    /// Asked now: needed at the moment of decision.
    Now,
}

/// The chat product's directory of people.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The person behind an id. Somebody whom the directory does not know comes
    /// back as [`Standing::Unknown`](countersign_core::policy::Standing::Unknown).
    async fn person(&self, id: &PersonId, freshness: Freshness) -> Result<Person, DirectoryError>;
}

/// The directory did not answer. The answer to whoever asked is no.
#[derive(Debug, thiserror::Error)]
#[error("the directory of people failed")]
pub struct DirectoryError(#[source] pub Cause);
