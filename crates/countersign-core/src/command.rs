//! A command is one declaration; parser, help and policy derive from it.
//!
//! [`spec`] is what the author declares. [`pattern`] reads the sentence of the
//! declaration, [`kind`] knows the types of its arguments and [`args`] holds
//! their values. [`catalog`] compiles all commands together, and
//! [`crate::router`] finds the one that a sentence means.

pub mod args;
pub mod catalog;
pub mod escalation;
mod expand;
#[cfg(test)]
pub(crate) mod fixture;
pub mod kind;
pub mod lock;
pub mod pattern;
pub mod regex;
pub(crate) mod shape;
pub mod spec;
pub(crate) mod usage;
mod value;
