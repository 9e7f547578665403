//! How a configured command does its work behind the plan and apply contract: SQL, and freezes.

pub mod freeze;
pub mod service;
#[cfg(feature = "sql")]
pub mod sql;
