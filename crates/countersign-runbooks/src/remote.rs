//! The plan and apply contract over a wire: a runbook that lives in another process, in any language.
//!
//! [`wire`] says what travels, [`RemoteRunbook`] asks and [`answer`] answers; a [`Transport`] carries the bytes.
//! `docs/runbook-protocol` tells the protocol for those who write a runbook in another language.

mod client;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "aws")]
mod lambda;
mod report;
mod server;
#[cfg(feature = "http")]
mod signature;
mod transport;
pub mod wire;

pub use client::{RemoteRunbook, Settings};
#[cfg(feature = "http")]
pub use http::{Http, HttpError};
#[cfg(feature = "aws")]
pub use lambda::{Function, Lambda};
pub use server::{Services, answer};
#[cfg(feature = "http")]
pub use signature::SharedSecret;
pub use transport::{Transport, TransportError};

#[cfg(test)]
mod tests;
