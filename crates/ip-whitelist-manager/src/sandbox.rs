//! An account that exists in memory alone: the table, its stream and the security groups, as AWS would have them.
//!
//! `countersign dev` works on it, and tests do.

mod demo;
mod firewall;
mod table;

pub use demo::{demo, foreign};
pub use firewall::SandboxFirewall;
pub use table::SandboxTable;

#[cfg(test)]
mod contract_tests;
