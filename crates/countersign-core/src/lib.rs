//! The pure core of Countersign: it decides, and changes nothing.
//!
//! No I/O, no clock, no randomness, no async. Time comes in as a
//! [`jiff::Timestamp`], ids come in as values. The modules stand in the order
//! in which a message meets them:
//!
//! ```text
//! envelope ─> router ─> policy ─> plan ─> approval ─> operation ─> audit ─> reply
//! ```
//!
//! [`command`] is the one declaration from which routing, help and policy
//! derive, and [`ids`] names things.

pub mod canonical;
pub mod envelope;
pub mod ids;
pub mod secret;

pub mod command;
pub mod router;

pub mod policy;

pub mod plan;

pub mod approval;

pub mod operation;

pub mod audit;

pub mod reply;
