//! The emulator from outside: its Web API, its sockets, its files.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test, as the test itself would"
)]

mod admin;
mod conformance;
mod faults;
mod http;
mod interactions;
mod limits;
mod malformed;
mod program;
mod receiver;
mod restart;
mod socket_mode;
mod support;
mod visibility;
mod web_api;
