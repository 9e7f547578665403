//! What breaks on the way: a chain of causes for the operator.

use countersign_core::operation::FoldError;

use crate::ports::{ChatError, DirectoryError, FreezesError, LedgerError};

/// Something that the answer depends on is broken. The answer is no.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The ledger.
    #[error("an operation could not be read or written")]
    Ledger(#[from] LedgerError),
    /// The ledger's records make no sense.
    #[error("an operation's records do not fit together")]
    Records(#[from] FoldError),
    /// The directory of people.
    #[error("a person could not be looked up")]
    Directory(#[from] DirectoryError),
    /// The freezes by hand.
    #[error("what is frozen could not be looked up")]
    Freezes(#[from] FreezesError),
    /// A vote came while the card could not be drawn: nobody can say yet whether it counts.
    #[error("the card that a vote is about does not stand yet")]
    NotShown,
    /// Deadlines cannot be kept by a clock that is wrong.
    #[error("this machine's clock is {} s {} the chat product's", ahead.abs().as_secs(), if ahead.is_negative() { "behind" } else { "ahead of" })]
    Clock {
        /// How far it is ahead.
        ahead: jiff::SignedDuration,
    },
    /// The chat product.
    #[error("a message could not be posted or read")]
    Chat(#[from] ChatError),
}
