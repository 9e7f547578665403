//! How a configured command does its work: SQL behind the plan and apply contract.

pub mod sql;
