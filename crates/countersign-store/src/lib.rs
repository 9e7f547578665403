//! Ledgers and inboxes for Countersign: SQLite.
//!
//! A store implements [`Ledger`](countersign_engine::ports::Ledger) and
//! [`Inbox`](countersign_engine::ports::Inbox), and runs every test of
//! [`countersign_engine::contract`].

pub mod sqlite;

pub use sqlite::{OpenError, SqliteStore};
