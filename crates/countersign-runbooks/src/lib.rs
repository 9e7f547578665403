//! How a configured command does its work behind the plan and apply contract: SQL, freezes, and runbooks elsewhere.

#[cfg(test)]
mod fixture;
pub mod freeze;
pub mod remote;
pub mod service;
#[cfg(feature = "sql")]
pub mod sql;
