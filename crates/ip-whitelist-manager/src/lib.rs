//! `/whitelist`: who may reach which environment from which network, until when; and the security groups that follow.
//!
//! The table is the truth. Whatever happens to a network in it (a command, a row written by hand, an expiry, a
//! record of the stream that comes late, twice or out of order) leads to the same thing: read all rows of that
//! network, compare what should be let through with the rules of ours that exist, authorise what is missing, and
//! revoke what is surplus by its id. A rule that is not ours is never touched.
//!
//! ```text
//! command ─┐                         ┌─> authorise what is missing
//! row ─────┼─> table ─> entry ─> desired ─> difference
//! expiry ──┘            (or fault)   └─> revoke what is surplus, by id
//! ```

#[cfg(feature = "aws")]
pub mod aws;
pub mod commands;
pub mod contract;
pub mod domain;
mod keeper;
#[cfg(feature = "lambda")]
pub mod lambda;
pub mod ports;
pub mod queued;
pub mod quiet;
pub mod sandbox;
pub mod stream;
mod sync;
pub mod telling;
#[cfg(feature = "lambda")]
pub mod webhook;

pub use sync::{GroupPlan, GroupSynced, Swept, SyncError, Synced, Trouble, Whitelist};
