//! Ledgers and inboxes for Countersign: SQLite, and DynamoDB behind the feature `dynamodb`.
//!
//! A store implements [`Ledger`](countersign_engine::ports::Ledger) and
//! [`Inbox`](countersign_engine::ports::Inbox), and runs every test of
//! [`countersign_engine::contract`].

#[cfg(feature = "dynamodb")]
pub mod dynamodb;
pub mod sqlite;

pub use sqlite::{OpenError, SqliteStore};
