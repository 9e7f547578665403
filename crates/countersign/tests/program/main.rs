//! The `countersign` program from outside: killed at every step, asked for what cannot be done, and fed with rubbish.
//!
//! Nothing here calls the program's own code: it is started as a person starts it, its words are read from its output,
//! and people act through the Slack API.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test does not find fails it; clippy's own exception does not reach a test's helpers"
)]

#[cfg(feature = "aws")]
#[path = "../../../ip-whitelist-manager/tests/support/account.rs"]
mod account;
mod audit;
mod backup;
mod bad_input;
mod check;
mod kill;
mod program;
#[cfg(feature = "dynamodb")]
mod replicas;
mod secret;
mod serve;
mod terminal;
#[cfg(feature = "aws")]
mod whitelist;
mod wire;
mod workspace;
