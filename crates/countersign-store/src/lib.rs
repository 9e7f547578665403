//! Ledgers and inboxes for Countersign: SQLite.
