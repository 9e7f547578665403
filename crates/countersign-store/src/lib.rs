//! Ledgers and inboxes for Countersign: SQLite, and behind features DynamoDB (`dynamodb`) and Slack itself (`slack`).
//!
//! A store implements [`Ledger`](countersign_engine::ports::Ledger) and
//! [`Inbox`](countersign_engine::ports::Inbox), and runs every test of
//! [`countersign_engine::contract`].

#[cfg(feature = "dynamodb")]
pub mod dynamodb;
#[cfg(feature = "slack")]
pub mod slack;
pub mod sqlite;

#[cfg(feature = "slack")]
pub use slack::{LedgerKey, SlackStore};
pub use sqlite::{OpenError, SqliteStore};
